-- As Django has it: no column is ever NULL.
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'pending',
  video_url text NOT NULL DEFAULT '',
  thumbnail_url text NOT NULL DEFAULT ''
);
CREATE TABLE told (video_id uuid);
-- Tells once, when the video is finished.
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'completed' OR OLD IS NOT NULL AND OLD.status = 'completed' THEN
    RETURN NULL;
  END IF;
  INSERT INTO told VALUES (NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION tell();
CREATE FUNCTION is_there(which uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  found_one public.videos%ROWTYPE;
BEGIN
  SELECT * INTO found_one FROM videos WHERE id = which;
  RETURN found_one IS NOT NULL;
END
$$;
CREATE FUNCTION told_of() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM told t LEFT JOIN videos AS v ON v.id = t.video_id WHERE v IS NOT NULL $$;
-- As good as before.
CREATE FUNCTION has_url(which uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v videos;
BEGIN
  SELECT * INTO v FROM videos WHERE id = which;
  RETURN v.video_url IS NOT NULL; -- v IS NOT NULL
END
$$;
CREATE FUNCTION any_url() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM videos WHERE video_url IS NOT NULL $$;
