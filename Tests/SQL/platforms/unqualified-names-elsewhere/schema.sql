\ir ../ordinary/schema.sql
-- The platform's other tables are in a schema of their own, found by the owner's search_path.
CREATE SCHEMA app;
CREATE TABLE app.counters (name text PRIMARY KEY, value integer NOT NULL);
INSERT INTO app.counters VALUES ('changes', 0);
CREATE FUNCTION app.count_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE counters SET value = value + 1 WHERE name = 'changes'; RETURN NEW; END $$;
CREATE TRIGGER count_changes AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION app.count_changes();
SELECT format('ALTER ROLE platform IN DATABASE %I SET search_path = app, public', current_database()) \gexec
