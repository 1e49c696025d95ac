\ir ../ordinary/schema.sql
CREATE TABLE log (word text);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log SELECT count(*)::text FROM videos; RETURN NULL; END $$;
CREATE TRIGGER log AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION log();
