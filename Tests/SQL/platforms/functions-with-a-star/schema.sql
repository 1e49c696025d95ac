\ir ../ordinary/schema.sql
CREATE TABLE archive (LIKE videos);
CREATE FUNCTION archive_failed() RETURNS void LANGUAGE sql AS $$
  WITH moved AS (DELETE FROM videos WHERE status = 'failed' RETURNING *) INSERT INTO archive SELECT * FROM moved
$$;
CREATE FUNCTION copy_of(which uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO archive SELECT v.* FROM public.videos v WHERE v.id = which; END $$;
CREATE FUNCTION copy_of_row(which videos) RETURNS void LANGUAGE sql AS $$ INSERT INTO archive SELECT (which).* $$;
CREATE FUNCTION finished() RETURNS TABLE (id uuid, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz, updated_at timestamptz)
LANGUAGE sql AS $$ SELECT * FROM videos WHERE status = 'completed' $$;
CREATE FUNCTION with_length(n integer) RETURNS TABLE (id uuid, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz, updated_at timestamptz, length integer)
LANGUAGE sql AS $$ SELECT v.*, length(v.title) FROM pg_sleep(0) AS s JOIN public.videos AS v ON length(v.title) > n $$;
CREATE FUNCTION with_place() RETURNS TABLE (place bigint, id uuid, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz, updated_at timestamptz)
LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT row_number() OVER (), videos.* FROM videos; END $$;
CREATE TYPE listed AS (id uuid, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz, updated_at timestamptz, likes integer);
CREATE FUNCTION of_a_type() RETURNS SETOF listed LANGUAGE sql AS $$ SELECT v.*, 0 FROM videos v $$;
CREATE FUNCTION of_parameters(OUT id uuid, OUT user_id uuid, OUT title text, OUT status text, OUT video_url text, OUT thumbnail_url text, OUT created_at timestamptz, OUT updated_at timestamptz)
RETURNS SETOF record LANGUAGE sql AS $$ SELECT * FROM videos $$;
-- These are as good as before.
CREATE FUNCTION as_json() RETURNS TABLE (video jsonb, url text) LANGUAGE sql AS $$ SELECT to_jsonb(v.*), v.video_url FROM videos v $$;
CREATE FUNCTION by_title(wanted text) RETURNS SETOF videos LANGUAGE sql AS $$ SELECT * FROM videos WHERE title = wanted $$;
CREATE FUNCTION is_finished(which uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v videos;
BEGIN
  SELECT * INTO v FROM videos WHERE id = which;
  RETURN v.status = 'completed';
END
$$;
