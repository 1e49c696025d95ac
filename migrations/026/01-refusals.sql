-- What is named without its schema here is PostgreSQL's own, also where the path names that last.
DO $$
BEGIN
  PERFORM pg_catalog.set_config('search_path',
    pg_catalog.regexp_replace(pg_catalog.current_setting('search_path'), '^ *"?pg_catalog"? *(, *|$)|, *"?pg_catalog"? *(?=,|$)', '', 'g'), false);
END
$$;

-- What cannot be served is refused here, before anything is changed. First what this file itself needs, in ASCII.
DO $$
BEGIN
  IF current_setting('server_encoding') NOT IN ('UTF8', 'SQL_ASCII') THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: this database is encoded in %, and must be in UTF8. Make one with CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0, and move the data there by pg_dump',
      current_setting('server_encoding') USING HINT = 'Nothing has been changed.';
  ELSIF current_setting('server_version_num')::integer < 150000 THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: this server is PostgreSQL %, and must be 15 or newer', current_setting('server_version')
      USING HINT = 'Nothing has been changed.';
  END IF;
END
$$;
SET quote_all_identifiers = off; -- names are compared below

-- What of the eight columns is not there yet, as actions of ALTER TABLE.
CREATE OR REPLACE FUNCTION pg_temp.missing_columns() RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(format('ADD COLUMN %s', c.definition), ', ' ORDER BY c.position)
    FROM unnest(ARRAY['thumbnail_generation_status text', 'thumbnail_generation_error text', 'thumbnail_generation_attempts integer DEFAULT 0',
                      'thumbnail_generation_started_at timestamptz', 'thumbnail_generation_last_attempt_at timestamptz',
                      'thumbnail_generated_at timestamptz', 'thumbnail_metadata jsonb DEFAULT ''{}''',
                      'thumbnail_generation_error_code text']) WITH ORDINALITY AS c (definition, position)
   WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('public.videos') AND NOT a.attisdropped
                                                  AND a.attname = split_part(c.definition, ' ', 1))
$$;

-- What a domain is made of in the end; of another type, itself.
CREATE OR REPLACE FUNCTION pg_temp.base_type(oid) RETURNS oid
LANGUAGE sql AS $$
  WITH RECURSIVE b AS (SELECT p.oid, p.typbasetype FROM pg_type p WHERE p.oid = $1 UNION ALL SELECT p.oid, p.typbasetype FROM b JOIN pg_type p ON p.oid = b.typbasetype)
  SELECT b.oid FROM b WHERE b.typbasetype = 0
$$;

