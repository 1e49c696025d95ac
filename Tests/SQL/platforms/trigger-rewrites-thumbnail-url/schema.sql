\ir ../ordinary/schema.sql
CREATE FUNCTION by_our_cdn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.thumbnail_url := regexp_replace(NEW.thumbnail_url, '^https://cdn.example/(.*)$', 'https://img.platform.example/fit-in/\1?v=2');
  RETURN NEW;
END $$;
CREATE TRIGGER by_our_cdn BEFORE INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION by_our_cdn();
