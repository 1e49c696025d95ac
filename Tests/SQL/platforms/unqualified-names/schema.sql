\ir ../ordinary/schema.sql
-- Functions, types, operators and tables named without their schema, in BEFORE and AFTER triggers; a temporary table beside them.
CREATE TABLE profiles (id uuid PRIMARY KEY, changes integer NOT NULL DEFAULT 0);
CREATE DOMAIN label AS text;
CREATE FUNCTION trimmed(value text) RETURNS label LANGUAGE sql AS 'SELECT btrim(value)::label';
CREATE FUNCTION trim_title() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE title label; BEGIN title := trimmed(NEW.title); NEW.title := title; RETURN NEW; END $$;
CREATE FUNCTION count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO profiles VALUES (NEW.user_id, 1) ON CONFLICT (id) DO UPDATE SET changes = profiles.changes + 1; RETURN NEW; END $$;
CREATE TRIGGER trim_title BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION trim_title();
CREATE TRIGGER count_changes AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION count_changes();
