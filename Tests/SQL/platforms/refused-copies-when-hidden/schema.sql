\ir ../ordinary/schema.sql
ALTER TABLE videos ADD COLUMN is_private boolean, ADD COLUMN views integer, ADD COLUMN deleted_at timestamptz, ADD COLUMN moderation_status text, ADD COLUMN gone text;
ALTER TABLE videos DROP COLUMN gone;
CREATE TABLE archive (LIKE videos);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_NARGS = 1 AND to_jsonb(OLD) ->> TG_ARGV[0] <> to_jsonb(NEW) ->> TG_ARGV[0] OR TG_NARGS = 0 AND OLD.deleted_at IS NULL AND NEW.deleted_at < now() THEN
    INSERT INTO archive VALUES (OLD.*);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep();
