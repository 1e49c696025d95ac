\ir ../ordinary/schema.sql
CREATE FUNCTION decide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.title = 'finish' THEN NEW.status := 'completed';
  ELSIF NEW.title = 'give' THEN NEW.thumbnail_url := 'http://user.example/p.jpg';
  ELSIF NEW.title = 'clear' AND TG_OP = 'INSERT' THEN NEW.thumbnail_generation_status := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zzzz_decide BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION decide();
ALTER TABLE videos ENABLE ALWAYS TRIGGER zzzz_decide;
