\ir ../ordinary/schema.sql
-- What a user may change. It looks when all is done.
CREATE FUNCTION of_users() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free text[] := ARRAY['title', 'status', 'video_url', 'updated_at'];
BEGIN
  IF current_setting('app.member', true) <> '' AND (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
    RAISE EXCEPTION 'users may only change %', free;
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER of_users AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION of_users();
CREATE FUNCTION finished_ones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'completed' AND to_jsonb(NEW) - ARRAY['title', 'status'] <> to_jsonb(OLD) - ARRAY['title', 'status'] THEN
    RAISE 'finished videos do not change';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER finished_ones BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION finished_ones();
-- These refuse nothing of ours.
CREATE TABLE log (id uuid, old jsonb, new jsonb);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_WHEN <> 'AFTER' THEN RAISE EXCEPTION 'only after'; END IF;
  IF to_jsonb(NEW) - 'updated_at' <> to_jsonb(OLD) - 'updated_at' THEN
    INSERT INTO log VALUES (NEW.id, to_jsonb(OLD), to_jsonb(NEW));
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER log AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION log();
CREATE FUNCTION same_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.user_id <> OLD.user_id THEN RAISE EXCEPTION 'it stays its user''s'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER same_user BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION same_user();
