-- Functions and views of the original's whose shape is another one, its triggers and CHECK, beside the platform's own of all kinds.
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, status text DEFAULT 'pending' CHECK (status <> ''), video_url text CHECK (video_url <> 'x'),
  thumbnail_url text, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), migration_status text, views bigint DEFAULT 0,
  thumbnail_generation_status text, thumbnail_generation_error text, thumbnail_generation_attempts bigint, thumbnail_generation_next_retry timestamptz,
  CONSTRAINT status_word CHECK (thumbnail_generation_status IN (NULL, 'pending', 'processing', 'completed', 'failed')));
CREATE INDEX videos_by_state ON videos (thumbnail_generation_status, created_at);
CREATE VIEW thumbnail_generation_health AS SELECT count(*) AS total FROM videos;
CREATE VIEW thumbnail_generation_failures AS SELECT id, thumbnail_generation_error FROM videos;
CREATE VIEW platform_overview AS SELECT status, count(*) FROM videos GROUP BY status;
CREATE FUNCTION auto_retry_stuck_thumbnails() RETURNS integer LANGUAGE sql AS 'SELECT 0';
CREATE FUNCTION manually_trigger_thumbnail_generation(id uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION batch_trigger_thumbnail_generation(n integer) RETURNS SETOF uuid LANGUAGE sql AS 'SELECT NULL::uuid';
CREATE FUNCTION batch_trigger_thumbnail_generation(n text) RETURNS text LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION auto_generate_thumbnail_on_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM net.http_post(url := 'http://platform.example/functions/v1/auto-generate-thumbnail'); RETURN NEW; END $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER trigger_auto_generate_thumbnail AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION auto_generate_thumbnail_on_complete();
CREATE TRIGGER touch BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION touch();
-- As the migration finds them.
CREATE VIEW public.objects AS
SELECT 'TRIGGER ' || tgname AS what, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND NOT tgisinternal
UNION ALL SELECT 'CONSTRAINT ' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'videos'::regclass
UNION ALL SELECT 'COLUMN ' || attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'videos'::regclass AND attnum > 0
UNION ALL SELECT 'FUNCTION ' || oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'VIEW public.' || relname, pg_get_viewdef(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
UNION ALL SELECT 'INDEX ' || relname, pg_get_indexdef(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i';
CREATE TABLE found AS SELECT * FROM objects;
