\ir ../ordinary/schema.sql
-- Each version of a video is a row of its own.
ALTER TABLE videos ADD COLUMN version_of uuid;
CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version_of IS NULL THEN
    INSERT INTO videos (user_id, title, status, video_url, thumbnail_url, version_of)
    VALUES (OLD.user_id, OLD.title, OLD.status, OLD.video_url, OLD.thumbnail_url, OLD.id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_version AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep_version();
