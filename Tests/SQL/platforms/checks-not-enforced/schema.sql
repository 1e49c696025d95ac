\ir ../ordinary/schema.sql
ALTER TABLE videos ADD COLUMN thumbnail_generation_error_code text;
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 180000 THEN
    EXECUTE 'ALTER TABLE videos ADD CHECK (thumbnail_generation_error_code IN (''timeout'', ''codec'')) NOT ENFORCED,
               ADD CHECK (thumbnail_url LIKE ''https://img.example/%'') NOT ENFORCED';
  END IF;
END
$$;
