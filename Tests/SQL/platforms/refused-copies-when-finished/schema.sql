\ir ../ordinary/schema.sql
CREATE TABLE finished_videos (LIKE videos);
CREATE FUNCTION keep_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'completed' AND OLD.thumbnail_url IS DISTINCT FROM NEW.thumbnail_url THEN
    INSERT INTO finished_videos SELECT OLD.*;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_finished BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep_finished();
