\ir ../ordinary/schema.sql
-- Two of the platform's own, whose comments name the function; and the original's two.
CREATE FUNCTION count_views() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Thumbnails are made elsewhere: POST /functions/v1/auto-generate-thumbnail
  /* see /functions/v1/auto-generate-thumbnail
     and its README */
  NEW.title := upper(NEW.title);
  RETURN NEW;
END $$;
CREATE TRIGGER count_views BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION count_views();
CREATE FUNCTION auto_generate_thumbnail_on_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM net.http_post(url := 'http://platform.example' || '/functions/v1/auto-generate-thumbnail', body := '{}'::jsonb); -- the original's
  RETURN NEW;
END $$;
CREATE TRIGGER trigger_auto_generate_thumbnail AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION auto_generate_thumbnail_on_complete();
CREATE TRIGGER trigger_auto_generate_thumbnail_insert AFTER INSERT ON videos FOR EACH ROW EXECUTE FUNCTION auto_generate_thumbnail_on_complete();
