\ir ../ordinary/schema.sql
-- These give a row of the table as it was: eight columns too few.
CREATE FUNCTION newest(n integer) RETURNS SETOF videos LANGUAGE sql AS $$
  SELECT id, user_id, title, status, video_url, thumbnail_url, created_at, updated_at FROM videos ORDER BY created_at DESC LIMIT n
$$;
CREATE FUNCTION of_user(who uuid) RETURNS SETOF public.videos LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT v.id, v.user_id, v.title, v.status, v.video_url, v.thumbnail_url, v.created_at, v.updated_at FROM videos v WHERE v.user_id = who;
END
$$;
CREATE FUNCTION finished() RETURNS SETOF videos BEGIN ATOMIC SELECT * FROM videos WHERE status = 'completed'; END;
CREATE FUNCTION rename(which uuid) RETURNS videos LANGUAGE sql AS $$
  UPDATE videos SET title = 'x' WHERE id = which RETURNING id, user_id, title, status, video_url, thumbnail_url, created_at, updated_at
$$;
CREATE FUNCTION blank() RETURNS text LANGUAGE sql AS $$
  SELECT (ROW(gen_random_uuid(), NULL, 'x', 'pending', NULL, NULL, now(), now())::videos).title
$$;
CREATE FUNCTION written() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v videos := '(00000000-0000-4000-8000-000000000001,,x,pending,,,2030-01-01,2030-01-01)'::public.videos;
BEGIN
  RETURN v.title;
END
$$;
CREATE FUNCTION imported() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COPY videos FROM PROGRAM 'true'; END $$;
-- As good as before.
CREATE FUNCTION by_title(wanted text) RETURNS SETOF videos LANGUAGE sql AS $$ SELECT * FROM videos WHERE title = wanted $$;
CREATE FUNCTION found(words text) RETURNS SETOF videos LANGUAGE sql AS $$
  WITH input AS (SELECT lower(btrim(coalesce(words, ''))) AS q)
  SELECT v.* FROM videos v, input i
   WHERE lower(v.title) LIKE '%' || i.q || '%' OR EXISTS (SELECT 1 FROM unnest(string_to_array(coalesce(v.title, ''), ' ')) AS w WHERE lower(w) = lower(btrim(coalesce(i.q, ''))))
   ORDER BY CASE WHEN lower(v.title) = i.q THEN 0 ELSE 1 END, v.created_at
$$;
CREATE FUNCTION of_same_user(which uuid) RETURNS SETOF videos LANGUAGE plpgsql AS $$
DECLARE
  who uuid;
  since timestamptz;
BEGIN
  SELECT user_id, created_at INTO who, since FROM videos WHERE id = which;
  RETURN QUERY SELECT * FROM videos WHERE user_id = who AND created_at >= since ORDER BY title, created_at;
END
$$;
CREATE FUNCTION of_id(which uuid) RETURNS videos LANGUAGE plpgsql AS $$
DECLARE
  v videos;
BEGIN
  SELECT * INTO v FROM videos WHERE id = which; -- SELECT id, title FROM videos
  RETURN v;
END
$$;
CREATE FUNCTION longer(v videos) RETURNS text LANGUAGE sql AS $$ SELECT concat(v.title, v.status) $$;
CREATE FUNCTION from_json(j jsonb) RETURNS videos LANGUAGE sql AS $$ SELECT jsonb_populate_record(NULL::videos, j) $$;
CREATE FUNCTION imported_by_name() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COPY videos (id, title) FROM PROGRAM 'true'; END $$;
-- These announce whole rows, as far as they fit; the other only the id.
CREATE FUNCTION tell_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('videos', row_to_json(NEW)::text); RETURN NULL; END $$;
CREATE TRIGGER tell_all AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION tell_all();
CREATE FUNCTION tell_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('videos', json_build_object('op', TG_OP, 'before', OLD, 'after', NEW)::text); RETURN NULL; END $$;
CREATE TRIGGER tell_both AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION tell_both();
CREATE FUNCTION tell_either() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('videos', to_jsonb(coalesce(NEW, OLD))::text); RETURN NULL; END $$;
CREATE TRIGGER tell_either AFTER UPDATE OF created_at ON videos FOR EACH ROW EXECUTE FUNCTION tell_either();
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('videos', json_build_object('id', NEW.id)::text); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION tell();
