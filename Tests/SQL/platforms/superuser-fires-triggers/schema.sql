\ir ../ordinary/schema.sql
-- What fires while a superuser migrates might do more than the platform may.
ALTER TABLE videos ADD COLUMN thumbnail_generation_status text;
INSERT INTO videos (status, video_url, thumbnail_generation_status) VALUES ('completed', 'http://x/old.mp4', 'nonsense');
CREATE SEQUENCE fired;
CREATE SEQUENCE fired_as_superuser;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('fired'), 2 * 2;
  IF (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN
    PERFORM nextval('fired_as_superuser');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fire BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION fire();