-- What a trigger of the platform's says that does not bear `p_columns`, which are added to `videos`: one that copies whole rows into a table of their
-- shape. Tried on an empty table of that name and shape, for what a trigger does outside of the database nobody takes back. NULL: they let it.
CREATE OR REPLACE FUNCTION pg_temp.refusal_of_triggers(p_columns text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  other record;
  states text[];
BEGIN
  -- Who copies rows without their columns' names says so by a star.
  FOR other IN SELECT t.oid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = 'public.videos'::regclass AND NOT t.tgisinternal AND p.prosrc LIKE '%*%' AND t.tgtype & 32 = 0 LOOP
    states := '{}';
    FOR n IN 1..2 LOOP
      BEGIN
        -- With no other rights than the platform's own writes have.
        PERFORM set_config('role', pg_get_userbyid(c.relowner), true) FROM pg_class c
         WHERE c.oid = 'public.videos'::regclass AND current_setting('is_superuser') = 'on';
        CREATE TEMP TABLE videos AS TABLE public.videos WITH NO DATA;
        IF n = 2 THEN
          EXECUTE 'ALTER TABLE pg_temp.videos ' || p_columns;
        END IF;
        EXECUTE regexp_replace(regexp_replace(pg_get_triggerdef(other.oid), '( OF [^(]*)? ON public\.videos ', ' ON pg_temp.videos '), ' WHEN \(.*\) EXECUTE ', ' EXECUTE ');
        INSERT INTO pg_temp.videos DEFAULT VALUES;
        UPDATE pg_temp.videos SET id = id;
        DELETE FROM pg_temp.videos;
        RAISE EXCEPTION '' USING ERRCODE = 'UNDOE';
      EXCEPTION WHEN OTHERS OR assert_failure THEN
        states := states || SQLSTATE::text;
        IF states[1] <> SQLSTATE AND SQLSTATE <> 'UNDOE' THEN
          RETURN format('%s (%s)', SQLERRM, SQLSTATE);
        END IF;
      END;
    END LOOP;
  END LOOP;
  RETURN NULL;
END
$$;

-- What those of the eight columns say that are there already and do not take what is written to them: for a default that is no state, a short type, a
-- domain, CHECKs. Tried on an empty table of such columns. A CHECK on the state alone is left out: it will be replaced.
CREATE OR REPLACE FUNCTION pg_temp.refusal_of_columns() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  ours text := '^thumbnail_(metadata|generated_at|generation_(status|error|error_code|attempts|started_at|last_attempt_at))$';
BEGIN
  EXECUTE (
    SELECT format('CREATE TEMP TABLE states (%s, CONSTRAINT "NULL, pending, processing, completed or failed" CHECK (thumbnail_generation_status '
                  'IN (''pending'', ''processing'', ''completed'', ''failed'')))', string_agg(d.definition, ', '))
      FROM (SELECT format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || coalesce(' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid), '') AS definition
              FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
             WHERE a.attrelid = 'public.videos'::regclass AND a.attname ~ ours
             UNION ALL
            SELECT replace(pg_temp.missing_columns(), 'ADD COLUMN ', '') WHERE pg_temp.missing_columns() IS NOT NULL
             UNION ALL
            SELECT format('CONSTRAINT %I CHECK (%s)', c.conname, pg_get_expr(c.conbin, c.conrelid)) FROM pg_constraint c
             CROSS JOIN LATERAL (SELECT bool_and(a.attname ~ ours) AS are_ours, string_agg(a.attname, '') AS names
                                   FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS o
             WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND o.are_ours AND o.names <> 'thumbnail_generation_status') AS d);
  INSERT INTO pg_temp.states DEFAULT VALUES;
  INSERT INTO pg_temp.states (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_metadata)
  VALUES (NULL, NULL, NULL, 0, '{}'), ('pending', NULL, NULL, 0, '{}'), ('pending', 'x', 'configuration', 0, '{}'), ('processing', NULL, NULL, 1, '{}'),
         ('failed', 'x', 'source', 3, '{}'), ('completed', NULL, NULL, 0, '{"source": "external"}');
  RAISE EXCEPTION '' USING ERRCODE = 'UNDOE';
EXCEPTION WHEN OTHERS THEN
  RETURN CASE WHEN SQLSTATE <> 'UNDOE' THEN format('%s (%s)', SQLERRM, SQLSTATE) END;
END
$$;

DO $$
DECLARE
  problem text;
BEGIN
  -- The first that is found; each may rely on those before it.
  SELECT coalesce(
    CASE WHEN c.oid IS NULL THEN
      'there is no table public.videos. On a fresh database apply 001_baseline.sql first (scripts/migrate does)'
    WHEN c.relkind NOT IN ('r', 'p') THEN
      'public.videos is no table but a view or a foreign table: triggers cannot follow its rows. Apply this to the database and the name of the table behind it (rename the view, or make the table public.videos)'
    END,
    (SELECT format('public.videos has no column %s. Add it, or a generated column of that name', string_agg(missing.name, ', '))
       FROM unnest(ARRAY['id', 'status', 'video_url', 'thumbnail_url']) AS missing (name) WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = missing.name AND a.attnum > 0 AND NOT a.attisdropped)
     HAVING count(*) > 0),
    (SELECT format('public.videos.id is %s, and must be uuid: video ids are part of the protocol and of the object keys. Add a uuid column and make it the key named id', format_type(a.atttypid, a.atttypmod))
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid <> 'uuid'::regtype),
    (SELECT 'public.videos.id may be NULL, or no index begins with it. Make it the primary key, or ALTER COLUMN id SET NOT NULL and CREATE UNIQUE INDEX CONCURRENTLY ON public.videos (id)'
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id'
        AND NOT (a.attnotnull AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL))),
    -- A domain is as good as the type below it, but nothing is as good as what can be written.
    (SELECT string_agg(format('%s is %s, and must be %s', a.attname, CASE WHEN typed.is_wrong THEN format_type(a.atttypid, a.atttypmod)
                                WHEN a.attgenerated <> '' THEN 'a generated column' WHEN a.attnotnull THEN 'NOT NULL' ELSE 'of a nondeterministic collation' END,
                              CASE WHEN typed.is_wrong THEN wanted.types WHEN a.attgenerated <> '' THEN 'an ordinary one' WHEN a.attnotnull THEN 'nullable'
                                   ELSE 'of one that is compared byte by byte (COLLATE "C")' END), '; ' ORDER BY a.attnum)
       FROM (VALUES ('video_url', 'text or varchar', ARRAY['text', 'character varying'], false, true), ('thumbnail_url', 'text or varchar', ARRAY['text', 'character varying'], true, true),
                    ('thumbnail_generation_status', 'text or varchar', ARRAY['text', 'character varying'], true, false),
                    ('thumbnail_generation_error', 'text', ARRAY['text'], true, false), ('thumbnail_generation_error_code', 'text', ARRAY['text'], true, false),
                    ('thumbnail_generation_attempts', 'integer', ARRAY['integer', 'bigint', 'smallint'], true, true),
                    ('thumbnail_metadata', 'jsonb (ALTER COLUMN thumbnail_metadata TYPE jsonb USING thumbnail_metadata::jsonb)', ARRAY['jsonb'], true, true),
                    ('thumbnail_generation_started_at', 'timestamptz', ARRAY['timestamp with time zone'], true, false), ('thumbnail_generation_last_attempt_at', 'timestamptz', ARRAY['timestamp with time zone'], true, false),
                    ('thumbnail_generated_at', 'timestamptz', ARRAY['timestamp with time zone'], true, false))
              AS wanted (name, types, allowed, is_written, may_be_not_null)
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = wanted.name AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid
      CROSS JOIN LATERAL (SELECT format_type(pg_temp.base_type(t.oid), -1) <> ALL (wanted.allowed) AS is_wrong) AS typed
      WHERE typed.is_wrong OR a.attgenerated <> '' AND wanted.is_written OR a.attnotnull AND NOT wanted.may_be_not_null
         OR EXISTS (SELECT FROM pg_collation l WHERE l.oid = a.attcollation AND NOT l.collisdeterministic)),
    (SELECT 'public.videos.status knows no word ''completed'', which says that a video is finished, or is neither text, varchar nor an enum'
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attname = 'status' AND pg_temp.base_type(t.oid) <> ALL ('{text,varchar,bpchar}'::regtype[])
        AND NOT EXISTS (SELECT FROM pg_enum e WHERE e.enumtypid = t.oid AND e.enumlabel = 'completed')),
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
    CASE WHEN NOT pg_has_role(current_user, c.relowner, 'USAGE') THEN format('%I is not the owner of public.videos. Connect as the owner, or as a superuser', current_user) END,
    (SELECT format('%I, who owns public.videos and for whom the queue works, lacks a right. GRANT %s ON SCHEMA public TO %1$I', pg_get_userbyid(c.relowner), p.needed)
       FROM unnest(ARRAY['USAGE', 'CREATE']) AS p (needed)
      WHERE NOT has_schema_privilege(c.relowner, 'public', p.needed) AND (p.needed = 'USAGE' OR current_setting('is_superuser') = 'off') LIMIT 1),
    (SELECT format('%s belongs to %I, and is to be replaced. ALTER ... OWNER TO %I, or connect as a superuser', o.what, pg_get_userbyid(o.owner), current_user)
       FROM (SELECT p.oid::regprocedure::text, p.proowner FROM pg_proc p
              WHERE p.pronamespace = 'public'::regnamespace
                AND p.proname IN ('auto_retry_stuck_thumbnails', 'manually_trigger_thumbnail_generation', 'batch_trigger_thumbnail_generation')
             UNION ALL
             SELECT v.oid::regclass::text, v.relowner FROM pg_class v WHERE v.relnamespace = 'public'::regnamespace
                AND v.relname IN ('thumbnail_generation_health', 'thumbnail_generation_failures', 'videos_need_thumbnail_generation')) AS o (what, owner)
      WHERE NOT pg_has_role(current_user, o.owner, 'USAGE') LIMIT 1),
    (SELECT format('%I, who owns public.videos, may not read public.system_config. As %I: GRANT SELECT ON public.system_config TO %1$I',
                   pg_get_userbyid(c.relowner), pg_get_userbyid(s.relowner))
       FROM pg_class s WHERE s.oid = to_regclass('public.system_config') AND NOT has_table_privilege(c.relowner, s.oid, 'SELECT') AND NOT pg_has_role(current_user, s.relowner, 'USAGE')),
    CASE WHEN to_regclass('public.system_config') IS NOT NULL
         AND (SELECT count(*) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass('public.system_config')
                AND a.attname IN ('key', 'value') AND t.typcategory = 'S' AND NOT a.attisdropped) < 2 THEN
      'public.system_config is something else here: it must have columns key and value, of text. Rename it'
    WHEN coalesce(to_regclass('thumbnails.inbox'), to_regclass('thumbnails.set_aside'), to_regclass('thumbnails.object_deletions')) IS NULL
         AND EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = to_regnamespace('thumbnails') AND o.relkind <> 'i' AND o.relname <> 'applied_migrations') THEN
      'there is a schema thumbnails of another purpose, and that name is needed. Rename it'
    END,
    (SELECT format('what it writes to the state columns that public.videos has already is refused there: %s. Change their types, defaults and CHECKs, or rename '
                   'them: what is missing is added', said.refusal)
       FROM (SELECT pg_temp.refusal_of_columns() AS refusal) AS said WHERE said.refusal IS NOT NULL),
    (SELECT format('with the columns it adds to videos, the platform''s own writes fail: %s. A table that a trigger copies whole rows to must have them too: '
                   'ALTER TABLE ... %s', said.refusal, said.columns)
       FROM (SELECT pg_temp.refusal_of_triggers(m.columns) AS refusal, m.columns FROM pg_temp.missing_columns() AS m (columns) WHERE m.columns IS NOT NULL) AS said
      WHERE said.refusal IS NOT NULL))
    INTO problem
    FROM (SELECT to_regclass('public.videos') AS oid) AS one LEFT JOIN pg_class c ON c.oid = one.oid;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'the thumbnail system cannot be set up: %', problem USING HINT = 'Nothing has been changed.';
  END IF;
