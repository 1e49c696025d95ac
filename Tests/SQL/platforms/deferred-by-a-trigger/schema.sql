\ir ../ordinary/schema.sql
-- A constraint that is checked at once, but where a trigger puts it off to the end of the transaction.
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE audit (video_id uuid, user_id uuid CONSTRAINT audit_of REFERENCES users DEFERRABLE);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS
    audit_of DEFERRED;
  INSERT INTO audit VALUES (NEW.id, NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER log AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION log();
-- The same of a row that is then kept as it is.
CREATE TRIGGER log_and_keep BEFORE UPDATE ON videos FOR EACH ROW WHEN (OLD.title = 'keep') EXECUTE FUNCTION log();
