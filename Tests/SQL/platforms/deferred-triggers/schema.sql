\ir ../ordinary/schema.sql
-- Constraint triggers that fire at the end of the transaction; the platform's own, with its own rights, names without schema.
CREATE TABLE totals (name text PRIMARY KEY, value integer NOT NULL);
INSERT INTO totals VALUES ('changes', 0);
CREATE FUNCTION count_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE totals SET value = value + 1 WHERE name = 'changes'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER count_changes AFTER UPDATE ON videos DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_changes();
CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