END
$$;

-- The original's functions and views, where a result, a parameter's name or a column differs: those cannot be replaced in place.
CREATE OR REPLACE FUNCTION pg_temp.replaced_objects() RETURNS TABLE (what text)
LANGUAGE sql AS $$
  SELECT format('FUNCTION %s', p.oid::regprocedure) AS what
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
     AND (p.proname, coalesce(array_to_string(p.proargtypes::regtype[], ','), '')) IN
         (('auto_retry_stuck_thumbnails', ''), ('manually_trigger_thumbnail_generation', 'uuid'), ('batch_trigger_thumbnail_generation', 'integer'))
     AND (p.prorettype <> 'json'::regtype OR p.proretset
          OR coalesce(p.proargnames[1], '') <> CASE p.proname WHEN 'manually_trigger_thumbnail_generation' THEN 'video_id'
                                                              WHEN 'batch_trigger_thumbnail_generation' THEN 'batch_size' ELSE '' END)
  UNION ALL
  SELECT format('%s public.%I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname)
    FROM (VALUES ('thumbnail_generation_health', 'completed_count bigint, failed_count bigint, processing_count bigint, pending_count bigint, '
                    'needs_generation_count bigint, success_rate_percent numeric, avg_generation_time_seconds numeric'),
                 ('thumbnail_generation_failures', 'thumbnail_generation_error text, failure_count bigint, '
                    'last_occurrence timestamp with time zone, recent_video_ids uuid[]'),
                 ('videos_need_thumbnail_generation', NULL)) AS ours (name, columns)
    JOIN pg_class c ON c.relname = ours.name AND c.relnamespace = 'public'::regnamespace
   WHERE c.relkind <> 'v'
      OR ours.columns IS DISTINCT FROM (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
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
    WHEN dependent_objects_still_exist OR wrong_object_type THEN
      GET STACKED DIAGNOSTICS users = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION 'the thumbnail system cannot be set up: its % has another shape here, and cannot be replaced because others use it: %', other.what,
        coalesce(nullif(users, ''), SQLERRM)
        USING HINT = 'Nothing has been changed. Drop what uses it, and make it anew afterwards.';
    END;
  END LOOP;
END
$$;
