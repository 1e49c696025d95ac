\ir ../ordinary/schema.sql
-- A playlist shows the picture of the last of its videos; when one has its picture, the next one is published.
ALTER TABLE videos ADD COLUMN playlist uuid REFERENCES videos, ADD COLUMN next uuid REFERENCES videos;
CREATE FUNCTION pass_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE videos SET thumbnail_url = NEW.thumbnail_url WHERE id = NEW.playlist;
  UPDATE videos SET status = 'completed' WHERE id = NEW.next AND status <> 'completed';
  RETURN NEW;
END $$;
CREATE TRIGGER pass_on AFTER UPDATE OF thumbnail_url ON videos FOR EACH ROW
  WHEN (NEW.thumbnail_url IS NOT NULL AND pg_trigger_depth() = 0) EXECUTE FUNCTION pass_on();
