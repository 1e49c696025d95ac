-- What cannot be served is refused here, before anything is changed. First what this file itself needs, in ASCII.
DO $$
BEGIN
  IF current_setting('server_encoding') NOT IN ('UTF8', 'SQL_ASCII') THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: this database is encoded in %, and must be in UTF8. Make one with CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0, and move the data there by pg_dump',
      current_setting('server_encoding') USING HINT = 'Nothing has been changed.';
  END IF;
END
$$;
SET quote_all_identifiers = off; -- names are compared below

DO $$
DECLARE
  problem text;
  table_kind "char";
  id_type text;
  words text;
BEGIN
  SELECT c.relkind INTO table_kind FROM pg_catalog.pg_class c WHERE c.oid = to_regclass('public.videos');
  SELECT format_type(a.atttypid, a.atttypmod) INTO id_type FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = to_regclass('public.videos') AND a.attname = 'id' AND NOT a.attisdropped;
  SELECT string_agg(missing.name, ', ') INTO words
    FROM unnest(ARRAY['id', 'status', 'video_url', 'thumbnail_url']) AS missing (name)
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = to_regclass('public.videos') AND a.attname = missing.name
                                                             AND a.attnum > 0 AND NOT a.attisdropped);
  problem := CASE
    WHEN table_kind IS NULL THEN
      'there is no table public.videos. On a fresh database apply 001_baseline.sql first (scripts/migrate does)'
    WHEN table_kind NOT IN ('r', 'p') THEN
      'public.videos is no table but a view or a foreign table: triggers cannot follow its rows. Apply this to the database and the name '
      'of the table behind it (rename the view, or make the table public.videos)'
    WHEN words IS NOT NULL THEN
      format('public.videos has no column %s. Add it, or a generated column of that name', words)
    WHEN id_type <> 'uuid' THEN
      format('public.videos.id is %s, and must be uuid: video ids are part of the protocol and of the object keys. Add a uuid column and '
             'make it the key named id', id_type)
  END;
  IF problem IS NULL THEN
    SELECT string_agg(format('%s is %s, and must be %s', a.attname, format_type(a.atttypid, a.atttypmod), wanted.types), '; ')
      INTO problem
      FROM (VALUES ('video_url', 'text or varchar', ARRAY['text', 'character varying']),
                   ('thumbnail_url', 'text or varchar', ARRAY['text', 'character varying']),
                   ('thumbnail_generation_status', 'text or varchar', ARRAY['text', 'character varying']),
                   ('thumbnail_generation_error', 'text', ARRAY['text']),
                   ('thumbnail_generation_error_code', 'text', ARRAY['text']),
                   ('thumbnail_generation_attempts', 'integer', ARRAY['integer', 'bigint', 'smallint']),
                   ('thumbnail_metadata', 'jsonb (ALTER COLUMN thumbnail_metadata TYPE jsonb USING thumbnail_metadata::jsonb)', ARRAY['jsonb']),
                   ('thumbnail_generation_started_at', 'timestamptz', ARRAY['timestamp with time zone']),
                   ('thumbnail_generation_last_attempt_at', 'timestamptz', ARRAY['timestamp with time zone']),
                   ('thumbnail_generated_at', 'timestamptz', ARRAY['timestamp with time zone'])) AS wanted (name, types, allowed)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = 'public.videos'::regclass AND a.attname = wanted.name AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     -- A domain is as good as the type below it.
     WHERE format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, -1) <> ALL (wanted.allowed);
  END IF;
  IF problem IS NULL AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'status'
          AND (t.typcategory = 'S' OR EXISTS (SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid AND e.enumlabel = 'completed'))) THEN
    problem := 'public.videos.status knows no word ''completed'', which says that a video is finished';
  END IF;
  IF problem IS NULL THEN
    SELECT format('row level security of public.videos is forced on its owner %I, for whom the queue works. ALTER TABLE public.videos NO '
                  'FORCE ROW LEVEL SECURITY, or ALTER ROLE %1$I BYPASSRLS', r.rolname) INTO problem
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
     WHERE c.oid = 'public.videos'::regclass AND c.relforcerowsecurity AND NOT (r.rolbypassrls OR r.rolsuper);
  END IF;
  IF problem IS NULL AND NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = 'public.videos'::regclass), 'MEMBER') THEN
    problem := format('%I is not the owner of public.videos. Connect as the owner, or as a superuser', current_user);
  END IF;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: %', problem USING HINT = 'Nothing has been changed.';
  END IF;
END
$$;

-- The original's functions and views, where a result, a parameter's name or a column differs: those cannot be replaced in place.
CREATE OR REPLACE FUNCTION pg_temp.replaced_objects() RETURNS TABLE (what text)
LANGUAGE sql AS $$
  SELECT format('FUNCTION %s', p.oid::regprocedure) AS what
    FROM pg_proc p
   WHERE p.pronamespace = 'public'::regnamespace
     AND (p.proname, coalesce(array_to_string(p.proargtypes::regtype[], ','), '')) IN
         (('auto_retry_stuck_thumbnails', ''), ('manually_trigger_thumbnail_generation', 'uuid'), ('batch_trigger_thumbnail_generation', 'integer'))
     AND (p.prorettype <> 'json'::regtype OR p.proretset
          OR coalesce(p.proargnames[1], '') <> CASE p.proname WHEN 'manually_trigger_thumbnail_generation' THEN 'video_id'
                                                              WHEN 'batch_trigger_thumbnail_generation' THEN 'batch_size' ELSE '' END)
  UNION ALL
  SELECT format('VIEW public.%I', c.relname)
    FROM (VALUES ('thumbnail_generation_health', 'completed_count bigint, failed_count bigint, processing_count bigint, pending_count bigint, '
                    'needs_generation_count bigint, success_rate_percent numeric, avg_generation_time_seconds numeric'),
                 ('thumbnail_generation_failures', 'thumbnail_generation_error text, failure_count bigint, '
                    'last_occurrence timestamp with time zone, recent_video_ids uuid[]'),
                 ('videos_need_thumbnail_generation', NULL)) AS ours (name, columns)
    JOIN pg_class c ON c.relname = ours.name AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
   WHERE ours.columns IS DISTINCT FROM (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                                          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
     -- The types of its columns are those of the platform's table: by their names.
     AND (ours.columns IS NOT NULL
          OR (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
             <> 'id,title,video_url,status,thumbnail_url,thumbnail_generation_status,thumbnail_generation_error,'
                'thumbnail_generation_attempts,thumbnail_generation_last_attempt_at,minutes_since_last_attempt,created_at')
$$;

-- They go when this is applied; whether they can is tried here, and undone.
DO $$
DECLARE
  other record;
  users text;
BEGIN
  FOR other IN SELECT r.what FROM pg_temp.replaced_objects() AS r LOOP
    BEGIN
      EXECUTE 'DROP ' || other.what;
      RAISE EXCEPTION 'undone' USING ERRCODE = 'UNDOE';
    EXCEPTION WHEN SQLSTATE 'UNDOE' THEN
      NULL;
    WHEN dependent_objects_still_exist THEN
      GET STACKED DIAGNOSTICS users = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION 'the thumbnail system cannot be set up: its % has another shape here, and cannot be replaced because others use it: %', other.what, users
        USING HINT = 'Nothing has been changed. Drop what uses it, and make it anew afterwards.';
    END;
  END LOOP;
END
$$;
