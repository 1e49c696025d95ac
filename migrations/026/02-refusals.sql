-- The original's functions and views that have another result, parameter name or column, and cannot be replaced in place.
CREATE OR REPLACE FUNCTION pg_temp.replaced_objects() RETURNS TABLE (what text)
LANGUAGE sql AS $$
  SELECT format('FUNCTION %s', p.oid::regprocedure) AS what
    FROM (VALUES ('auto_retry_stuck_thumbnails', '', ''), ('manually_trigger_thumbnail_generation', 'uuid', 'video_id uuid'),
                 ('batch_trigger_thumbnail_generation', 'integer', 'batch_size integer')) AS ours (name, types, arguments)
    JOIN pg_proc p ON p.pronamespace = 'public'::regnamespace AND p.proname = ours.name AND oidvectortypes(p.proargtypes) = ours.types
   WHERE (pg_get_function_result(p.oid), pg_get_function_identity_arguments(p.oid)) IS DISTINCT FROM ('json', ours.arguments)
  UNION ALL
  SELECT format('%s public.%I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname)
    FROM (VALUES ('thumbnail_generation_health', 'completed_count bigint, failed_count bigint, processing_count bigint, pending_count bigint, '
                    'needs_generation_count bigint, success_rate_percent numeric, avg_generation_time_seconds numeric'),
                 ('thumbnail_generation_failures', 'thumbnail_generation_error text, failure_count bigint, '
                    'last_occurrence timestamp with time zone, recent_video_ids uuid[^,]+'),
                 -- Its types are those of the platform's table.
                 ('videos_need_thumbnail_generation', 'id [^,]+, title [^,]+, video_url [^,]+, status [^,]+, thumbnail_url [^,]+, thumbnail_generation_status [^,]+, '
                    'thumbnail_generation_error [^,]+, thumbnail_generation_attempts [^,]+, thumbnail_generation_last_attempt_at [^,]+, '
                    'minutes_since_last_attempt [^,]+, created_at [^,]+')) AS ours (name, columns)
    JOIN pg_class c ON c.relname = ours.name AND c.relnamespace = 'public'::regnamespace
   WHERE c.relkind <> 'v'
      OR (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) !~ ('^' || ours.columns || '$')
$$;

-- Refuses what cannot be supported, before anything is changed. The messages are in ASCII.
DO $$
DECLARE
  problem text;
  other record;
  users text;
BEGIN
  -- The first problem found; each check may rely on those before it.
  SELECT coalesce(
    CASE WHEN current_setting('server_encoding') NOT IN ('UTF8', 'SQL_ASCII') THEN
      format('this database is encoded in %s, and must be in UTF8. Make one with CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0, and move the data there by pg_dump', current_setting('server_encoding'))
    WHEN current_setting('server_version_num')::integer < 150000 THEN
      format('this server is PostgreSQL %s, and must be 15 or newer', current_setting('server_version'))
    WHEN c.oid IS NULL THEN
      'there is no table public.videos. On a fresh database apply 001_baseline.sql first (scripts/migrate does)'
    WHEN c.relkind NOT IN ('r', 'p') THEN
      'public.videos is no table but a view or a foreign table: triggers cannot follow its rows. Apply this to the database and the name of the table behind it (rename the view, or make the table public.videos)'
    END,
    (SELECT format('public.videos has no column %s. Add it; all but thumbnail_url may be generated, STORED', string_agg(missing.name, ', '))
       FROM unnest(ARRAY['id', 'status', 'video_url', 'thumbnail_url']) AS missing (name) WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = missing.name AND a.attnum > 0)
     HAVING count(*) > 0),
    (SELECT format('public.videos.id is %s, and must be uuid: video ids are part of the protocol and of the object keys. %s', format_type(a.atttypid, a.atttypmod),
                   CASE pg_temp.base_type(a.atttypid) WHEN 'uuid'::regtype THEN 'ALTER COLUMN id TYPE uuid' ELSE 'Add a uuid column and make it the key named id' END)
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid <> 'uuid'::regtype),
    -- PostgreSQL builds no index of a partitioned table concurrently, and none that is unique without the partition key.
    (SELECT format('public.videos.id may be NULL, or no index begins with it. Make it the primary key, or ALTER COLUMN id SET NOT NULL and CREATE %s ON public.videos (id)',
                   CASE c.relkind WHEN 'p' THEN 'INDEX' ELSE 'UNIQUE INDEX CONCURRENTLY' END)
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id'
        AND NOT (a.attnotnull AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL))),
    (SELECT format('public.videos.%I is a generated column that is not stored, and so one that triggers cannot see. Make it GENERATED ALWAYS AS (...) STORED', a.attname)
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('status', 'video_url') AND a.attgenerated = 'v' LIMIT 1),
    -- A domain is judged by the type below it.
    (SELECT string_agg(format('%s is %s, and must be %s', a.attname, CASE WHEN typed.is_wrong THEN format_type(a.atttypid, a.atttypmod)
                                WHEN a.attgenerated <> '' THEN 'a generated column' WHEN a.attnotnull THEN 'NOT NULL' ELSE 'of a nondeterministic collation' END,
                              CASE WHEN typed.is_wrong THEN wanted.types WHEN a.attgenerated <> '' THEN 'an ordinary one' WHEN a.attnotnull THEN 'nullable'
                                   ELSE 'of one that is compared byte by byte (COLLATE "C")' END), '; ' ORDER BY a.attnum)
       FROM (VALUES ('{video_url}', 'text or varchar', ARRAY['text', 'character varying'], false, true),
                    ('{thumbnail_url}', 'text or varchar', ARRAY['text', 'character varying'], true, true),
                    ('{thumbnail_generation_status}', 'text or varchar', ARRAY['text', 'character varying'], true, false),
                    ('{thumbnail_generation_error,thumbnail_generation_error_code}', 'text', ARRAY['text'], true, false),
                    ('{thumbnail_generation_attempts}', 'integer', ARRAY['integer', 'bigint', 'smallint'], true, true),
                    ('{thumbnail_metadata}', 'jsonb (ALTER COLUMN thumbnail_metadata TYPE jsonb USING thumbnail_metadata::jsonb)', ARRAY['jsonb'], true, true),
                    ('{thumbnail_generation_started_at,thumbnail_generation_last_attempt_at,thumbnail_generated_at}', 'timestamptz',
                     ARRAY['timestamp with time zone'], true, false)) AS wanted (names, types, allowed, is_written, may_be_not_null)
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = ANY (wanted.names::name[])
       JOIN pg_type t ON t.oid = a.atttypid
      CROSS JOIN LATERAL (SELECT format_type(pg_temp.base_type(t.oid), -1) <> ALL (wanted.allowed) AS is_wrong) AS typed
      WHERE typed.is_wrong OR a.attgenerated <> '' AND wanted.is_written OR a.attnotnull AND NOT wanted.may_be_not_null
         OR EXISTS (SELECT FROM pg_collation l WHERE l.oid = a.attcollation AND NOT l.collisdeterministic)),
    (SELECT 'public.videos.status knows no word ''completed'', which says that a video is finished, or is neither text, varchar nor an enum. Rename it to stage, say, and ADD status text GENERATED ALWAYS AS (CASE WHEN stage IN (...) THEN ''completed'' ELSE ''pending'' END) STORED'
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attname = 'status' AND pg_temp.base_type(t.oid) <> ALL ('{text,varchar,bpchar}'::regtype[])
        AND NOT EXISTS (SELECT FROM pg_enum e WHERE e.enumtypid = t.oid AND e.enumlabel = 'completed')),
    -- PostgreSQL never gives the number of a dropped column to another one.
    (SELECT format('public.videos has used up nearly all of the 1,600 columns a table can have, dropped ones included, and needs %s more. Copy it into a new table', m.needed)
       FROM (SELECT cardinality(string_to_array(pg_temp.missing_columns(), 'ADD COLUMN ')) - 1 AS needed) AS m
      WHERE m.needed + (SELECT max(a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid) > 1600),
    CASE WHEN c.reloftype <> 0 AND pg_temp.missing_columns() IS NOT NULL THEN 'public.videos is a typed table, which can be given no columns: ALTER TABLE public.videos NOT OF' END,
    (SELECT format('public.videos is a partition of %s, which alone can be given columns: ALTER TABLE %1$s %s', i.inhparent::regclass, pg_temp.missing_columns())
       FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition AND pg_temp.missing_columns() IS NOT NULL),
    (SELECT format('triggers on public.videos cannot follow the rows of %s. Make videos one table, or partition it into tables of this database',
                   string_agg(p.oid::regclass::text, ', '))
       FROM pg_class p WHERE EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = p.oid AND i.inhparent = c.oid AND c.relkind = 'r')
         OR p.relkind = 'f' AND p.oid IN (SELECT i.relid FROM pg_partition_tree(c.oid) AS i)
     HAVING count(*) > 0),
    (SELECT format('the rule %I of public.videos does something instead of an UPDATE, which then tells nobody what it wrote. Make it a trigger', r.rulename)
       FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '2' AND r.is_instead LIMIT 1),
    (SELECT format('row level security of public.videos is forced on its owner %I, for whom the queue works. ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY, or ALTER ROLE %1$I BYPASSRLS', r.rolname)
       FROM pg_roles r WHERE r.oid = c.relowner AND c.relforcerowsecurity AND NOT (r.rolbypassrls OR r.rolsuper)),
    (SELECT format('%I is not the owner of %s. Connect as the owner, or as a superuser', current_user, p.oid::regclass)
       FROM pg_class p WHERE p.oid IN (SELECT c.oid UNION ALL SELECT i.relid FROM pg_partition_tree(c.oid) AS i) AND NOT pg_has_role(p.relowner, 'USAGE') LIMIT 1),
    (SELECT format('%I, who owns public.videos and for whom the queue works, lacks a right. GRANT %s TO %1$I', pg_get_userbyid(c.relowner), p.needed)
       FROM (SELECT s.needed || ' ON SCHEMA public' FROM unnest(ARRAY['USAGE', 'CREATE']) AS s (needed)
              WHERE NOT has_schema_privilege(c.relowner, 'public', s.needed) AND (s.needed = 'USAGE' OR current_setting('is_superuser') = 'off')
             UNION ALL
             SELECT s.needed || ' ON public.videos' FROM unnest(ARRAY['SELECT', 'UPDATE', 'TRIGGER']) AS s (needed) WHERE NOT has_table_privilege(c.relowner, c.oid, s.needed)
             UNION ALL
             -- Some hosts revoke these from PUBLIC.
             SELECT format('EXECUTE ON FUNCTION %s', f)
               FROM unnest('{pg_sleep(float8),"set_config(text,text,bool)",pg_notification_queue_usage(),"pg_notify(text,text)",pg_try_advisory_xact_lock_shared(int8)}'::regprocedure[]) AS f
              WHERE NOT has_function_privilege(c.relowner, f, 'EXECUTE')) AS p (needed) LIMIT 1),
    -- What somebody else made there would run with the rights of the owner of `videos`. If the table has a new owner, the old one's is taken over.
    (SELECT CASE WHEN t.is_trusted THEN format('%s belongs to %I, and is to be replaced. ALTER ... OWNER TO %I, or connect as a superuser', o.what, pg_get_userbyid(o.owner), current_user)
                 ELSE format('%s belongs to %I, who could act through it as %I, the owner of public.videos. Drop or rename it', o.what, pg_get_userbyid(o.owner), pg_get_userbyid(c.relowner)) END
       FROM (SELECT 'the schema thumbnails', n.nspowner, n.oid FROM pg_namespace n WHERE n.nspname = 'thumbnails'
             UNION ALL
             SELECT p.oid::regprocedure::text, p.proowner, p.pronamespace FROM pg_proc p
              WHERE p.proname ~ '^(auto_retry_stuck_thumbnails|(manually|batch)_trigger_thumbnail_generation)$' OR p.pronamespace = to_regnamespace('thumbnails')
             UNION ALL
             SELECT v.oid::regclass::text, v.relowner, v.relnamespace FROM pg_class v
              WHERE v.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$' OR v.relnamespace = to_regnamespace('thumbnails')) AS o (what, owner, schema)
       JOIN pg_namespace s ON s.oid = o.schema AND s.nspname IN ('public', 'thumbnails')
      CROSS JOIN LATERAL (SELECT pg_has_role(o.owner, c.relowner, 'MEMBER') OR EXISTS (
        SELECT FROM pg_trigger g, pg_namespace n WHERE g.tgrelid = c.oid AND g.tgname = 'zz_thumbnails_c_note_insert' AND n.nspname = 'thumbnails'
                                                   AND pg_has_role(o.owner, n.nspowner, 'MEMBER')) AS is_trusted) AS t
      WHERE NOT t.is_trusted OR s.nspname = 'public' AND NOT pg_has_role(current_user, o.owner, 'USAGE') LIMIT 1),
    (SELECT CASE WHEN t.is_trusted THEN format('%I, who owns public.videos, may not read public.system_config. As %I: GRANT SELECT ON public.system_config TO %1$I', o.c, o.s)
                 ELSE format('public.system_config belongs to %I. ALTER TABLE public.system_config OWNER TO %I', o.s, o.c) END
       FROM pg_class s CROSS JOIN LATERAL (SELECT pg_get_userbyid(s.relowner) AS s, pg_get_userbyid(c.relowner) AS c) AS o
      CROSS JOIN LATERAL (SELECT pg_has_role(s.relowner, c.relowner, 'MEMBER') AS is_trusted) AS t
      WHERE s.oid = to_regclass('public.system_config')
        AND NOT (t.is_trusted AND (has_table_privilege(c.relowner, s.oid, 'SELECT') OR pg_has_role(current_user, s.relowner, 'USAGE')))),
    CASE WHEN to_regclass('public.system_config') IS NOT NULL
         AND (SELECT count(*) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass('public.system_config')
                AND a.attname IN ('key', 'value') AND t.typcategory = 'S' AND NOT a.attisdropped) < 2 THEN
      'public.system_config is something else here: it must have columns key and value, of text. Rename it'
    WHEN coalesce(to_regclass('thumbnails.inbox'), to_regclass('thumbnails.set_aside'), to_regclass('thumbnails.object_deletions')) IS NULL
         AND EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = to_regnamespace('thumbnails') AND o.relkind <> 'i' AND o.relname <> 'applied_migrations') THEN
      'there is a schema thumbnails of another purpose, and that name is needed. Rename it'
    END,
    'what it writes to the state columns that public.videos has already is refused there: ' || pg_temp.refusal_of_columns()
      || '. Change their types, defaults and CHECKs, or rename them: what is missing is added',
    (SELECT 'with the columns it adds to videos, the platform''s own writes fail: ' || pg_temp.refusal_of_triggers(m.columns)
              || '. No trigger may change them. One that copies whole rows must name its columns, or the other table needs these too, in the same place: ALTER TABLE ... ' || m.columns
       FROM pg_temp.missing_columns() AS m (columns) WHERE m.columns IS NOT NULL))
    INTO problem
    FROM (SELECT to_regclass('public.videos') AS oid) AS one LEFT JOIN pg_class c ON c.oid = one.oid;
  -- These are dropped later; here it is only tried whether they can be.
  FOR other IN SELECT r.what FROM pg_temp.replaced_objects() AS r WHERE problem IS NULL LOOP
    BEGIN
      EXECUTE 'DROP ' || other.what;
      RAISE EXCEPTION 'undone' USING ERRCODE = 'UNDOE';
    EXCEPTION WHEN SQLSTATE 'UNDOE' THEN
      NULL;
    WHEN dependent_objects_still_exist OR wrong_object_type THEN
      GET STACKED DIAGNOSTICS users = PG_EXCEPTION_DETAIL;
      problem := format('its %s has another shape here, and cannot be replaced because others use it: %s. Drop that, and make it anew afterwards', other.what, coalesce(nullif(users, ''), SQLERRM));
    END;
  END LOOP;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: %', problem USING HINT = 'Nothing has been changed.';
  END IF;
END
$$;
