\ir ../ordinary/schema.sql
-- Nothing is there yet; the history is kept of a change of the status alone, by whole statements.
CREATE TABLE videos_history (LIKE videos);
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO videos_history SELECT * FROM gone; RETURN NULL; END $$;
CREATE TRIGGER keep_history AFTER UPDATE ON videos REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION keep_history();
CREATE FUNCTION keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO videos_history VALUES (OLD.*); RETURN NULL; END $$;
CREATE TRIGGER keep_changes AFTER UPDATE OF status, title ON videos FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION keep_changes();
ALTER TABLE videos DISABLE TRIGGER keep_history;
