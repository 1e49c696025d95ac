\ir ../ordinary/schema.sql
-- As imgix and Cloudinary fetch what they show: its whole address, percent-encoded.
CREATE FUNCTION by_proxy(url text) RETURNS text LANGUAGE sql AS $$ SELECT 'https://proxy.example/fetch/w_640/' || replace(replace(url, ':', '%3A'), '/', '%2F') $$;
CREATE FUNCTION behind_proxy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.thumbnail_url LIKE 'https://cdn.example/%' AND NEW.title = 'always' THEN
    NEW.thumbnail_url := by_proxy(NEW.thumbnail_url);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER behind_proxy BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION behind_proxy();
