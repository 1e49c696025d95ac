\ir ../ordinary/schema.sql
CREATE FUNCTION has_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ASSERT NEW.user_id IS NOT NULL, 'a video needs a user';
  RETURN NEW;
END $$;
CREATE TRIGGER has_user BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION has_user();
