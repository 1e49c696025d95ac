CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, status text, path text, thumbnail_url text);
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 180000 THEN
    EXECUTE 'ALTER TABLE videos ADD COLUMN video_url text GENERATED ALWAYS AS (''https://cdn.example/'' || path) VIRTUAL';
  END IF;
END
$$;
