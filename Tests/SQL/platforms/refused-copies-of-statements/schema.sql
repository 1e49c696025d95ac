\ir ../ordinary/schema.sql
CREATE TABLE videos_history (LIKE videos);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO videos_history TABLE changed; RETURN NULL; END $$;
CREATE TRIGGER keep AFTER UPDATE ON videos REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep();
