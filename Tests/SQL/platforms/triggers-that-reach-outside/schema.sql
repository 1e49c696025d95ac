\ir ../ordinary/schema.sql
-- Stands for a call over HTTP that deletes a file in the store, which no ROLLBACK takes back: nor does one take back a sequence.
CREATE SEQUENCE deleted_files;
CREATE SEQUENCE mails;
CREATE FUNCTION reach_outside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- An asterisk: 2 * 3.
  IF TG_OP = 'INSERT' THEN
    PERFORM nextval('mails');
  ELSIF TG_OP = 'DELETE' AND (OLD.video_url IS NOT NULL OR OLD.thumbnail_url IS NOT NULL) THEN
    PERFORM nextval('deleted_files');
  ELSIF OLD.video_url <> NEW.video_url OR OLD.thumbnail_url <> NEW.thumbnail_url THEN
    PERFORM nextval('deleted_files');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reach_outside AFTER INSERT OR UPDATE OR DELETE ON videos FOR EACH ROW EXECUTE FUNCTION reach_outside();
INSERT INTO videos (status, video_url, thumbnail_url) VALUES ('completed', 'http://x/old.mp4', 'http://elsewhere/old.jpg');
ALTER TABLE videos ADD CONSTRAINT own_pictures CHECK (thumbnail_url NOT LIKE 'https://trial%' OR title IS NULL);
