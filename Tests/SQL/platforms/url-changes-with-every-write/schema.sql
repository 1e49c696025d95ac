\ir ../ordinary/schema.sql
CREATE SEQUENCE versions;
CREATE FUNCTION number_url() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.video_url := split_part(NEW.video_url, '?', 1) || '?v=' || nextval('versions');
  RETURN NEW;
END $$;
CREATE TRIGGER number_url BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION number_url();
