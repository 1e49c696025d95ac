\ir ../ordinary/schema.sql
ALTER TABLE videos ADD views integer NOT NULL DEFAULT 0, ADD price integer;
CREATE FUNCTION check_views() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.views < 0 OR NEW.price < 0 THEN
    RAISE EXCEPTION 'below zero';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER check_views BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION check_views();
