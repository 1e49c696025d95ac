-- Thumbnail generation with fault tolerance.
-- migrate: own-transactions
-- May be pasted into an SQL editor, again and again, also under load.
-- Assembled from migrations/026/*.sql: change those.

DO $$
DECLARE
path pg_catalog.text := pg_catalog.current_setting('search_path');
others pg_catalog.text;
BEGIN
PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false);
IF coalesce(current_setting('thumbnails.path', true), '') = '' THEN
PERFORM set_config('thumbnails.path', path, false);
WITH o (namespace, name, owner) AS (SELECT pronamespace, proname, proowner FROM pg_proc UNION ALL SELECT oprnamespace, oprname, oprowner FROM pg_operator)
SELECT string_agg(w[1], ', ') FILTER (WHERE n.oid IS NULL), string_agg(w[1], ', ') FILTER (WHERE n.nspname <> 'pg_catalog') INTO path, others
FROM regexp_matches(path, '((?:"[^"]*")+|[^", ]+)', 'g') AS w
LEFT JOIN pg_class c ON c.oid = to_regclass('public.videos')
LEFT JOIN pg_namespace n ON n.nspname IN (btrim(replace(w[1], '$user', current_user), '"'), lower(w[1])) AND (n.nspname = 'pg_catalog'
OR EXISTS (SELECT FROM pg_roles r WHERE has_schema_privilege(r.oid, n.oid, 'CREATE') AND NOT pg_has_role(r.oid, n.nspowner, 'MEMBER')
AND NOT pg_has_role(r.oid, coalesce(pg_get_userbyid(c.relowner), current_user), 'MEMBER'))
OR EXISTS (SELECT FROM o JOIN o AS own USING (name) WHERE o.namespace = n.oid AND own.namespace = 'pg_catalog'::regnamespace
AND NOT pg_has_role(o.owner, current_user, 'MEMBER')));
IF others IS NOT NULL THEN
RAISE WARNING 'left out of the search_path, because others may create functions there: %', others;
END IF;
END IF;
PERFORM set_config('search_path', coalesce(path, ''), false);
END
$$;
SET quote_all_identifiers = off;
CREATE OR REPLACE FUNCTION pg_temp.missing_columns() RETURNS text
LANGUAGE sql AS $$
SELECT string_agg(format('ADD COLUMN %s', c.definition), ', ' ORDER BY c.position)
FROM unnest(ARRAY['thumbnail_generation_status text', 'thumbnail_generation_error text', 'thumbnail_generation_attempts integer DEFAULT 0',
'thumbnail_generation_started_at timestamptz', 'thumbnail_generation_last_attempt_at timestamptz',
'thumbnail_generated_at timestamptz', 'thumbnail_metadata jsonb DEFAULT ''{}''',
'thumbnail_generation_error_code text']) WITH ORDINALITY AS c (definition, position)
WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('public.videos') AND a.attname = split_part(c.definition, ' ', 1))
$$;
CREATE OR REPLACE FUNCTION pg_temp.base_type(oid) RETURNS oid
LANGUAGE sql AS $$
WITH RECURSIVE b AS (SELECT $1 AS t UNION SELECT p.typbasetype FROM b JOIN pg_type p ON p.oid = t)
SELECT t FROM b JOIN pg_type p ON p.oid = t WHERE p.typbasetype = 0
$$;
CREATE OR REPLACE FUNCTION pg_temp.refusal_of_triggers(p_columns text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
other record;
act text;
before text[];
said text[];
refusal text;
own_path text := current_setting('search_path');
BEGIN
FOR other IN SELECT t.oid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = 'public.videos'::regclass AND t.tgtype & 32 = 0 AND (p.probin IS NOT NULL OR EXISTS (
WITH RECURSIVE c AS (SELECT lower(p.prosrc) AS body UNION SELECT lower(q.prosrc) FROM c JOIN pg_proc q ON strpos(body, q.proname || '(') > 0)
SELECT FROM c WHERE regexp_replace(body, '/[*]([^*]|[*]+[^*/])*[*]+/|--[^\n]*', '', 'g')
~* E'([.]|select)\\s*[*]|insert[^;]*\\stable\\s|\\m(execute|spi_)|populate_|#=')) LOOP
FOR n IN 1..2 LOOP
said := '{}';
BEGIN
PERFORM set_config('role', pg_get_userbyid(c.relowner), true) FROM pg_class c
WHERE c.oid = 'public.videos'::regclass AND current_setting('is_superuser') = 'on';
FOR act IN SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname ~ '^videos(_|$)' AND has_table_privilege(c.oid, 'SELECT') LOOP
EXECUTE format('CREATE TEMP TABLE %I AS TABLE public.%1$I WITH NO DATA', act);
EXECUTE format('ALTER TABLE pg_temp.%I NO FORCE ROW LEVEL SECURITY', act);
END LOOP;
IF n = 2 THEN
EXECUTE 'ALTER TABLE pg_temp.videos ' || p_columns || $a$, ADD CHECK (thumbnail_generation_status <> '')$a$;
END IF;
EXECUTE regexp_replace(regexp_replace(pg_get_triggerdef(other.oid), '( OF [^(]*)? ON public\.videos (DEFERRABLE INITIALLY DEFERRED )?', ' ON pg_temp.videos '), ' WHEN \(.*\) EXECUTE ', ' EXECUTE ');
FOREACH act IN ARRAY ARRAY['INSERT INTO pg_temp.videos DEFAULT VALUES', $a$UPDATE pg_temp.videos SET status = 'completed', video_url = 'https://x/'$a$,
$a$UPDATE pg_temp.videos SET thumbnail_url = 'https://x/'$a$]
|| ARRAY(SELECT format('UPDATE pg_temp.videos SET %I = %L', a.attname, CASE t.typcategory WHEN 'D' THEN '2001-01-1' ELSE '' END || i)
FROM generate_series(0, 1) AS i, pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = 'public.videos'::regclass AND a.attnum > 0 AND a.attname !~ '^(status|(video|thumbnail)_url)$' ORDER BY i DESC)
|| 'DELETE FROM pg_temp.videos'::text LOOP
BEGIN
PERFORM set_config('search_path', current_setting('thumbnails.path'), true);
EXECUTE act;
PERFORM pg_catalog.set_config('search_path', own_path, true);
said := said || ''::text;
EXCEPTION WHEN OTHERS OR assert_failure THEN
said := said || SQLSTATE::text;
IF n = 2 AND before[cardinality(said)] <> SQLSTATE AND before[cardinality(said)] || SQLSTATE !~ '.23502' THEN
refusal := coalesce(refusal, format('%s (%s)', SQLERRM, SQLSTATE));
END IF;
END;
END LOOP;
RAISE EXCEPTION '' USING ERRCODE = 'UNDOE';
EXCEPTION WHEN OTHERS OR assert_failure THEN
before := said;
END;
END LOOP;
END LOOP;
RETURN refusal;
END
$$;
CREATE OR REPLACE FUNCTION pg_temp.refusal_of_columns() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
ours text := '^thumbnail_(metadata|generated_at|generation_(status|error|error_code|attempts|started_at|last_attempt_at))$';
BEGIN
EXECUTE (
SELECT format('CREATE TEMP TABLE states (%s, CONSTRAINT "NULL, pending, processing, completed or failed" CHECK (thumbnail_generation_status '
'IN (''pending'', ''processing'', ''completed'', ''failed'')))', string_agg(d.definition, ', '))
FROM (SELECT concat(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid)) AS definition
FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE a.attrelid = 'public.videos'::regclass AND a.attname ~ ours
UNION ALL
SELECT replace(pg_temp.missing_columns(), 'ADD COLUMN ', '')
UNION ALL
SELECT format('CONSTRAINT %I CHECK (%s)', c.conname, pg_get_expr(c.conbin, c.conrelid)) FROM pg_constraint c
CROSS JOIN LATERAL (SELECT bool_and(a.attname ~ ours) AS are_ours, string_agg(a.attname, '') AS names
FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS o
WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND pg_get_constraintdef(c.oid) !~ 'NOT ENFORCED$'
AND o.are_ours AND o.names <> 'thumbnail_generation_status') AS d);
ALTER TABLE pg_temp.states NO FORCE ROW LEVEL SECURITY;
INSERT INTO pg_temp.states DEFAULT VALUES;
INSERT INTO pg_temp.states (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_metadata)
VALUES (NULL, NULL, NULL, 0, '{}'), ('pending', NULL, NULL, 0, '{}'), ('pending', 'x', 'configuration', 0, '{}'), ('processing', NULL, NULL, 1, '{}'),
('failed', 'x', 'source', 3, '{}'), ('completed', NULL, NULL, 0, '{"source": "external"}');
RAISE EXCEPTION '' USING ERRCODE = 'UNDOE';
EXCEPTION WHEN OTHERS OR assert_failure THEN
RETURN CASE WHEN SQLSTATE <> 'UNDOE' THEN format('%s (%s)', SQLERRM, SQLSTATE) END;
END
$$;

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
('videos_need_thumbnail_generation', 'id [^,]+, title [^,]+, video_url [^,]+, status [^,]+, thumbnail_url [^,]+, thumbnail_generation_status [^,]+, '
'thumbnail_generation_error [^,]+, thumbnail_generation_attempts [^,]+, thumbnail_generation_last_attempt_at [^,]+, '
'minutes_since_last_attempt [^,]+, created_at [^,]+')) AS ours (name, columns)
JOIN pg_class c ON c.relname = ours.name AND c.relnamespace = 'public'::regnamespace
WHERE c.relkind <> 'v'
OR (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) !~ ('^' || ours.columns || '$')
$$;
DO $$
DECLARE
problem text;
other record;
users text;
BEGIN
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
(SELECT format('public.videos.id may be NULL, or no index begins with it. Make it the primary key, or ALTER COLUMN id SET NOT NULL and CREATE %s ON public.videos (id)',
CASE c.relkind WHEN 'p' THEN 'INDEX' ELSE 'UNIQUE INDEX CONCURRENTLY' END)
FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id'
AND NOT (a.attnotnull AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL))),
(SELECT format('public.videos.%I is a generated column that is not stored, and so one that triggers cannot see. Make it GENERATED ALWAYS AS (...) STORED', a.attname)
FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('status', 'video_url') AND a.attgenerated = 'v' LIMIT 1),
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
SELECT format('EXECUTE ON FUNCTION %s', f)
FROM unnest('{pg_sleep(float8),"set_config(text,text,bool)",pg_notification_queue_usage(),"pg_notify(text,text)",pg_try_advisory_xact_lock_shared(int8)}'::regprocedure[]) AS f
WHERE NOT has_function_privilege(c.relowner, f, 'EXECUTE')) AS p (needed) LIMIT 1),
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

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '1100ms';

DO $$
DECLARE
is_new boolean := to_regclass('public.system_config') IS NULL;
other record;
BEGIN
IF to_regnamespace('thumbnails') IS NULL THEN
CREATE SCHEMA thumbnails;
END IF;
REVOKE ALL ON SCHEMA thumbnails FROM PUBLIC;
IF is_new THEN
CREATE TABLE public.system_config (
key text PRIMARY KEY,
value text NOT NULL,
description text,
created_at timestamptz NOT NULL DEFAULT now(),
updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE public.system_config NO FORCE ROW LEVEL SECURITY;
END IF;
FOR other IN SELECT d.what, a.grantee
FROM (SELECT 'SCHEMA thumbnails' AS what, n.nspacl AS acl, n.nspowner AS owner FROM pg_namespace n
WHERE n.nspname = 'thumbnails' AND to_regclass('thumbnails.inbox') IS NULL
UNION ALL
SELECT 'public.system_config', c.relacl, c.relowner FROM pg_class c WHERE is_new AND c.oid = 'public.system_config'::regclass) AS d
CROSS JOIN LATERAL aclexplode(d.acl) AS a WHERE a.grantee NOT IN (0, d.owner) LOOP
EXECUTE format('REVOKE ALL ON %s FROM %I', other.what, pg_get_userbyid(other.grantee));
END LOOP;
END
$$;
CREATE TABLE IF NOT EXISTS thumbnails.inbox (
id bigint GENERATED ALWAYS AS IDENTITY,
video_id uuid NOT NULL,
reason text NOT NULL,
old_source text,
old_key text, -- The key of our object only: a picture of the platform's may be a data: URL of megabytes
old_state text,
xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
at timestamptz NOT NULL DEFAULT clock_timestamp(),
by_role text NOT NULL DEFAULT coalesce(nullif(current_setting('role', true), 'none'), session_user::text)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off);
CREATE TABLE IF NOT EXISTS thumbnails.set_aside (
video_id uuid NOT NULL,
reason text NOT NULL,
old_source text,
old_key text,
old_state text,
sqlstate text NOT NULL,
text text NOT NULL,
at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE IF NOT EXISTS thumbnails.pg_net_posts (
request_id bigint NOT NULL,
at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE SEQUENCE IF NOT EXISTS thumbnails.tokens AS bigint;
CREATE TABLE IF NOT EXISTS thumbnails.jobs (
video_id uuid NOT NULL,
kind text NOT NULL DEFAULT 'thumbnail',
lane smallint NOT NULL, -- 0 fresh, 1 a tenant's further jobs and retries, 2 bulk, 3 storyboards, 9 results that only SQL writes
tenant text NOT NULL DEFAULT '',
is_earned boolean NOT NULL DEFAULT false,
due_at timestamptz NOT NULL,
attempts smallint NOT NULL DEFAULT 0,
releases smallint NOT NULL DEFAULT 0,
token bigint,
claimed_at timestamptz,
source_url text,
old_thumbnail text,
request jsonb NOT NULL DEFAULT '{}',
result jsonb, -- A result that waits to be written: the argument of `settle`, with the claim's token and the refusal
created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
PRIMARY KEY (video_id, kind)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off);
CREATE TABLE IF NOT EXISTS thumbnails.events (
id bigint GENERATED ALWAYS AS IDENTITY,
video_id uuid NOT NULL,
from_status text,
to_status text,
token bigint,
attempt integer,
class text,
text text,
duration interval,
at timestamptz NOT NULL DEFAULT clock_timestamp(),
detail jsonb,
xid bigint DEFAULT pg_current_xact_id()::text::bigint,
PRIMARY KEY (video_id, id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE TABLE IF NOT EXISTS thumbnails.hourly_totals (
hour timestamptz,
measure text,
label text,
value numeric NOT NULL,
PRIMARY KEY (hour, measure, label)
);
CREATE TABLE IF NOT EXISTS thumbnails.positions (
is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
folded_before bigint NOT NULL DEFAULT 0,
folded_at timestamptz NOT NULL DEFAULT '-infinity',
pruned_before timestamptz,
swept_to uuid,
collected_to text NOT NULL DEFAULT '', -- The garbage collector's walk through the store continues after this key
last_sweep jsonb,
deliverer text,
delivers_until timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE TABLE IF NOT EXISTS thumbnails.locks (name text PRIMARY KEY);
CREATE OR REPLACE FUNCTION thumbnails.make_rows() RETURNS void
LANGUAGE sql AS $$
INSERT INTO thumbnails.positions DEFAULT VALUES ON CONFLICT DO NOTHING;
INSERT INTO thumbnails.locks (name) VALUES ('merge'), ('sweep'), ('totals'), ('tokens') ON CONFLICT DO NOTHING;
INSERT INTO thumbnails.locks (name) SELECT 'tenant ' || lpad(to_hex(n), 2, '0') FROM generate_series(0, 255) AS n ON CONFLICT DO NOTHING;
$$;
CREATE TABLE IF NOT EXISTS thumbnails.object_deletions (
key text PRIMARY KEY,
video_id uuid NOT NULL,
not_before timestamptz NOT NULL,
refused text
);
CREATE TABLE IF NOT EXISTS thumbnails.borrowed (
key text,
video_id uuid,
PRIMARY KEY (key, video_id)
);
CREATE TABLE IF NOT EXISTS thumbnails.breakers (
class text NOT NULL,
host text NOT NULL,
consecutive integer NOT NULL,
video_ids uuid[] NOT NULL,
open_until timestamptz,
probe_until timestamptz,
last_error text,
updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
PRIMARY KEY (class, host)
);
DO $$
DECLARE
definition text;
BEGIN
FOR definition IN SELECT d FROM unnest(ARRAY[
'inbox_order ON thumbnails.inbox (id)',
'inbox_video ON thumbnails.inbox (video_id)',
'jobs_due ON thumbnails.jobs (lane, due_at)',
'jobs_admitted ON thumbnails.jobs (tenant, due_at) WHERE tenant <> '''' AND due_at < ''infinity''',
'jobs_held ON thumbnails.jobs (tenant) WHERE tenant <> '''' AND token IS NOT NULL',
'jobs_parked ON thumbnails.jobs (tenant, created_at) WHERE due_at = ''infinity''',
'events_recent ON thumbnails.events USING brin (at, xid) WITH (autosummarize = on)',
'events_failed ON thumbnails.events (at, video_id) WHERE to_status = ''failed''',
'object_deletions_due ON thumbnails.object_deletions (not_before)'
]) AS d WHERE to_regclass('thumbnails.' || split_part(d, ' ', 1)) IS NULL LOOP
EXECUTE 'CREATE INDEX ' || definition;
END LOOP;
IF to_regtype('thumbnails.claim_answer') IS NULL THEN
CREATE TYPE thumbnails.claim_answer AS (
outcome text, video_id uuid, kind text, token bigint, attempt integer, video_url text, aspect_ratio text, time_seconds double precision,
retry_after_seconds double precision, class text, detail text, tenant text, answer text);
END IF;
FOR definition IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relname ~ '^(inbox|set_aside|pg_net_posts)$' AND c.relreplident <> 'f' LOOP
EXECUTE format('ALTER TABLE thumbnails.%I REPLICA IDENTITY FULL', definition);
END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.show_own_tables() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
forced record;
BEGIN
FOR forced IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relforcerowsecurity LOOP
EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', forced.name::regclass);
END LOOP;
END
$$;
DO $$ BEGIN PERFORM thumbnails.show_own_tables(), thumbnails.make_rows(); END $$;

CREATE OR REPLACE FUNCTION thumbnails.max_attempts() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 3 $$;
CREATE OR REPLACE FUNCTION thumbnails.wake_up_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026001 $$;
CREATE OR REPLACE FUNCTION thumbnails.lacks(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT url IS NULL OR url OPERATOR(pg_catalog.=) '' OR url OPERATOR(pg_catalog.~~) 'data:image/svg%' $$;
CREATE OR REPLACE FUNCTION thumbnails.is_off(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(btrim(value, E' \t\r\n')) IN ('false', 'off', 'no', '0') $$;
CREATE OR REPLACE FUNCTION thumbnails.holds() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT lower(current_setting('thumbnails.hold', true)) IN ('on', 't', 'tr', 'tru', 'true', 'y', 'ye', 'yes', '1') $$;
CREATE OR REPLACE FUNCTION thumbnails.words(refusal text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT left(regexp_replace(refusal, '[[:xdigit:]-]{12,}|[0-9]{2,}', '', 'g'), 200) $$;
CREATE OR REPLACE FUNCTION thumbnails.is_blank(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT btrim(coalesce(url, ''), E' \t\r\n') = '' $$;
CREATE OR REPLACE FUNCTION thumbnails.object_key(url text, video_id uuid) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
folder text := 'thumbnails/' || video_id::text || '/';
place integer := strpos(url, folder);
BEGIN
IF place = 0 AND strpos(url, video_id::text) > 0 THEN
url := regexp_replace(url, '%(?:25)*2[Ff]', '/', 'g');
place := strpos(url, folder);
END IF;
RETURN CASE WHEN place > 0 THEN folder || substring(substr(url, place + 48) FROM '^[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+') END;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.token_of(url text, video_id uuid) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT split_part(split_part(thumbnails.object_key(url, video_id), '-', 6), '.', 1)::numeric $$;
CREATE OR REPLACE FUNCTION thumbnails.claim_key(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(url FROM 'thumbnails(?:/|%(?:25)*2[Ff])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:/|%(?:25)*2[Ff])([0-9a-f]{16}-[0-9]+)') $$;
CREATE OR REPLACE FUNCTION thumbnails.is_ours(url text, video_id uuid, metadata jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (thumbnails.object_key(url, video_id) IS NOT NULL OR metadata ? 'method' AND thumbnails.claim_key(url) IS NOT NULL) IS TRUE $$;
CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT make_interval(secs => least(2400, greatest(
CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
CASE WHEN retry_after_seconds < 'infinity' THEN retry_after_seconds ELSE 0 END)))
$$;
CREATE OR REPLACE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2) $$;
CREATE OR REPLACE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN consecutive >= 5 THEN thumbnails.release_delay(consecutive - 4, 1) END $$;
CREATE OR REPLACE FUNCTION thumbnails.hash(value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN encode(sha256(convert_to(value, 'SQL_ASCII')), 'hex'); END $$;
CREATE OR REPLACE FUNCTION thumbnails.tenant(video jsonb) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(left(thumbnails.hash(nullif(video ->> 'user_id', '')), 16), '') $$;
CREATE OR REPLACE FUNCTION thumbnails.shape(video jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT CASE WHEN video ->> 'aspect_ratio' <> '' THEN jsonb_build_object('shape', video ->> 'aspect_ratio') ELSE '{}' END $$;
CREATE OR REPLACE FUNCTION thumbnails.moment(value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
RETURN value::timestamptz;
EXCEPTION WHEN OTHERS THEN
RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.iso(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
CREATE OR REPLACE FUNCTION thumbnails.time_limit() RETURNS interval
LANGUAGE sql STABLE AS $$ SELECT least(nullif(current_setting('statement_timeout')::interval, '0'), nullif(current_setting('transaction_timeout', true)::interval, '0')) $$;
CREATE OR REPLACE FUNCTION thumbnails.patience() RETURNS interval
LANGUAGE sql STABLE AS $$ SELECT least(interval '2 seconds', thumbnails.time_limit() / 5) $$;
CREATE OR REPLACE FUNCTION thumbnails.try_lock(lock_name text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
PERFORM FROM thumbnails.locks l WHERE l.name = lock_name FOR UPDATE SKIP LOCKED;
IF NOT FOUND AND NOT EXISTS (SELECT FROM thumbnails.locks l WHERE l.name = lock_name) THEN
PERFORM thumbnails.make_rows();
RETURN thumbnails.try_lock(lock_name);
END IF;
RETURN FOUND;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.trusts(roles oid[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN (SELECT bool_and(pg_has_role(r, n.nspowner, 'MEMBER')) FROM unnest(roles) AS r, pg_namespace n WHERE n.nspname = 'thumbnails');
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.check_config() RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
IF EXISTS (SELECT FROM pg_class c, pg_namespace n WHERE c.oid = to_regclass('public.system_config') AND n.nspname = 'thumbnails'
AND NOT pg_has_role(c.relowner, n.nspowner, 'MEMBER')) THEN
RAISE insufficient_privilege USING MESSAGE = 'system_config belongs to a role that may not act as the owner of videos, and is not read';
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.setting(name text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
PERFORM thumbnails.check_config();
RETURN (SELECT max(nullif(btrim(c.value, E' \t\r\n'), '')) FROM public.system_config c WHERE c.key = name);
EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.readiness(OUT enabled boolean, OUT missing text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
PERFORM thumbnails.check_config();
SELECT coalesce(bool_and(NOT thumbnails.is_off(c.value)) FILTER (WHERE c.key = 'auto_thumbnail_enabled'), true),
coalesce('Missing configuration in system_config: '
|| nullif(concat_ws(', ', CASE WHEN bool_or(c.key LIKE '%url') IS NOT TRUE THEN 'thumbnail_handlers_url / supabase_url' END,
CASE WHEN bool_or(c.key IN ('webhook_secret', 'service_role_key')) IS NOT TRUE THEN 'webhook_secret / service_role_key' END), '')
|| CASE WHEN row_security_active('public.system_config')
THEN format(', or its row level security hides it from %I, who owns videos and must own it, too', current_user) ELSE '' END,
'Wrong configuration in system_config: ' || string_agg(CASE
WHEN c.value ~ '[[:cntrl:]]' THEN c.key || ' holds control characters'
WHEN c.key LIKE '%url' AND c.value !~* '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$' THEN c.key || ' is no plain http:// or https:// URL'
WHEN c.key LIKE '%url' AND c.value ~* '/functions/v1(/|$)' THEN c.key || ' is the base URL, without /functions/v1'
END, ', ' ORDER BY c.key) FILTER (WHERE c.key <> 'auto_thumbnail_enabled'))
INTO enabled, missing
FROM (SELECT s.key, btrim(s.value, E' \t\r\n') AS value FROM public.system_config s
WHERE s.key IN ('auto_thumbnail_enabled', 'thumbnail_handlers_url', 'supabase_url', 'webhook_secret', 'service_role_key')) AS c
WHERE c.value <> '';
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.source_identity(url text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
signing text := coalesce(thumbnails.setting('thumbnail_signing_parameters'),
'X-Amz-*, X-Goog-*, Signature, Expires, Key-Pair-Id, Policy, sv, se, st, sp, sig, token');
without_fragment text := split_part(btrim(url, E' \t\r\n'), '#', 1);
place text := split_part(without_fragment, '?', 1);
pattern text := '^(' || replace(regexp_replace(regexp_replace(lower(signing COLLATE "C"), '[^a-z0-9_*,-]', '', 'g'), ',+', '|', 'g'), '*', '.*') || ')$';
BEGIN
IF place = without_fragment THEN
RETURN place;
END IF;
RETURN place || coalesce('?' || (SELECT string_agg(p.pair, '&' ORDER BY p.position)
FROM unnest(string_to_array(substr(without_fragment, length(place) + 2), '&')) WITH ORDINALITY AS p (pair, position)
WHERE p.pair <> '' AND lower(split_part(p.pair, '=', 1) COLLATE "C") !~ pattern), '');
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.is_same_source(a text, b text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a IS NOT DISTINCT FROM b OR coalesce(thumbnails.source_identity(a) = thumbnails.source_identity(b), false); END $$;

CREATE OR REPLACE FUNCTION thumbnails.wake_relay() RETURNS void
LANGUAGE sql AS $$
SELECT CASE WHEN pg_catalog.current_setting('max_prepared_transactions') OPERATOR(pg_catalog.=) '0'
AND NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key())
AND pg_catalog.pg_notification_queue_usage() OPERATOR(pg_catalog.<) 0.9 THEN pg_catalog.pg_notify('thumbnails', '') END
$$;
CREATE OR REPLACE FUNCTION thumbnails.makers_of_pg_net() RETURNS oid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
net oid := to_regnamespace('net');
makers oid[] := ARRAY(SELECT p.proowner FROM pg_proc p WHERE p.proname = 'http_post' AND p.pronamespace = net);
BEGIN
RETURN CASE WHEN makers <> '{}' THEN makers
|| ARRAY(SELECT c.relowner FROM pg_class c WHERE c.relname IN ('http_request_queue', '_http_response') AND c.relnamespace = net
UNION ALL SELECT n.nspowner FROM pg_namespace n WHERE n.oid = net
UNION ALL SELECT a.grantee FROM pg_namespace n, aclexplode(n.nspacl) AS a WHERE n.oid = net AND a.privilege_type = 'CREATE') END;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
posted integer := coalesce(nullif(current_setting('thumbnails.pg_net_posted', true), '')::integer, 0);
base_url text;
secret text;
is_original boolean;
BEGIN
base_url := thumbnails.setting('thumbnail_handlers_url');
secret := thumbnails.setting('webhook_secret');
is_original := base_url IS NULL AND secret IS NULL;
IF posted >= 4 OR thumbnails.trusts(thumbnails.makers_of_pg_net()) IS NOT TRUE
OR thumbnails.is_off(thumbnails.setting('pg_net')) OR EXISTS (SELECT FROM thumbnails.readiness() AS r WHERE r.missing IS NOT NULL OR NOT r.enabled) THEN
RETURN false;
END IF;
IF secret IS NULL THEN
secret := thumbnails.setting('service_role_key');
PERFORM thumbnails.note_event(p_video_id, 'configuration',
'system_config.webhook_secret is not set: the service key travels through pg_net''s readable queue');
END IF;
EXECUTE 'INSERT INTO thumbnails.pg_net_posts (request_id) SELECT net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := $4)'
USING rtrim(coalesce(base_url, thumbnails.setting('supabase_url')), '/') || '/functions/v1/auto-generate-thumbnail',
jsonb_build_object('videoId', p_video_id)
|| CASE WHEN is_original THEN jsonb_build_object('videoUrl', (SELECT s.source FROM thumbnails.seen s WHERE s.id = p_video_id)) ELSE '{}' END,
jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || secret)
|| CASE WHEN is_original THEN '{}' ELSE '{"Prefer": "respond-async"}'::jsonb END,
CASE WHEN is_original THEN 150000 ELSE 10000 END;
PERFORM set_config('thumbnails.pg_net_posted', (posted + 1)::text, true) WHERE NOT is_original;
RETURN true;
EXCEPTION WHEN OTHERS OR assert_failure THEN
PERFORM set_config('thumbnails.pg_net_posted', '4', true);
BEGIN
PERFORM thumbnails.note_event(p_video_id, 'configuration',
format('pg_net refused the webhook: %s (%s)', coalesce(replace(SQLERRM, secret, '…'), SQLERRM), SQLSTATE));
EXCEPTION WHEN lock_not_available THEN
NULL; -- The history is locked. The platform's write must go on.
END;
RETURN false;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
NEW.thumbnail_generation_attempts := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN 0 ELSE OLD.thumbnail_generation_attempts END;
NEW.thumbnail_generation_started_at := OLD.thumbnail_generation_started_at;
NEW.thumbnail_generation_last_attempt_at := OLD.thumbnail_generation_last_attempt_at;
NEW.thumbnail_generated_at := OLD.thumbnail_generated_at;
NEW.thumbnail_metadata := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN '{}' ELSE OLD.thumbnail_metadata END;
RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.is_same_picture(a text, b text, video_id uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT a IS NOT DISTINCT FROM b OR coalesce(thumbnails.object_key(a, video_id) = thumbnails.object_key(b, video_id), false)
$$;
CREATE OR REPLACE FUNCTION thumbnails.project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
path pg_catalog.text;
starts boolean;
missing pg_catalog.text;
BEGIN
IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed' AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed'
AND NEW.thumbnail_url IS NULL AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url
AND (NEW.thumbnail_generation_error, NEW.thumbnail_generation_error_code) IS NULL AND NEW.thumbnail_generation_attempts OPERATOR(pg_catalog.=) 0
AND NOT NEW.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard' AND NOT OLD.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard'
AND pg_catalog.current_setting('thumbnails.configured', true)
OPERATOR(pg_catalog.=) pg_catalog.date_part('epoch', pg_catalog.statement_timestamp())::pg_catalog.int8::pg_catalog.text THEN
NEW.thumbnail_generation_status := 'pending';
RETURN NEW;
ELSIF TG_OP OPERATOR(pg_catalog.=) 'INSERT' AND COALESCE(NEW.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed', true)
AND NEW.thumbnail_url IS NULL AND NEW.thumbnail_generation_status IS NULL
OR pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text THEN
RETURN NEW;
END IF;
path := pg_catalog.current_setting('search_path');
starts := pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL;
IF NEW.thumbnail_generation_status = '' THEN
NEW.thumbnail_generation_status := NULL; -- a form's
END IF;
IF TG_OP = 'INSERT' THEN
IF NEW.thumbnail_generation_status IS NULL OR NEW.thumbnail_generation_status = 'pending' AND NOT thumbnails.lacks(NEW.thumbnail_url)
AND NOT thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) THEN
IF thumbnails.lacks(NEW.thumbnail_url) THEN
starts := NEW.status::text = 'completed' AND set_config('thumbnails.inserted', statement_timestamp()::text, true) <> '';
ELSE
NEW.thumbnail_generation_status := 'completed';
NEW.thumbnail_generation_started_at := NULL;
NEW.thumbnail_metadata := '{"source": "external"}';
END IF;
END IF;
ELSIF NOT thumbnails.lacks(NEW.thumbnail_url) AND NOT thumbnails.is_same_picture(NEW.thumbnail_url, OLD.thumbnail_url, NEW.id) THEN
IF thumbnails.token_of(NEW.thumbnail_url, NEW.id) < thumbnails.token_of(OLD.thumbnail_url, NEW.id) AND thumbnails.is_same_source(OLD.video_url, NEW.video_url) THEN
NEW.thumbnail_url := OLD.thumbnail_url;
NEW.thumbnail_metadata := OLD.thumbnail_metadata;
path := set_config('search_path', path, true);
RETURN NEW;
END IF;
IF (OLD.thumbnail_generation_status, NEW.thumbnail_generation_status) IS DISTINCT FROM ('processing', 'completed') THEN
NEW.thumbnail_generation_started_at := NULL;
NEW.thumbnail_metadata := '{"source": "external"}';
END IF;
NEW.thumbnail_generation_status := 'completed';
NEW.thumbnail_generated_at := clock_timestamp();
NEW.thumbnail_generation_error := NULL;
NEW.thumbnail_generation_error_code := NULL;
ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url AND thumbnails.holds() IS NOT TRUE THEN
IF thumbnails.lacks(NEW.thumbnail_url) THEN
starts := NEW.status::text = 'completed' AND (coalesce(OLD.thumbnail_generation_status, '') NOT IN ('pending', 'processing') OR OLD.status IS DISTINCT FROM NEW.status
OR NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url));
ELSE
starts := thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) AND NOT thumbnails.is_blank(NEW.video_url)
AND NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url);
END IF;
ELSE
starts := NEW.status::text = 'completed' AND thumbnails.lacks(NEW.thumbnail_url) AND (OLD.status IS DISTINCT FROM NEW.status OR NOT thumbnails.lacks(OLD.thumbnail_url));
END IF;
IF starts THEN
IF current_setting('thumbnails.configured', true) IS DISTINCT FROM date_part('epoch', statement_timestamp())::bigint::text THEN
BEGIN
PERFORM thumbnails.check_config();
IF NOT (EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('thumbnail_handlers_url', 'supabase_url') AND btrim(c.value) <> '')
AND EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('webhook_secret', 'service_role_key') AND btrim(c.value) <> '')
AND set_config('thumbnails.configured', date_part('epoch', statement_timestamp())::bigint::text, false) <> '') THEN
missing := (thumbnails.readiness()).missing;
END IF;
EXCEPTION WHEN OTHERS THEN
missing := 'Missing configuration in system_config: the table is not there, or cannot be read';
END;
END IF;
NEW.thumbnail_generation_status := 'pending';
IF missing IS NOT NULL OR NEW.thumbnail_generation_error IS NOT NULL OR NEW.thumbnail_generation_error_code IS NOT NULL
OR NEW.thumbnail_generation_attempts IS DISTINCT FROM 0 THEN
NEW.thumbnail_generation_attempts := 0;
NEW.thumbnail_generation_error := missing;
NEW.thumbnail_generation_error_code := CASE WHEN missing IS NOT NULL THEN 'configuration' END;
END IF;
ELSIF TG_OP = 'UPDATE' AND (NEW.thumbnail_generation_status = 'pending' AND current_setting('thumbnails.inserted', true) = statement_timestamp()::text
OR OLD.thumbnail_generation_status = 'pending' AND NOT starts AND thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata)) THEN
NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
END IF;
IF TG_OP = 'UPDATE' AND (OLD.thumbnail_metadata ? 'storyboard' OR NEW.thumbnail_metadata ? 'storyboard') THEN
NEW.thumbnail_metadata := thumbnails.keep_storyboard(OLD.thumbnail_metadata, NEW.thumbnail_metadata, OLD.video_url, NEW.video_url);
END IF;
path := set_config('search_path', path, true);
RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
path pg_catalog.text;
reason pg_catalog.text;
BEGIN
IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND TG_NARGS OPERATOR(pg_catalog.=) 0 AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed'
AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed' AND NEW.thumbnail_url IS NULL AND OLD.thumbnail_url IS NULL AND OLD.id OPERATOR(pg_catalog.=) NEW.id
AND pg_catalog.to_regnamespace('net') IS NULL THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_state) VALUES (NEW.id, 'finished', OLD.video_url, OLD.thumbnail_generation_status);
reason := thumbnails.wake_relay();
RETURN NULL;
ELSIF pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text AND NOT thumbnails.lacks(NEW.thumbnail_url)
AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url THEN
RETURN NULL;
END IF;
path := pg_catalog.current_setting('search_path');
reason := CASE WHEN pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL THEN '' END;
IF TG_NARGS = 1 AND (OLD.status, OLD.video_url, OLD.thumbnail_url) IS DISTINCT FROM (NEW.status, NEW.video_url, NEW.thumbnail_url) THEN
NULL;
ELSIF current_setting('thumbnails.writing', true) = NEW.id::text THEN
IF thumbnails.lacks(NEW.thumbnail_url) > thumbnails.lacks(OLD.thumbnail_url) THEN
RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
END IF;
IF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
UPDATE thumbnails.jobs j SET source_url = NEW.video_url WHERE j.video_id = NEW.id AND j.source_url IS NOT DISTINCT FROM OLD.video_url;
END IF;
ELSIF TG_OP = 'DELETE' THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key) VALUES (OLD.id, 'gone', OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id));
ELSIF NEW.status::text IS DISTINCT FROM 'completed' AND OLD.id = NEW.id
AND (OLD.video_url IS NOT DISTINCT FROM NEW.video_url OR NEW.thumbnail_generation_status IS DISTINCT FROM 'completed')
AND (OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url OR coalesce(strpos(NEW.thumbnail_url, 'thumbnails'), 0) = 0) THEN
NULL;
ELSIF TG_OP = 'INSERT' THEN
reason := CASE WHEN set_config('thumbnails.inserted', '', true) = ''
AND NEW.thumbnail_generation_status <> 'pending' AND thumbnails.object_key(NEW.thumbnail_url, NEW.id) IS NOT NULL THEN 'shown' ELSE 'finished' END;
ELSIF OLD.id <> NEW.id THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_key) VALUES (OLD.id, 'gone', thumbnails.object_key(nullif(OLD.thumbnail_url, NEW.thumbnail_url), OLD.id));
reason := 'finished';
ELSIF OLD.status IS DISTINCT FROM NEW.status AND (thumbnails.lacks(NEW.thumbnail_url) OR NEW.thumbnail_generation_status <> 'completed') THEN
reason := 'finished';
ELSIF OLD.video_url IS DISTINCT FROM NEW.video_url AND thumbnails.holds() IS NOT TRUE THEN
reason := 'source';
ELSIF NOT thumbnails.is_same_picture(OLD.thumbnail_url, NEW.thumbnail_url, NEW.id) THEN
reason := 'picture';
ELSIF OLD.thumbnail_generation_status IS DISTINCT FROM NEW.thumbnail_generation_status AND OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url THEN
reason := 'state';
END IF;
IF reason IS NOT NULL THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state)
VALUES (NEW.id, reason, OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id), OLD.thumbnail_generation_status);
IF to_regnamespace('net') IS NOT NULL AND reason IS DISTINCT FROM 'state' AND thumbnails.lacks(NEW.thumbnail_url)
AND current_setting('thumbnails.pg_net_posted', true) IS DISTINCT FROM '4' THEN
PERFORM thumbnails.post_by_pg_net(NEW.id);
END IF;
PERFORM thumbnails.wake_relay();
END IF;
path := set_config('search_path', path, true);
RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.note_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
EXECUTE format($q$INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key)
SELECT v.id, 'gone', v.video_url, thumbnails.object_key(v.thumbnail_url, v.id) FROM %s v WHERE thumbnails.object_key(v.thumbnail_url, v.id) IS NOT NULL
UNION ALL
SELECT j.video_id, 'gone', NULL, NULL FROM thumbnails.jobs j$q$, TG_RELID::regclass)
|| CASE WHEN to_regclass('thumbnails.storyboards') IS NOT NULL THEN $q$ UNION ALL SELECT b.video_id, 'gone', NULL, NULL FROM thumbnails.storyboards b$q$ ELSE '' END;
RETURN NULL;
END
$$;

COMMIT;

BEGIN;
SET LOCAL client_min_messages = notice;
SET LOCAL lock_timeout = '1100ms';

DO $$
DECLARE
missing text := pg_temp.missing_columns();
wanted record;
other record;
BEGIN
IF missing IS NOT NULL THEN
BEGIN
EXECUTE 'ALTER TABLE public.videos ' || missing;
EXCEPTION WHEN feature_not_supported THEN
EXECUTE 'ALTER TABLE public.videos ' || regexp_replace(missing, ' DEFAULT [^,]+', '', 'g');
EXECUTE 'ALTER TABLE public.videos ' || (SELECT string_agg('ALTER ' || m[1] || ' SET' || m[2], ', ')
FROM regexp_matches(missing, E'(\\S+) \\S+( DEFAULT [^,]+)', 'g') AS m);
END;
END IF;
FOR other IN
SELECT format('CONSTRAINT %s %s', c.conname, pg_get_constraintdef(c.oid)) AS what, format('ALTER TABLE public.videos DROP CONSTRAINT %I', c.conname) AS act
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND a.attname = 'thumbnail_generation_status'
AND c.conname <> 'videos_thumbnail_generation_status_valid'
UNION ALL
SELECT format('TRIGGER %s (%s)', t.tgname, p.oid::regprocedure), format('DROP TRIGGER %I ON public.videos', t.tgname)
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = 'public.videos'::regclass AND NOT t.tgisinternal AND t.tgparentid = 0 AND p.pronamespace <> 'thumbnails'::regnamespace
AND regexp_replace(regexp_replace(p.prosrc, '/[*].*?[*]/', '', 'g'), '--[^\n]*', '', 'g') ~ '/auto-generate-thumbnail'
LOOP
RAISE NOTICE 'removed from videos: %', other.what;
EXECUTE other.act;
END LOOP;
IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass AND conname = 'videos_thumbnail_generation_status_valid') THEN
ALTER TABLE public.videos ADD CONSTRAINT videos_thumbnail_generation_status_valid
CHECK (thumbnail_generation_status ~ '^(pending|processing|completed|failed)$') NOT VALID;
END IF;
FOR wanted IN SELECT * FROM (VALUES
('zz_thumbnails_a_guard_insert', $t$BEFORE INSERT ON public.videos FOR EACH ROW
WHEN (current_user ~ '^(anon|authenticated)$') EXECUTE FUNCTION thumbnails.guard()$t$),
('zz_thumbnails_a_guard_update', $t$BEFORE UPDATE OF thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata
ON public.videos FOR EACH ROW WHEN (current_user ~ '^(anon|authenticated)$') EXECUTE FUNCTION thumbnails.guard()$t$),
('zz_thumbnails_b_project_insert', $t$BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.project()$t$),
('zz_thumbnails_b_project_update', $t$BEFORE UPDATE OF status, video_url, thumbnail_url ON public.videos FOR EACH ROW
EXECUTE FUNCTION thumbnails.project()$t$),
('zz_thumbnails_c_note_insert', $t$AFTER INSERT ON public.videos FOR EACH ROW
WHEN (NEW.status = 'completed' AND (NEW.thumbnail_generation_status = 'pending' OR NEW.thumbnail_generation_status IS NULL
AND (NEW.thumbnail_url IS NULL OR NEW.thumbnail_url = '' OR NEW.thumbnail_url LIKE 'data:image/svg%'))
OR NEW.thumbnail_url LIKE '%thumbnails%________-____-____-____-____________%'
OR strpos(NEW.thumbnail_metadata ->> 'storyboard', NEW.id::text) = 0)
EXECUTE FUNCTION thumbnails.note()$t$),
('zz_thumbnails_c_note_update', $t$AFTER UPDATE ON public.videos FOR EACH ROW
WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.video_url IS DISTINCT FROM NEW.video_url
OR OLD.thumbnail_url IS DISTINCT FROM NEW.thumbnail_url)
EXECUTE FUNCTION thumbnails.note()$t$),
('zz_thumbnails_c_note_update_state', $t$AFTER UPDATE OF id, thumbnail_generation_status ON public.videos FOR EACH ROW
WHEN (NULLIF(current_setting('thumbnails.writing', true), '') IS NULL) EXECUTE FUNCTION thumbnails.note('state')$t$),
('zz_thumbnails_c_note_delete', $t$AFTER DELETE ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.note()$t$),
('zz_thumbnails_c_note_truncate', $t$BEFORE TRUNCATE ON public.videos FOR EACH STATEMENT EXECUTE FUNCTION thumbnails.note_truncate()$t$)) AS w (name, definition)
WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'public.videos'::regclass AND t.tgname = w.name
AND obj_description(t.oid, 'pg_trigger') = thumbnails.hash(w.definition)) LOOP
EXECUTE format('CREATE OR REPLACE TRIGGER %I %s', wanted.name, wanted.definition);
EXECUTE format('COMMENT ON TRIGGER %I ON public.videos IS %L', wanted.name, thumbnails.hash(wanted.definition));
END LOOP;
END
$$;

COMMIT;

BEGIN;
SET LOCAL client_min_messages = notice;
SET LOCAL lock_timeout = '1100ms';

DO $$
DECLARE
title text;
created_at text;
wanted record;
other record;
BEGIN
FOR other IN SELECT r.what FROM pg_temp.replaced_objects() AS r LOOP
RAISE NOTICE 'removed, and made anew: %', other.what;
EXECUTE 'DROP ' || other.what;
END LOOP;
SELECT coalesce(max('v.title') FILTER (WHERE a.attname = 'title'), 'NULL::text AS title'), coalesce(max('v.created_at') FILTER (WHERE a.attname = 'created_at'), 'NULL::timestamptz')
INTO title, created_at FROM pg_attribute a WHERE a.attrelid = 'public.videos'::regclass;
FOR wanted IN SELECT n.name, format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS %s', n.name, w.definition) AS act, thumbnails.hash(w.definition || obj.types) AS mark
FROM (SELECT coalesce(string_agg(format('%s %s %s', a.attname, a.atttypid, a.attrelid), ',' ORDER BY a.attnum), '') AS types FROM pg_attribute a
WHERE a.attrelid = 'public.videos'::regclass AND a.attnum > 0 AND a.attname IN ('title', 'created_at', 'status', 'video_url', 'thumbnail_url')) AS obj,
(VALUES
('thumbnails.seen', $v$
SELECT v.id, v.status::text AS status, v.video_url::text AS source, v.thumbnail_url::text AS picture, v.thumbnail_generation_status::text AS state,
v.thumbnail_generation_error AS error, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
v.thumbnail_metadata AS metadata
FROM public.videos v$v$),
('public.thumbnail_generation_health thumbnails.health', $v$
SELECT count(*) FILTER (WHERE v.thumbnail_generation_status = 'completed') AS completed_count,
count(*) FILTER (WHERE v.thumbnail_generation_status = 'failed') AS failed_count,
count(*) FILTER (WHERE v.thumbnail_generation_status = 'processing') AS processing_count,
count(*) FILTER (WHERE v.thumbnail_generation_status = 'pending') AS pending_count,
(SELECT count(*) FROM public.videos l
WHERE l.status = 'completed' AND (l.thumbnail_url IS NULL OR l.thumbnail_url = '' OR l.thumbnail_url LIKE 'data:image/svg%')) AS needs_generation_count,
round(100.0 * count(*) FILTER (WHERE v.thumbnail_generation_status = 'completed')
/ nullif(count(*) FILTER (WHERE v.thumbnail_generation_status IN ('completed', 'failed')), 0), 2) AS success_rate_percent,
round(avg(date_part('epoch', v.thumbnail_generated_at - v.thumbnail_generation_started_at))
FILTER (WHERE v.thumbnail_generation_status = 'completed'
AND v.thumbnail_generation_started_at > to_timestamp(0) AND v.thumbnail_generated_at >= v.thumbnail_generation_started_at
AND v.thumbnail_generated_at < to_timestamp(1e11))::numeric, 2) AS avg_generation_time_seconds
FROM public.videos v$v$),
('public.thumbnail_generation_failures', $v$
SELECT v.thumbnail_generation_error,
count(*) AS failure_count,
max(v.thumbnail_generation_last_attempt_at) AS last_occurrence,
(array_agg(v.id ORDER BY v.thumbnail_generation_last_attempt_at DESC NULLS LAST))[1:5] AS recent_video_ids
FROM public.videos v
WHERE v.thumbnail_generation_status = 'failed'
GROUP BY v.thumbnail_generation_error
ORDER BY failure_count DESC, last_occurrence DESC$v$),
('public.videos_need_thumbnail_generation', format($v$
SELECT v.id, %s, v.video_url, v.status, v.thumbnail_url, v.thumbnail_generation_status, v.thumbnail_generation_error,
v.thumbnail_generation_attempts, v.thumbnail_generation_last_attempt_at,
CASE WHEN isfinite(v.thumbnail_generation_last_attempt_at)
THEN round((extract(epoch FROM now() - v.thumbnail_generation_last_attempt_at) / 60)::numeric, 1) END AS minutes_since_last_attempt,
%s AS created_at
FROM public.videos v
WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%%')
ORDER BY created_at DESC$v$, title, created_at))) AS w (names, definition),
string_to_table(w.names, ' ') AS n (name)
LOOP
CONTINUE WHEN obj_description(to_regclass(wanted.name), 'pg_class') = wanted.mark;
BEGIN
EXECUTE wanted.act;
EXCEPTION WHEN invalid_table_definition THEN
RAISE NOTICE 'removed, and made anew: VIEW %', wanted.name;
EXECUTE format('DROP VIEW %s', wanted.name);
EXECUTE wanted.act;
END;
EXECUTE format('COMMENT ON VIEW %s IS %L', wanted.name, wanted.mark);
END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.see_all() RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
IF row_security_active('public.videos') THEN
RAISE EXCEPTION 'row level security hides public.videos from %, for whom the queue works: ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY', current_user
USING ERRCODE = '55000';
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.own(p_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
BEGIN
RETURN (SELECT o.own
FROM (SELECT NULL AS user_id, NULL AS aspect_ratio, NULL AS created_at, NULL AS title) AS absent
CROSS JOIN LATERAL (SELECT jsonb_build_object('user_id', user_id::text, 'aspect_ratio', aspect_ratio::text, 'created_at', created_at, 'title', title::text) AS own
FROM public.videos v WHERE v.id = p_id LIMIT 1) AS o);
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.may_fire() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
RETURN thumbnails.trusts(ARRAY(
SELECT (SELECT c.relowner FROM pg_class c WHERE c.oid = l.relation AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgdeferrable))
FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.mode = 'RowExclusiveLock')) IS NOT FALSE;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.end_write(p_written boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
half_minute text := (pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()) OPERATOR(pg_catalog./) 30)::pg_catalog.int8::pg_catalog.text;
BEGIN
IF NOT COALESCE(pg_catalog.current_setting('thumbnails.defers_not', true) OPERATOR(pg_catalog.=) half_minute, false) THEN
IF EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tginitdeferred)
OR EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.prosrc OPERATOR(pg_catalog.~*) 'set[[:space:]]+constraints'
AND p.pronamespace OPERATOR(pg_catalog.<>) 'thumbnails'::pg_catalog.regnamespace) THEN
IF thumbnails.may_fire() THEN
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
END IF;
ELSE
PERFORM pg_catalog.set_config('thumbnails.defers_not', half_minute, false);
END IF;
END IF;
RETURN pg_catalog.set_config('thumbnails.writing', '', true) IS NOT NULL AND p_written;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.write_state(
p_id uuid, p_picture text, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb, p_waits boolean) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
#variable_conflict use_variable
DECLARE
p_shown text := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true);
p_started pg_catalog.timestamptz := CASE WHEN p_state OPERATOR(pg_catalog.=) 'processing' THEN pg_catalog.clock_timestamp() END;
BEGIN
IF NOT p_waits THEN
PERFORM FROM public.videos v WHERE v.id OPERATOR(pg_catalog.=) p_id FOR NO KEY UPDATE SKIP LOCKED;
IF NOT FOUND THEN
RETURN thumbnails.end_write(false);
END IF;
END IF;
FOR p_shown IN UPDATE public.videos v
SET thumbnail_generation_status = p_state,
thumbnail_generation_error = p_error,
thumbnail_generation_error_code = p_class,
thumbnail_generation_attempts = p_attempts,
thumbnail_generation_started_at = COALESCE(p_started, v.thumbnail_generation_started_at),
thumbnail_generation_last_attempt_at = COALESCE(p_started, v.thumbnail_generation_last_attempt_at),
thumbnail_metadata = CASE WHEN p_metadata IS NULL THEN v.thumbnail_metadata
WHEN pg_catalog.jsonb_typeof(v.thumbnail_metadata) OPERATOR(pg_catalog.=) 'object' THEN v.thumbnail_metadata OPERATOR(pg_catalog.||) p_metadata
ELSE p_metadata END
WHERE v.id OPERATOR(pg_catalog.=) p_id
AND (v.thumbnail_url IS NULL OR thumbnails.lacks(v.thumbnail_url) OR v.thumbnail_url OPERATOR(pg_catalog.=) p_picture
OR p_state OPERATOR(pg_catalog.=) 'completed')
RETURNING v.thumbnail_generation_status LOOP
IF COALESCE(p_shown OPERATOR(pg_catalog.<>) p_state, true) THEN
RAISE EXCEPTION 'a trigger of the platform''s puts the state back';
END IF;
END LOOP;
RETURN thumbnails.end_write(FOUND);
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.lasting(metadata jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
'replaced', pg_catalog.jsonb_extract_path(metadata, 'replaced'), 'storyboard', pg_catalog.jsonb_extract_path(metadata, 'storyboard')))
$$;
CREATE OR REPLACE FUNCTION thumbnails.write_picture(
p_id uuid, p_source text, p_old text, p_url text, p_metadata jsonb, p_attempts integer, p_started timestamptz) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
#variable_conflict use_variable
DECLARE
p_written boolean := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true) IS NULL;
p_shown text;
BEGIN
UPDATE public.videos v
SET thumbnail_url = p_url,
thumbnail_generation_status = 'completed',
thumbnail_generation_error = NULL,
thumbnail_generation_error_code = NULL,
thumbnail_generation_attempts = p_attempts,
thumbnail_generation_started_at = p_started,
thumbnail_generation_last_attempt_at = p_started,
thumbnail_generated_at = pg_catalog.clock_timestamp(),
thumbnail_metadata = thumbnails.lasting(v.thumbnail_metadata) OPERATOR(pg_catalog.||) p_metadata
WHERE v.id OPERATOR(pg_catalog.=) p_id AND COALESCE(v.video_url OPERATOR(pg_catalog.=) p_source, v.video_url IS NULL AND p_source IS NULL)
AND COALESCE(v.thumbnail_url OPERATOR(pg_catalog.=) p_old, v.thumbnail_url IS NULL AND p_old IS NULL)
RETURNING v.thumbnail_url INTO p_shown;
p_written := FOUND;
IF p_written AND (thumbnails.lacks(p_shown) OR p_shown OPERATOR(pg_catalog.=) p_old AND p_url OPERATOR(pg_catalog.<>) p_old) THEN
RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
END IF;
RETURN thumbnails.end_write(p_written);
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.show_state(
p_job thumbnails.jobs, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb DEFAULT NULL, p_waits boolean DEFAULT false)
RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
refused_text text;
BEGIN
IF p_job.kind <> 'thumbnail' OR current_setting('thumbnails.cut', true) = 'on' THEN
RETURN false;
END IF;
FOR round IN 1..2 LOOP
BEGIN
RETURN thumbnails.write_state(p_job.video_id, p_job.old_thumbnail, p_state, p_error, p_class, p_attempts, p_metadata, p_waits);
EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
IF p_waits AND SQLSTATE = '55P03' THEN
RETURN false;
ELSIF SQLSTATE = '57014' THEN
PERFORM set_config('thumbnails.cut', 'on', true);
END IF;
refused_text := format('the platform refused ''%s'' on its row: %s (%s)', p_state, left(SQLERRM, 1000), SQLSTATE);
EXIT WHEN SQLSTATE <> '42804';
DISCARD PLANS;
END;
END LOOP;
INSERT INTO thumbnails.events (video_id, class, text)
SELECT p_job.video_id, 'platform', refused_text
WHERE NOT EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_job.video_id AND e.class = 'platform' AND thumbnails.words(e.text) = thumbnails.words(refused_text));
RETURN false;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.put_down(p_key text, p_video_id uuid, p_keep_seconds double precision DEFAULT 86400) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
IF p_key IS NOT NULL THEN
INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
VALUES (p_key, p_video_id, clock_timestamp() + make_interval(secs => p_keep_seconds))
ON CONFLICT (key) DO UPDATE SET not_before = greatest(d.not_before, excluded.not_before);
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.note_event(p_video_id uuid, p_class text, p_text text, p_decoder_end text DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
INSERT INTO thumbnails.events (video_id, class, text, detail)
SELECT p_video_id, p_class, left(p_text, 1000),
CASE WHEN p_decoder_end IS NOT NULL THEN jsonb_build_object('decoderEnd', left(p_decoder_end, 40), 'worker', current_setting('application_name')) END
$$;

CREATE OR REPLACE FUNCTION thumbnails.admitted(p_tenant text, p_most integer, p_soon timestamptz DEFAULT clock_timestamp() + interval '1 second')
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.token IS NOT NULL LIMIT p_most) AS h)
+ (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j
WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.due_at < 'infinity' AND j.due_at <= p_soon
AND j.token IS NULL AND j.lane < 9
ORDER BY j.due_at LIMIT p_most) AS d);
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.admit(p_tenant text, p_count integer, p_is_earned boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
ids uuid[];
BEGIN
IF p_count > 0 AND NOT EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_tenant) THEN
WITH admitted AS (
UPDATE thumbnails.jobs j SET due_at = clock_timestamp(), is_earned = p_is_earned
WHERE j.ctid = ANY (ARRAY(SELECT p.ctid FROM thumbnails.jobs p
WHERE p.tenant = p_tenant AND p.due_at = 'infinity'
ORDER BY p.created_at LIMIT p_count FOR UPDATE SKIP LOCKED))
RETURNING j.video_id
)
SELECT array_agg(a.video_id) INTO ids FROM admitted AS a;
PERFORM thumbnails.wake_relay() WHERE ids IS NOT NULL;
PERFORM thumbnails.post_by_pg_net(ids[2]) WHERE cardinality(ids) > 1 AND to_regnamespace('net') IS NOT NULL;
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.admit_next(p_tenant text, p_seconds double precision DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
IF p_tenant = '' OR NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.due_at = 'infinity') THEN
RETURN;
ELSIF p_seconds < 5 THEN
PERFORM thumbnails.admit(p_tenant, CASE WHEN thumbnails.admitted(p_tenant, 16) < 16 THEN 2 ELSE 1 END, true);
ELSE
PERFORM thumbnails.admit(p_tenant, 2 - thumbnails.admitted(p_tenant, 2));
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.has_turn(p_job thumbnails.jobs) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
slow_since timestamptz := timestamptz 'infinity';
BEGIN
IF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant) THEN
RETURN false;
ELSIF p_job.token IS NOT NULL THEN
RETURN true;
ELSIF p_job.is_earned THEN
slow_since := clock_timestamp() - interval '5 seconds';
ELSE
PERFORM FROM thumbnails.locks l WHERE l.name = 'tenant ' || left(p_job.tenant, 2) FOR UPDATE;
END IF;
IF (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
WHERE j.tenant = p_job.tenant AND j.tenant <> '' AND j.token IS NOT NULL AND j.claimed_at < slow_since LIMIT 2) AS h) THEN
RAISE EXCEPTION 'there is no place' USING ERRCODE = 'PLACE';
END IF;
RETURN true;
EXCEPTION WHEN SQLSTATE 'PLACE' OR lock_not_available THEN
RETURN false;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.park(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
UPDATE thumbnails.jobs j
SET due_at = CASE WHEN j.token IS NULL THEN timestamptz 'infinity' ELSE clock_timestamp() + interval '1 minute' END, is_earned = false, lane = greatest(j.lane, 1),
created_at = CASE WHEN j.attempts > 0 THEN clock_timestamp() ELSE j.created_at END
WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.admit_stalled() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
next_tenant text := '';
BEGIN
LOOP
SELECT j.tenant INTO next_tenant FROM thumbnails.jobs j
WHERE j.tenant > next_tenant AND j.due_at = 'infinity' ORDER BY j.tenant LIMIT 1;
EXIT WHEN NOT FOUND;
PERFORM thumbnails.admit(next_tenant, 2) WHERE thumbnails.admitted(next_tenant, 1) = 0;
END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.merge_slice(p_limit integer, p_only uuid, p_after bigint, OUT hints integer, OUT last_id bigint)
LANGUAGE plpgsql SET plan_cache_mode = auto AS $$
#variable_conflict use_variable
DECLARE
t timestamptz := clock_timestamp();
taken thumbnails.inbox[];
ids uuid[];
held uuid[];
busy uuid[];
bulk_xids xid8[];
missing text;
untrusted text[];
odd_ids uuid[];
odd_acts text[];
odd_reasons text[];
odd_sources text[];
ended_tenants text[];
moved_on thumbnails.inbox[];
job thumbnails.jobs%ROWTYPE;
video thumbnails.seen%ROWTYPE;
is_shown boolean;
BEGIN
WITH gone AS (
DELETE FROM thumbnails.inbox i
WHERE i.ctid = ANY (CASE WHEN p_only IS NULL
THEN ARRAY(SELECT s.ctid FROM thumbnails.inbox s WHERE s.id > p_after ORDER BY s.id LIMIT p_limit FOR UPDATE SKIP LOCKED)
ELSE ARRAY(SELECT s.ctid FROM thumbnails.inbox s WHERE s.video_id = p_only ORDER BY s.id LIMIT p_limit FOR UPDATE) END)
RETURNING i.*
)
SELECT array_agg(g.*::thumbnails.inbox), count(*), max(g.id) INTO taken, hints, last_id FROM gone AS g;
PERFORM thumbnails.see_all();
ids := ARRAY(SELECT DISTINCT u.video_id FROM unnest(taken) AS u);
held := ARRAY(SELECT l.video_id FROM (SELECT j.video_id FROM thumbnails.jobs j WHERE j.video_id = ANY (ids) AND j.kind = 'thumbnail'
ORDER BY j.video_id FOR UPDATE SKIP LOCKED) AS l);
busy := ARRAY(SELECT j.video_id FROM thumbnails.jobs j WHERE j.video_id = ANY (ids) AND j.kind = 'thumbnail'
EXCEPT SELECT h.video_id FROM unnest(held) AS h (video_id));
IF cardinality(busy) > 0 THEN
INSERT INTO thumbnails.inbox OVERRIDING SYSTEM VALUE SELECT u.* FROM unnest(taken) AS u WHERE u.video_id = ANY (busy);
taken := ARRAY(SELECT u FROM unnest(taken) AS u WHERE u.video_id <> ALL (busy));
hints := cardinality(taken);
END IF;
IF hints = 0 THEN
RETURN;
END IF;
SELECT r.missing INTO missing FROM thumbnails.readiness() AS r;
untrusted := ARRAY(SELECT d.by_role FROM (SELECT DISTINCT u.by_role FROM unnest(taken) AS u) AS d WHERE NOT thumbnails.is_trusted(d.by_role::name));
bulk_xids := ARRAY(SELECT u.xid FROM unnest(taken) AS u GROUP BY u.xid HAVING count(*) > 100)
|| coalesce(nullif(current_setting('thumbnails.bulk_xids', true), '')::xid8[], '{}');
IF cardinality(bulk_xids) > 0 THEN
PERFORM set_config('thumbnails.bulk_xids', bulk_xids[1:10]::text, false);
END IF;
PERFORM set_config('plan_cache_mode', CASE WHEN hints > 100 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
WITH hinted AS (
SELECT u.video_id, min(u.id) AS first_id, min(u.at) AS at, array_agg(u.reason) AS reasons, bool_or(u.xid = ANY (bulk_xids)) AS is_bulk,
bool_and(u.by_role = ANY (untrusted)) AS is_users,
array_agg(u ORDER BY u.id) FILTER (WHERE u.reason = 'source' OR u.reason = 'gone' AND u.old_source IS NOT NULL) AS moves,
(array_agg(u.old_state ORDER BY u.id))[1] AS old_state,
array_agg(u.old_key) FILTER (WHERE u.old_key IS NOT NULL) AS old_keys
FROM unnest(taken) AS u GROUP BY u.video_id
), looked AS (
SELECT h.*, j.video_id IS NOT NULL AS has_job, j.token IS NOT NULL AND j.due_at > t AS is_leased, j.result AS job_result,
coalesce(j.request ? 'regenerate', false) AS is_regeneration, o.video_id IS NOT NULL AS is_held, j.source_url AS job_source, j.old_thumbnail AS job_picture,
v.id IS NOT NULL AS is_there, v.status::text IS NOT DISTINCT FROM 'completed' AS is_finished, v.video_url AS source, v.thumbnail_url AS picture,
v.thumbnail_generation_status AS state, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
v.thumbnail_generation_error AS error, v.thumbnail_generation_started_at AS started_at,
v.thumbnail_metadata #>> '{storyboard,url}' AS storyboard, thumbnails.own(v.id) AS own,
thumbnails.is_ours(v.thumbnail_url, v.id, v.thumbnail_metadata) AS is_ours,
m.reason AS moved, m.old_source,
m.id IS NOT NULL AND NOT thumbnails.is_same_source(m.old_source, v.video_url)
OR 'finished' = ANY (h.reasons) AND v.thumbnail_url IS NOT NULL AND EXISTS (
SELECT FROM thumbnails.seen o
WHERE o.id = substring(v.thumbnail_url FROM 'thumbnails/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid AND o.id <> v.id
AND o.picture = v.thumbnail_url AND o.state = 'completed' AND NOT thumbnails.is_same_source(o.source, v.video_url))
OR 'shown' = ANY (h.reasons)
AND EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = v.id AND (e.detail ->> 'lastToken')::numeric >= thumbnails.token_of(v.thumbnail_url, v.id))
AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = thumbnails.object_key(v.thumbnail_url, v.id)) AS is_another
FROM hinted AS h
LEFT JOIN unnest(held) AS o (video_id) ON o.video_id = h.video_id
LEFT JOIN thumbnails.jobs j ON j.video_id = h.video_id AND j.kind = 'thumbnail'
LEFT JOIN public.videos v ON v.id = h.video_id
LEFT JOIN LATERAL (SELECT u.* FROM unnest(h.moves) AS u WHERE (v.thumbnail_generated_at BETWEEN u.at AND t) IS NOT TRUE ORDER BY u.id LIMIT 1) AS m ON h.moves IS NOT NULL
), judged AS (
SELECT l.*, CASE
WHEN l.has_job AND NOT l.is_held THEN 'leave'
WHEN NOT l.is_there THEN 'end'
WHEN NOT l.is_finished THEN CASE WHEN l.is_leased THEN 'leave' ELSE 'end' END
WHEN thumbnails.lacks(l.picture) THEN CASE
WHEN thumbnails.is_blank(l.source) THEN CASE WHEN l.state = 'failed' AND l.code = 'media' THEN 'end' ELSE 'no_source' END
WHEN l.has_job THEN CASE
WHEN NOT thumbnails.is_same_source(l.job_source, l.source) THEN 'anew'
WHEN l.is_leased OR l.job_result IS NOT NULL OR l.is_regeneration THEN CASE
WHEN l.reasons && '{finished,source,picture,asked}' OR l.state = 'pending' AND 'state' = ANY (l.reasons) THEN 'again'
ELSE 'leave' END
WHEN l.state = 'processing' AND 'state' = ANY (l.reasons) THEN 'later'
WHEN l.reasons && '{finished,picture}' OR l.state = 'pending' AND 'state' = ANY (l.reasons) THEN 'anew'
WHEN l.reasons && '{source,asked}' THEN 'hurry'
ELSE 'leave' END
WHEN l.reasons && '{finished,source,picture,asked}' THEN 'make'
WHEN l.state = 'failed' THEN CASE WHEN NOT thumbnails.is_final(l.code, l.attempts) AND 'found' = ANY (l.reasons) THEN 'make' ELSE 'leave' END
WHEN l.state = 'processing' AND NOT 'found' = ANY (l.reasons) THEN 'leave'
ELSE 'make' END
WHEN l.is_ours AND NOT thumbnails.is_blank(l.source)
AND (l.is_another OR l.state = 'pending' AND l.reasons && '{finished,state}' OR (l.state = 'failed' OR l.has_job) AND l.reasons && '{finished,source}') THEN CASE
WHEN NOT l.has_job THEN 'make'
WHEN thumbnails.is_same_source(l.job_source, l.source) THEN 'again'
ELSE 'anew' END
WHEN l.has_job THEN CASE
WHEN thumbnails.is_same_picture(l.picture, l.job_picture, l.video_id)
OR l.is_regeneration AND thumbnails.is_same_source(l.job_source, l.source) THEN 'leave'
ELSE 'end' END
WHEN l.state IN ('pending', 'processing') OR l.state = 'failed' AND l.code IS NULL THEN 'heal'
ELSE 'leave' END AS act
FROM looked AS l
), due AS (
SELECT g.*, thumbnails.tenant(g.own) AS tenant, t + make_interval(secs => 1e-6 * row_number() OVER (ORDER BY g.first_id)) AS due_at,
row_number() OVER (PARTITION BY thumbnails.tenant(g.own), g.act ORDER BY g.first_id) AS nth,
CASE WHEN g.is_bulk OR g.reasons && '{found,asked}' THEN 2 END AS bulk_lane,
CASE WHEN g.is_users THEN thumbnails.minute_over(g.video_id) END AS not_before
FROM judged AS g
), made AS (
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, attempts, source_url, old_thumbnail, request, created_at)
SELECT d.video_id, coalesce(d.bulk_lane, CASE WHEN d.is_admitted THEN 0 ELSE 1 END), d.tenant,
CASE WHEN d.not_before IS NOT NULL THEN d.not_before WHEN d.is_admitted THEN d.due_at ELSE 'infinity' END,
CASE WHEN d.state = 'failed' AND d.reasons <@ '{found,state}' THEN greatest(d.attempts, 0) ELSE 0 END, d.source, d.picture, thumbnails.shape(d.own), d.at
FROM (SELECT m.*, m.tenant = '' OR m.nth <= 2 AND m.nth + thumbnails.admitted(m.tenant, 2) <= 2 AS is_admitted FROM due AS m WHERE m.act = 'make') AS d
ORDER BY d.video_id
ON CONFLICT DO NOTHING
RETURNING video_id
), renewed AS (
UPDATE thumbnails.jobs j
SET due_at = CASE WHEN d.not_before IS NULL AND j.due_at = 'infinity' THEN j.due_at ELSE coalesce(d.not_before, d.due_at) END,
is_earned = false, lane = coalesce(d.bulk_lane, least(j.lane, 1)), attempts = 0, releases = 0, token = NULL,
source_url = d.source, old_thumbnail = d.picture, result = NULL,
request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(d.own), created_at = d.at
FROM due AS d WHERE d.act = 'anew' AND j.video_id = d.video_id AND j.kind = 'thumbnail' RETURNING j.video_id
), moved AS (
UPDATE thumbnails.jobs j
SET due_at = CASE WHEN d.act = 'hurry' AND d.not_before IS NULL AND j.due_at = 'infinity' THEN j.due_at
WHEN d.act = 'hurry' THEN CASE WHEN d.not_before IS NULL THEN d.due_at ELSE least(d.not_before, j.due_at) END
WHEN d.act = 'again' THEN j.due_at
ELSE least(CASE WHEN isfinite(d.started_at) THEN d.started_at ELSE t END, t) + interval '30 minutes' END,
source_url = d.source,
request = CASE WHEN d.act <> 'later' AND (j.token IS NOT NULL OR j.result IS NOT NULL) THEN j.request || '{"again": true}' ELSE j.request END
FROM due AS d
WHERE d.act IN ('hurry', 'again', 'later') AND j.video_id = d.video_id AND j.kind = 'thumbnail'
RETURNING j.tenant
), ended AS (
DELETE FROM thumbnails.jobs j USING due AS d WHERE j.video_id = d.video_id AND j.kind = 'thumbnail' AND d.act IN ('end', 'no_source') RETURNING j.tenant
), dropped AS (
SELECT d.video_id, k.key FROM due AS d CROSS JOIN LATERAL unnest(d.old_keys) AS k (key)
WHERE k.key IS DISTINCT FROM thumbnails.object_key(d.picture, d.video_id)
UNION
SELECT d.video_id, d.job_result ->> 'key' FROM due AS d
WHERE d.job_result ? 'key' AND d.act IN ('anew', 'end', 'no_source')
), put_down AS (
INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
SELECT DISTINCT ON (o.key) o.key, o.video_id, t + interval '86400 seconds' FROM dropped AS o ORDER BY o.key, strpos(o.key, o.video_id::text) DESC
ON CONFLICT (key) DO UPDATE SET not_before = greatest(d.not_before, excluded.not_before)
), borrowed AS (
INSERT INTO thumbnails.borrowed (key, video_id)
SELECT thumbnails.claim_key(u.url), d.video_id FROM due AS d, unnest(ARRAY[d.picture, d.storyboard]) AS u (url)
WHERE strpos(u.url, d.video_id::text) = 0 AND thumbnails.claim_key(u.url) IS NOT NULL
ON CONFLICT DO NOTHING
), noted AS (
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
SELECT d.video_id, d.old_state, 'pending', 0, CASE WHEN missing IS NOT NULL THEN 'configuration' END,
coalesce(missing, CASE WHEN 'found' = ANY (d.reasons) THEN 'found by the sweep' END)
FROM due AS d WHERE d.video_id IN (SELECT m.video_id FROM made AS m UNION ALL SELECT r.video_id FROM renewed AS r)
UNION ALL
SELECT d.video_id, d.old_state, d.state, d.attempts, coalesce(d.code, 'external'), coalesce(d.error, 'set by another program')
FROM due AS d
WHERE d.reasons && '{state,picture}' AND d.state IS DISTINCT FROM d.old_state AND d.state IS NOT NULL
AND (d.act = 'end' OR d.act IN ('leave', 'again', 'later') AND NOT d.is_leased)
)
SELECT array_agg(d.video_id), array_agg(d.act), array_agg(d.moved), array_agg(d.old_source),
(SELECT array_agg(e.tenant) FROM (TABLE ended UNION TABLE moved) AS e),
(SELECT array_agg(u) FROM unnest(taken) u JOIN due d USING (video_id) WHERE u.reason IN ('source', 'gone') OR d.storyboard > '')
INTO odd_ids, odd_acts, odd_reasons, odd_sources, ended_tenants, moved_on
FROM due AS d
WHERE d.is_there AND (d.act IN ('no_source', 'heal')
OR d.act = 'end' AND d.is_finished AND NOT thumbnails.lacks(d.picture) AND d.state IS DISTINCT FROM 'completed'
OR d.act = 'end' AND NOT d.is_finished AND d.state IS DISTINCT FROM 'pending' AND (d.has_job OR d.is_another)
AND (thumbnails.lacks(d.picture) OR d.is_ours)
OR d.act IN ('make', 'anew')
AND (d.state IS DISTINCT FROM 'pending' AND NOT (d.state IS NULL AND d.reasons <@ '{found,asked}')
OR missing IS NOT NULL AND d.error IS DISTINCT FROM missing AND d.bulk_lane IS NULL));
IF moved_on IS NOT NULL AND to_regproc('thumbnails.follow_videos') IS NOT NULL THEN
PERFORM thumbnails.follow_videos(moved_on);
END IF;
FOR n IN 1..coalesce(cardinality(odd_ids), 0) LOOP
job.video_id := odd_ids[n];
job.kind := 'thumbnail';
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = odd_ids[n];
job.old_thumbnail := video.picture;
is_shown := clock_timestamp() < t + thumbnails.patience();
IF NOT is_shown THEN
NULL;
ELSIF odd_acts[n] = 'heal' OR odd_acts[n] = 'end' AND video.status = 'completed' THEN
is_shown := thumbnails.show_state(job, 'completed', NULL, NULL, 0);
ELSIF odd_acts[n] = 'no_source' THEN
is_shown := thumbnails.show_state(job, 'failed', 'Video URL is null', 'media', 0);
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
SELECT odd_ids[n], 'pending', 'failed', 0, 'media', 'Video URL is null' WHERE is_shown;
ELSE
is_shown := thumbnails.show_state(job, 'pending', missing, CASE WHEN missing IS NOT NULL THEN 'configuration' END, 0)
OR odd_acts[n] <> 'end';
END IF;
IF NOT is_shown THEN
INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text, old_source)
VALUES (odd_ids[n], coalesce(odd_reasons[n], 'found'), '', 'its state could not be written', odd_sources[n]);
END IF;
END LOOP;
PERFORM thumbnails.admit_next(e.tenant) FROM unnest(ended_tenants) AS e (tenant);
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.merge(p_limit integer, p_only uuid DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
now_seconds double precision := extract(epoch FROM clock_timestamp());
marks double precision[] := nullif(current_setting('thumbnails.merge_marks', true), '')::double precision[];
after bigint;
merged record;
bad thumbnails.inbox%ROWTYPE;
BEGIN
IF p_only IS NULL AND (marks[4] BETWEEN now_seconds - 3 AND now_seconds) IS NOT TRUE THEN
marks := ARRAY[0, coalesce(marks[2], 0), now_seconds, now_seconds];
END IF;
after := marks[1];
IF (CASE WHEN p_only IS NOT NULL THEN NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = p_only)
ELSE NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.id > after) OR NOT thumbnails.try_lock('merge') END) THEN
RETURN 0;
END IF;
BEGIN
IF p_limit = 1 THEN
SELECT i.* INTO bad FROM thumbnails.inbox i WHERE CASE WHEN p_only IS NULL THEN i.id > after ELSE i.video_id = p_only END
ORDER BY i.id LIMIT 1 FOR UPDATE SKIP LOCKED;
after := bad.id - 1;
END IF;
SELECT m.hints, m.last_id INTO merged FROM thumbnails.merge_slice(p_limit, p_only, after) AS m;
EXCEPTION WHEN OTHERS OR assert_failure THEN
IF SQLSTATE ~ '^(40|53[123]|55|57|58)' THEN
RAISE;
ELSIF p_limit > 1 THEN
RETURN thumbnails.merge(p_limit / 2, p_only);
END IF;
WITH gone AS (DELETE FROM thumbnails.inbox i WHERE i.id = bad.id RETURNING i.*)
INSERT INTO thumbnails.set_aside (video_id, reason, old_source, old_key, old_state, sqlstate, text, at)
SELECT g.video_id, g.reason, g.old_source, g.old_key, g.old_state, SQLSTATE, left(SQLERRM, 1000), g.at FROM gone AS g;
PERFORM thumbnails.note_event(bad.video_id, 'platform', format('could not be queued: %s (%s)', SQLERRM, SQLSTATE)) WHERE FOUND;
RETURN 1;
END;
IF marks[3] < now_seconds - 1 THEN
marks := ARRAY[marks[2], greatest(marks[2], merged.last_id), now_seconds, marks[4]];
END IF;
PERFORM set_config('thumbnails.merge_marks', marks::text, false) WHERE p_only IS NULL;
RETURN merged.hints;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.marks(p_name text, p_now timestamptz) RETURNS double precision[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
marks double precision[] := nullif(current_setting(p_name, true), '')::double precision[];
BEGIN
IF date_part('epoch', p_now) - marks[5] BETWEEN 1e-6 AND marks[6] THEN
RETURN marks;
END IF;
RETURN ARRAY['-infinity', '-infinity', '-infinity', '-infinity', date_part('epoch', p_now), 3]::double precision[];
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.claim_next(p_lease_seconds double precision, p_host text DEFAULT '') RETURNS thumbnails.claim_answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
t timestamptz := clock_timestamp();
now_due timestamptz;
marks double precision[] := thumbnails.marks('thumbnails.claim_marks', t);
locked record;
known record;
job thumbnails.jobs%ROWTYPE;
said thumbnails.claim_answer;
BEGIN
said.outcome := 'none';
IF marks[5] = date_part('epoch', t) THEN
PERFORM thumbnails.merge(500), thumbnails.settle_kept(20);
END IF;
FOR round IN 1..1000 LOOP
now_due := clock_timestamp();
FOR l IN 0..3 LOOP
SELECT j AS job, s AS video INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
WHERE j.lane = l AND j.due_at >= to_timestamp(marks[l + 1]) AND j.due_at <= now_due ORDER BY j.due_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
IF FOUND THEN
job := locked.job;
marks[l + 1] := least(date_part('epoch', job.due_at), date_part('epoch', now_due) - 0.1);
EXIT;
END IF;
END LOOP;
IF marks[5] = date_part('epoch', t) THEN
marks[6] := least(greatest(3, 100 * date_part('epoch', clock_timestamp() - now_due)), 30);
END IF;
IF job.video_id IS NULL THEN
EXIT WHEN marks[5] = date_part('epoch', t);
marks := thumbnails.marks(NULL, t);
PERFORM thumbnails.merge(500), thumbnails.settle_kept(20), thumbnails.admit_stalled();
CONTINUE;
END IF;
IF known IS NULL THEN
PERFORM thumbnails.check_config();
SELECT EXISTS (SELECT FROM public.system_config c WHERE c.key = 'auto_thumbnail_enabled' AND thumbnails.is_off(c.value)) AS is_off,
EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers INTO known;
EXIT WHEN known.is_off;
IF known.has_breakers THEN
said := thumbnails.pass_breakers(p_host, p_lease_seconds);
EXIT WHEN said.outcome = 'paused';
END IF;
END IF;
said := thumbnails.take(job, locked.video, p_lease_seconds);
EXIT WHEN said.outcome = 'claimed';
job := NULL;
said.outcome := CASE WHEN round < 1000 THEN 'none' ELSE 'paused' END;
said.retry_after_seconds := 0;
END LOOP;
PERFORM set_config('thumbnails.claim_marks', marks::text, false);
RETURN said;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.claim(
p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL,
p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL, p_host text DEFAULT '')
RETURNS thumbnails.claim_answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
said thumbnails.claim_answer;
locked record;
job thumbnails.jobs%ROWTYPE;
video thumbnails.seen%ROWTYPE;
t timestamptz;
BEGIN
PERFORM thumbnails.merge(100, p_video_id);
SELECT j AS job, s AS video, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers
INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' FOR UPDATE OF j SKIP LOCKED;
job := locked.job;
video := locked.video;
IF job.video_id IS NULL THEN
PERFORM thumbnails.see_all();
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
said.outcome := CASE
WHEN NOT FOUND THEN 'not_found'
WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN 'busy'
WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
WHEN p_regenerate THEN NULL
WHEN NOT thumbnails.lacks(video.picture) THEN 'completed'
WHEN video.state = 'failed' AND video.code IS NOT NULL AND thumbnails.is_final(video.code, video.attempts) THEN 'exhausted'
WHEN video.state = 'processing' AND NOT (
SELECT thumbnails.is_left_behind('processing', NULL, 0, v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, NULL,
thumbnails.moment(thumbnails.own(p_video_id) ->> 'created_at')) FROM public.videos v WHERE v.id = p_video_id) THEN 'busy'
END;
said.detail := CASE said.outcome WHEN 'not_finished' THEN video.status WHEN 'completed' THEN video.picture WHEN 'exhausted' THEN video.error END;
said.retry_after_seconds := CASE WHEN said.outcome = 'busy' THEN CASE WHEN video.state = 'processing' THEN 5 ELSE 1 END END;
IF said.outcome IS NOT NULL THEN
RETURN said;
END IF;
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
SELECT p_video_id, 0, thumbnails.tenant(o.own), clock_timestamp(), video.source, video.picture, thumbnails.shape(o.own)
FROM (SELECT thumbnails.own(p_video_id)) AS o (own) WHERE o.own IS NOT NULL
ON CONFLICT DO NOTHING
RETURNING * INTO job;
IF NOT FOUND THEN
said.outcome := 'busy';
said.retry_after_seconds := 1;
RETURN said;
END IF;
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
VALUES (p_video_id, video.state, 'pending', 0, CASE WHEN p_regenerate THEN 'manual' END,
CASE WHEN p_regenerate THEN 'asked for again' ELSE 'found by a claim' END);
END IF;
t := clock_timestamp();
said.outcome := CASE WHEN job.token IS NOT NULL AND job.due_at > t THEN 'busy'
WHEN NOT p_regenerate AND job.due_at > t AND job.due_at < 'infinity' THEN 'not_due' END;
IF said.outcome IS NOT NULL THEN
said.retry_after_seconds := extract(epoch FROM job.due_at - t);
said.detail := CASE said.outcome WHEN 'not_due' THEN coalesce(job.result #>> '{refused,text}', video.error) END;
RETURN said;
END IF;
IF job.result IS NOT NULL AND NOT p_regenerate THEN
said.outcome := thumbnails.settle(job, job.result);
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
said.retry_after_seconds := CASE WHEN said.outcome <> 'ok' THEN 10 END;
said.detail := CASE WHEN said.outcome = 'ok' AND video.state = 'completed' THEN video.picture ELSE video.error END;
said.outcome := CASE WHEN said.outcome <> 'ok' THEN 'not_due' WHEN video.state = 'failed' THEN 'exhausted' ELSE 'completed' END;
RETURN said;
END IF;
IF p_regenerate OR p_aspect_ratio IS NOT NULL OR p_time_seconds IS NOT NULL THEN
IF p_regenerate THEN
PERFORM thumbnails.put_down(job.result ->> 'key', p_video_id);
job.attempts := 0;
job.releases := 0;
job.result := NULL;
job.request := job.request - 'timeSeconds';
END IF;
job.request := job.request || jsonb_strip_nulls(jsonb_build_object('aspectRatio', p_aspect_ratio, 'timeSeconds', p_time_seconds,
'regenerate', CASE WHEN p_regenerate THEN true END));
UPDATE thumbnails.jobs j SET request = job.request, attempts = job.attempts, releases = job.releases, result = job.result,
lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END
WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
END IF;
IF locked.has_breakers IS DISTINCT FROM false THEN
said := thumbnails.pass_breakers(p_host, p_lease_seconds);
IF said.outcome = 'paused' THEN
IF p_regenerate AND job.due_at > t THEN
UPDATE thumbnails.jobs j SET due_at = t + make_interval(secs => said.retry_after_seconds) WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
END IF;
RETURN said;
END IF;
END IF;
RETURN thumbnails.take(job, video, p_lease_seconds);
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.pass_breakers(p_host text, p_lease_seconds double precision) RETURNS thumbnails.claim_answer
LANGUAGE plpgsql AS $$
DECLARE
said thumbnails.claim_answer;
t timestamptz := clock_timestamp();
breaker thumbnails.breakers%ROWTYPE;
BEGIN
FOR breaker IN SELECT * FROM thumbnails.breakers b WHERE b.host IN (p_host, '*') AND b.open_until IS NOT NULL ORDER BY b.class LOOP
IF breaker.open_until <= t THEN
UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
WHERE b.class = breaker.class AND b.host = p_host AND (b.probe_until IS NULL OR b.probe_until <= t);
CONTINUE WHEN FOUND;
END IF;
said.outcome := 'paused';
said.retry_after_seconds := CASE WHEN breaker.open_until < 'infinity' THEN greatest(1, extract(epoch FROM breaker.open_until - t)) ELSE 60 END;
said.class := breaker.class;
said.detail := breaker.last_error;
EXIT;
END LOOP;
RETURN said;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.give_up_lost(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
PERFORM thumbnails.settle(p_job, jsonb_build_object('state', 'failed', 'class', 'lost',
'error', format('worker lost: the attempt ended without a result %s times', p_job.attempts)));
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.judge(p_job thumbnails.jobs, p_video thumbnails.seen) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN CASE
WHEN p_video.id IS NULL THEN 'not_found'
WHEN p_video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
WHEN p_job.kind = 'thumbnail' AND NOT thumbnails.lacks(p_video.picture) AND NOT p_job.request ? 'regenerate'
AND NOT thumbnails.is_same_picture(p_video.picture, p_job.old_thumbnail, p_job.video_id) THEN 'completed'
WHEN p_job.token IS NOT NULL AND p_job.attempts >= thumbnails.max_attempts() AND thumbnails.is_same_source(p_video.source, p_job.source_url)
AND NOT p_job.request ? 'again' THEN 'exhausted'
ELSE 'claimed' END;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.take(p_job thumbnails.jobs, p_video thumbnails.seen, p_lease_seconds double precision)
RETURNS thumbnails.claim_answer
LANGUAGE plpgsql AS $$
DECLARE
taken thumbnails.claim_answer;
wishes jsonb := '{}'::jsonb;
metadata jsonb;
BEGIN
IF p_video.status = 'completed' AND p_video.picture IS NULL AND p_job.token IS NULL THEN
NULL;
ELSIF thumbnails.judge(p_job, p_video) <> 'claimed' THEN
PERFORM thumbnails.see_all();
SELECT s.* INTO p_video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
taken.outcome := thumbnails.judge(p_job, p_video);
IF taken.outcome = 'exhausted' THEN
taken.detail := 'worker lost';
PERFORM thumbnails.give_up_lost(p_job);
RETURN taken;
ELSIF taken.outcome <> 'claimed' THEN
taken.detail := CASE taken.outcome WHEN 'not_finished' THEN p_video.status WHEN 'completed' THEN p_video.picture END;
IF p_job.kind <> 'thumbnail' THEN
PERFORM thumbnails.end_storyboard(p_job, taken.outcome);
RETURN taken;
END IF;
DELETE FROM thumbnails.jobs j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
PERFORM thumbnails.admit_next(p_job.tenant);
IF taken.outcome = 'not_finished' THEN
PERFORM thumbnails.show_state(p_job, 'pending', NULL, NULL, 0);
END IF;
RETURN taken;
END IF;
END IF;
IF p_job.tenant <> '' AND NOT thumbnails.has_turn(p_job) THEN
taken.outcome := 'not_due';
taken.retry_after_seconds := 10;
taken.detail := coalesce((SELECT b.last_error FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant), 'others of its uploader''s, which are at work');
PERFORM thumbnails.park(p_job);
RETURN taken;
END IF;
IF p_job.request <> '{}' OR p_video.metadata ? 'requested' THEN
IF p_job.request ? 'again' THEN
p_job.request := p_job.request - 'again';
p_job.attempts := 0;
END IF;
wishes := jsonb_strip_nulls(jsonb_build_object(
'aspectRatio', coalesce(p_job.request ->> 'aspectRatio', p_video.metadata #>> '{requested,aspectRatio}'),
'timeSeconds', p_job.request -> 'timeSeconds'));
IF wishes <> '{}' AND wishes IS DISTINCT FROM p_video.metadata -> 'requested' THEN
metadata := jsonb_build_object('requested', wishes);
END IF;
taken.aspect_ratio := coalesce(wishes ->> 'aspectRatio', p_job.request ->> 'shape');
taken.time_seconds := (wishes ->> 'timeSeconds')::double precision;
END IF;
taken.video_id := p_job.video_id;
taken.kind := p_job.kind;
taken.tenant := p_job.tenant;
taken.video_url := p_video.source;
taken.attempt := CASE WHEN p_video.source = p_job.source_url OR thumbnails.is_same_source(p_video.source, p_job.source_url) THEN p_job.attempts + 1 ELSE 1 END;
taken.token := nextval('thumbnails.tokens');
IF taken.token <= p_job.token THEN
PERFORM FROM thumbnails.locks l WHERE l.name = 'tokens' FOR UPDATE;
PERFORM setval('thumbnails.tokens', greatest(p_job.token, (SELECT s.last_value FROM thumbnails.tokens s)) + 1000);
taken.token := nextval('thumbnails.tokens');
END IF;
WITH held AS (
UPDATE thumbnails.jobs j
SET token = taken.token, attempts = taken.attempt, claimed_at = clock_timestamp(),
due_at = clock_timestamp() + make_interval(secs => p_lease_seconds), source_url = p_video.source, old_thumbnail = p_video.picture,
request = p_job.request || wishes
WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind
)
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, detail)
SELECT p_job.video_id, CASE WHEN p_job.token IS NOT NULL THEN 'processing' WHEN p_video.state = 'failed' AND p_job.attempts > 0 THEN 'failed'
ELSE 'pending' END, 'processing', taken.token, taken.attempt,
CASE WHEN p_job.token IS NOT NULL THEN 'lost' END, CASE WHEN p_job.token IS NOT NULL THEN 'the worker before this one was lost' END,
jsonb_build_object('worker', current_setting('application_name'))
WHERE p_job.kind = 'thumbnail';
p_job.old_thumbnail := p_video.picture;
taken.outcome := CASE WHEN thumbnails.show_state(p_job, 'processing', NULL, NULL, taken.attempt, metadata, true) IS NOT NULL THEN 'claimed' END;
RETURN taken;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.settle(p_job thumbnails.jobs, p_result jsonb) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
id uuid := p_job.video_id;
claimed bigint := coalesce(p_job.token, (p_result ->> 'token')::bigint);
is_picture boolean := p_result ->> 'state' = 'completed';
answer text;
refusal jsonb;
refusal_of CONSTANT text := 'the platform refuses the result, which is kept: %s (%s)';
refused_text text;
is_locked boolean;
video thumbnails.seen%ROWTYPE;
waits interval;
BEGIN
IF p_job.kind <> 'thumbnail' THEN
INSERT INTO thumbnails.events (video_id, class, text) SELECT id, 'lost', 'storyboard: ' || (p_result ->> 'error') WHERE p_result ->> 'class' = 'lost';
PERFORM thumbnails.end_storyboard(p_job);
RETURN 'ok';
END IF;
IF p_job.result #>> '{refused,sqlstate}' = '57014' THEN
IF EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND s.state <> 'pending') THEN
PERFORM thumbnails.show_state(p_job, 'pending', format(refusal_of, p_job.result #>> '{refused,text}', '57014'), 'platform', p_job.attempts);
END IF;
END IF;
FOR round IN 1..3 LOOP
BEGIN
IF current_setting('thumbnails.cut', true) = 'on' THEN
RAISE query_canceled USING MESSAGE = 'no time is left';
END IF;
IF is_picture AND thumbnails.write_picture(id, p_job.source_url, p_job.old_thumbnail, p_result ->> 'url', p_result -> 'metadata',
p_job.attempts, p_job.claimed_at) THEN
answer := 'ok';
EXIT;
END IF;
PERFORM thumbnails.see_all();
PERFORM FROM public.videos v WHERE v.id = p_job.video_id FOR NO KEY UPDATE;
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
answer := CASE
WHEN NOT FOUND THEN 'gone'
WHEN NOT thumbnails.is_same_source(video.source, p_job.source_url) THEN 'anew'
WHEN NOT thumbnails.lacks(video.picture) AND NOT thumbnails.is_same_picture(video.picture, p_job.old_thumbnail, id) THEN 'outside'
WHEN NOT is_picture AND claimed IS NOT NULL AND p_job.request ? 'again' THEN 'again'
WHEN CASE WHEN is_picture THEN thumbnails.write_picture(id, video.source, video.picture, p_result ->> 'url', p_result -> 'metadata',
p_job.attempts, p_job.claimed_at)
ELSE thumbnails.write_state(id, video.picture, 'failed', p_result ->> 'error', p_result ->> 'class', p_job.attempts, NULL, true) END THEN 'ok'
ELSE 'kept' END;
refusal := jsonb_build_object('sqlstate', '', 'text', 'a trigger of the platform''s keeps the row as it is');
EXIT;
EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
answer := 'kept';
refusal := jsonb_build_object('sqlstate', SQLSTATE, 'text', left(SQLERRM, 1000));
IF SQLSTATE = '57014' THEN
PERFORM set_config('thumbnails.cut', 'on', true);
refusal := refusal || jsonb_build_object('text', 'its triggers, or what they wait for, take too long: ' || (refusal ->> 'text'));
END IF;
IF SQLSTATE = '42804' THEN
DISCARD PLANS;
CONTINUE;
END IF;
EXIT WHEN SQLSTATE NOT IN ('40001', '40P01', '55P03') OR p_job.token IS NULL;
PERFORM pg_sleep(0.05 * round);
END;
END LOOP;
IF answer = 'kept' THEN
is_locked := refusal ->> 'sqlstate' IN ('40001', '40P01', '55P03');
waits := CASE WHEN is_locked THEN make_interval(secs => 5 + 5 * random()) ELSE thumbnails.release_delay(p_job.releases + 1, random()) END;
UPDATE thumbnails.jobs j
SET result = p_result || jsonb_build_object('refused', refusal, 'token', claimed),
lane = 9, releases = (j.releases + 1) % 30000, token = NULL, is_earned = false, due_at = clock_timestamp() + waits
WHERE j.video_id = id AND j.kind = p_job.kind;
refused_text := replace(format(CASE WHEN is_locked THEN 'another transaction holds the row, the result is kept: %s (%s)'
ELSE refusal_of END, refusal ->> 'text', refusal ->> 'sqlstate'), ' ()', '');
IF thumbnails.words(p_job.result #>> '{refused,text}') IS DISTINCT FROM thumbnails.words(refusal ->> 'text') THEN
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
VALUES (id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, 'pending',
claimed, p_job.attempts, 'platform', refused_text);
END IF;
BEGIN
IF NOT EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND thumbnails.words(s.error) = thumbnails.words(refused_text)) THEN
PERFORM thumbnails.show_state(p_job, 'pending', refused_text, 'platform', p_job.attempts);
END IF;
EXCEPTION WHEN lock_not_available THEN
NULL;
END;
PERFORM thumbnails.admit_next(p_job.tenant);
RETURN 'kept';
ELSIF answer = 'again' THEN
UPDATE thumbnails.jobs j
SET token = NULL, attempts = 0, releases = 0, result = NULL, is_earned = false, due_at = clock_timestamp() + thumbnails.retry_delay(1, 0, random()),
lane = CASE WHEN j.lane = 2 THEN 2 ELSE 1 END, request = j.request - 'again'
WHERE j.video_id = id AND j.kind = p_job.kind;
p_job.token := claimed;
RETURN thumbnails.put_back(p_job, 'pending', p_result ->> 'class', p_result ->> 'error', 0);
ELSIF answer = 'anew' THEN
UPDATE thumbnails.jobs j
SET token = NULL, attempts = 0, releases = 0, result = NULL, is_earned = false,
due_at = coalesce((SELECT thumbnails.minute_over(i.video_id) FROM thumbnails.inbox i
WHERE i.video_id = p_job.video_id AND i.reason = 'source' AND NOT thumbnails.is_trusted(i.by_role::name) LIMIT 1),
clock_timestamp()),
lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END,
source_url = video.source, old_thumbnail = video.picture,
request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(thumbnails.own(id))
WHERE j.video_id = id AND j.kind = p_job.kind;
PERFORM thumbnails.wake_relay();
ELSE
WITH gone AS (
DELETE FROM thumbnails.jobs j WHERE j.video_id = id AND j.kind = 'thumbnail'
)
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration, detail)
SELECT id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, p_result ->> 'state', claimed,
p_job.attempts, coalesce(p_result ->> 'class', CASE WHEN p_job.token IS NULL THEN 'kept' END),
coalesce(p_result ->> 'error', CASE WHEN p_job.token IS NULL THEN 'written now that the platform takes it' END),
CASE WHEN p_job.token IS NOT NULL THEN clock_timestamp() - p_job.claimed_at END,
CASE WHEN is_picture THEN jsonb_build_object('timestampSeconds', p_result #> '{metadata,timestampSeconds}',
'bytesFetched', p_result #> '{metadata,bytesFetched}', 'requests', p_result #> '{metadata,requests}', 'stagesMs', p_result #> '{metadata,stagesMs}') END
WHERE answer = 'ok';
IF p_job.tenant <> '' THEN
PERFORM thumbnails.admit_next(p_job.tenant, CASE WHEN p_job.token IS NOT NULL THEN extract(epoch FROM clock_timestamp() - p_job.claimed_at) END);
END IF;
END IF;
IF answer <> 'ok' THEN
PERFORM thumbnails.put_down(p_result ->> 'key', id, (p_result ->> 'keepSeconds')::double precision);
IF answer = 'outside' AND video.state IS DISTINCT FROM 'completed' THEN
IF NOT thumbnails.show_state(p_job, 'completed', NULL, NULL, 0) THEN
INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (id, 'found', '', 'its state could not be written');
END IF;
END IF;
RETURN 'fenced';
END IF;
IF is_picture AND p_job.old_thumbnail IS NOT NULL THEN
PERFORM thumbnails.put_down(thumbnails.object_key(p_job.old_thumbnail, id), id, (p_result ->> 'keepSeconds')::double precision);
END IF;
RETURN 'ok';
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.settle_kept(p_limit integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
started timestamptz := clock_timestamp();
job thumbnails.jobs%ROWTYPE;
BEGIN
FOR n IN 1..p_limit LOOP
SELECT * INTO job FROM thumbnails.jobs j WHERE j.lane = 9 AND j.due_at <= started ORDER BY j.due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
EXIT WHEN NOT FOUND OR clock_timestamp() > started + thumbnails.patience();
EXIT WHEN thumbnails.settle(job, job.result) = 'kept';
END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.earlier_answer(p_video_id uuid, p_token bigint, p_states text[]) RETURNS text
LANGUAGE sql STABLE AS $$
SELECT CASE
WHEN EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.token = p_token AND e.to_status = ANY (p_states)
AND e.class IS DISTINCT FROM 'platform') THEN 'already'
WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.result ->> 'token' = p_token::text
AND j.result ->> 'state' = ANY (ARRAY['completed'] || p_states)) THEN 'kept'
ELSE 'fenced' END
$$;

CREATE OR REPLACE FUNCTION thumbnails.complete(
p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb,
p_keep_seconds double precision DEFAULT 86400, p_host text DEFAULT '')
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
held record;
job thumbnails.jobs%ROWTYPE;
metadata jsonb := p_metadata;
answer text;
BEGIN
SELECT j AS job, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host) AS has_breakers INTO held
FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE OF j;
IF NOT FOUND THEN
answer := thumbnails.earlier_answer(p_video_id, p_token, '{completed}');
ELSE
job := held.job;
IF job.request ?| '{aspectRatio,timeSeconds}' THEN
metadata := metadata || jsonb_build_object('requested', job.request - '{again,regenerate,shape}'::text[]);
END IF;
IF NOT thumbnails.lacks(job.old_thumbnail) AND thumbnails.object_key(job.old_thumbnail, p_video_id) IS NULL THEN
metadata := metadata || jsonb_build_object('replaced', job.old_thumbnail);
END IF;
answer := thumbnails.settle(job, jsonb_build_object('state', 'completed', 'url', p_thumbnail_url, 'key', p_key, 'metadata', metadata,
'keepSeconds', p_keep_seconds));
IF held.has_breakers THEN
PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
DELETE FROM thumbnails.breakers b WHERE b.host = p_host AND b.class <> 'manual';
END IF;
END IF;
IF answer = 'fenced' THEN
INSERT INTO thumbnails.events (video_id, token, class, text)
VALUES (p_video_id, p_token, 'lost', 'a late result was refused: the video is another claim''s, or another video by now');
PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
END IF;
RETURN answer;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.put_back(p_job thumbnails.jobs, p_state text, p_class text, p_error text, p_attempts integer) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
PERFORM thumbnails.show_state(p_job, p_state, p_error, p_class, p_attempts, NULL, true);
PERFORM thumbnails.admit_next(p_job.tenant);
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
SELECT p_job.video_id, CASE WHEN p_job.result IS NULL THEN 'processing' ELSE 'pending' END, p_state, p_job.token, p_attempts, p_class, p_error, clock_timestamp() - p_job.claimed_at
WHERE p_job.kind = 'thumbnail';
RETURN 'ok';
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.move_breakers(p_class text, p_host text, p_video_id uuid, p_error text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
IF p_class IN ('storage', 'configuration') THEN
INSERT INTO thumbnails.breakers AS b (class, host, consecutive, video_ids, last_error)
VALUES (p_class, p_host, 1, ARRAY[p_video_id], p_error)
ON CONFLICT (class, host) DO UPDATE
SET consecutive = b.consecutive + 1,
video_ids = CASE WHEN p_video_id = ANY (b.video_ids) THEN b.video_ids ELSE (b.video_ids || p_video_id)[1:2] END,
open_until = CASE WHEN cardinality(array_remove(b.video_ids, p_video_id)) > 0 THEN clock_timestamp() + thumbnails.breaker_delay(b.consecutive + 1) END,
last_error = p_error, probe_until = NULL
WHERE b.open_until IS NULL OR b.open_until <= clock_timestamp();
ELSIF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host AND b.probe_until IS NOT NULL) THEN
PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
UPDATE thumbnails.breakers b SET probe_until = NULL WHERE b.host = p_host AND b.probe_until IS NOT NULL;
END IF;
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.fail(
p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean,
p_retry_after_seconds double precision DEFAULT NULL, p_host text DEFAULT '',
OUT outcome text, OUT next_attempt_at timestamptz, OUT attempt integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
t timestamptz := clock_timestamp();
job thumbnails.jobs%ROWTYPE;
is_given_back boolean := p_retryable IS NULL;
counts boolean;
delay interval;
BEGIN
SELECT * INTO job FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE;
IF NOT FOUND THEN
outcome := thumbnails.earlier_answer(p_video_id, p_token, '{pending,failed}');
RETURN;
END IF;
counts := NOT is_given_back OR p_class <> 'shutdown' AND (job.releases + 1) % 10 = 0
AND EXISTS (SELECT FROM thumbnails.events e WHERE e.at > t - interval '15 minutes' AND e.to_status = 'completed' AND e.token IS NOT NULL AND e.class IS NULL);
attempt := job.attempts - CASE WHEN counts THEN 0 ELSE 1 END;
IF counts AND (attempt >= thumbnails.max_attempts() OR NOT p_retryable OR NOT is_given_back AND job.request ? 'again') THEN
outcome := thumbnails.settle(job, jsonb_build_object('state', 'failed', 'class', p_class, 'error', p_error));
ELSE
delay := CASE WHEN NOT is_given_back THEN thumbnails.retry_delay(attempt, p_retry_after_seconds, random())
WHEN p_class = 'shutdown' THEN interval '0'
ELSE greatest(thumbnails.release_delay(job.releases + 1, random()),
make_interval(secs => greatest(0, least(300, CASE WHEN p_retry_after_seconds < 'infinity' THEN p_retry_after_seconds ELSE 0 END)))) END;
next_attempt_at := t + delay;
UPDATE thumbnails.jobs j
SET token = NULL, due_at = next_attempt_at, is_earned = false, attempts = attempt,
lane = CASE WHEN is_given_back THEN j.lane ELSE greatest(j.lane, 1) END,
releases = (j.releases + CASE WHEN is_given_back AND p_class <> 'shutdown' THEN 1 ELSE 0 END) % 30000
WHERE j.video_id = p_video_id AND j.kind = job.kind;
outcome := thumbnails.put_back(job, CASE WHEN is_given_back THEN 'pending' ELSE 'failed' END, p_class, p_error, attempt);
IF delay = interval '0' THEN
PERFORM thumbnails.wake_relay();
END IF;
END IF;
PERFORM thumbnails.move_breakers(CASE WHEN is_given_back THEN p_class END, p_host, p_video_id, p_error);
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.is_final(code text, attempts bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(code IN ('media', 'forbidden', 'request'), false) OR coalesce(attempts, 0) >= thumbnails.max_attempts() $$;
CREATE OR REPLACE FUNCTION thumbnails.is_left_behind(
state text, code text, attempts bigint, started_at timestamptz, last_attempt_at timestamptz, generated_at timestamptz, created_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
IF state = 'failed' THEN
RETURN NOT thumbnails.is_final(code, attempts);
ELSIF created_at > statement_timestamp() THEN
created_at := NULL;
END IF;
RETURN NOT coalesce(CASE state WHEN 'processing' THEN coalesce(started_at, last_attempt_at, created_at) ELSE greatest(last_attempt_at, generated_at, created_at) END
BETWEEN statement_timestamp() - make_interval(mins => CASE state WHEN 'processing' THEN 30 ELSE 10 END) AND statement_timestamp() + interval '1 day', false);
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.find_left_behind(p_from uuid, p_limit integer, OUT ids uuid[], OUT last_id uuid, OUT looked_at integer)
LANGUAGE sql STABLE AS $$
SELECT array_agg(l.id ORDER BY l.id) FILTER (
WHERE NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = l.id AND j.kind = 'thumbnail')
AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = l.id)
AND thumbnails.is_left_behind(l.state, l.code, l.attempts, l.started_at, l.last_attempt_at, l.generated_at,
CASE WHEN l.state IS DISTINCT FROM 'failed' THEN thumbnails.moment(thumbnails.own(l.id) ->> 'created_at') END)),
(array_agg(l.id ORDER BY l.id DESC))[1], count(*)
FROM (SELECT v.id, v.thumbnail_generation_status AS state, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
v.thumbnail_generation_started_at AS started_at, v.thumbnail_generation_last_attempt_at AS last_attempt_at, v.thumbnail_generated_at AS generated_at
FROM public.videos v
WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
AND v.id >= coalesce(find_left_behind.p_from, '00000000-0000-0000-0000-000000000000') AND v.id IS DISTINCT FROM find_left_behind.p_from
ORDER BY v.id LIMIT find_left_behind.p_limit) AS l
$$;
CREATE OR REPLACE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN thumbnails.sweep(true); END $$;

CREATE OR REPLACE FUNCTION thumbnails.is_trusted(caller name) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN coalesce((SELECT bool_or(pg_has_role(to_regrole(quote_ident(caller))::oid, r.id, 'MEMBER'))
FROM unnest(ARRAY[(SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass),
to_regrole('service_role')::oid, to_regrole('thumbnail_handlers')::oid]) AS r (id)), false);
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.minute_over(p_video_id uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN (SELECT max(c.at) + interval '1 minute'
FROM (SELECT e.at FROM thumbnails.events e
WHERE e.video_id = p_video_id AND e.to_status = 'processing' AND e.token IS NOT NULL ORDER BY e.id DESC LIMIT 2) AS c
HAVING count(*) = 2 AND max(c.at) > statement_timestamp() - interval '1 minute');
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.start_anew(p_video_id uuid, p_lane integer) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
job thumbnails.jobs%ROWTYPE;
BEGIN
PERFORM FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' AND (j.token IS NULL OR j.due_at <= clock_timestamp()) FOR UPDATE SKIP LOCKED;
IF NOT FOUND AND EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (p_video_id, 'finished');
PERFORM thumbnails.note_event(p_video_id, 'manual', 'triggered by hand');
RETURN true;
END IF;
INSERT INTO thumbnails.jobs AS j (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
SELECT s.id, p_lane, thumbnails.tenant(o.own), clock_timestamp(), s.source, s.picture, thumbnails.shape(o.own)
FROM thumbnails.seen s CROSS JOIN LATERAL (SELECT thumbnails.own(s.id)) AS o (own) WHERE s.id = p_video_id
ON CONFLICT (video_id, kind) DO UPDATE
SET attempts = 0, releases = 0, due_at = least(j.due_at, excluded.due_at), token = NULL,
lane = CASE WHEN j.result ->> 'state' = 'completed' THEN 9 ELSE least(j.lane, excluded.lane) END,
result = CASE WHEN j.result ->> 'state' = 'completed' THEN j.result END
WHERE j.token IS NULL OR j.due_at <= clock_timestamp()
RETURNING j.* INTO job;
IF NOT FOUND THEN
RETURN false;
END IF;
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
VALUES (p_video_id, (SELECT s.state FROM thumbnails.seen s WHERE s.id = p_video_id LIMIT 1), 'pending', 0, 'manual', 'triggered by hand');
PERFORM thumbnails.show_state(job, 'pending', NULL, NULL, 0);
RETURN true;
END
$$;
CREATE OR REPLACE FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
p_video_id uuid := $1;
trusted boolean := thumbnails.is_trusted(coalesce(nullif(current_setting('role', true), 'none'), session_user));
video record;
problem text;
BEGIN
SELECT s.*, thumbnails.own(s.id) ->> 'user_id' AS uploader INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
problem := CASE
WHEN NOT (thumbnails.readiness()).enabled THEN 'Auto thumbnail generation is disabled'
WHEN video.id IS NULL OR NOT (trusted
OR coalesce(video.uploader = nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', false)) THEN 'Video not found'
WHEN video.status IS DISTINCT FROM 'completed' THEN 'Video is not completed'
WHEN thumbnails.is_blank(video.source) THEN 'Video URL is null'
WHEN NOT thumbnails.lacks(video.picture) AND video.state IS DISTINCT FROM 'failed' THEN 'Thumbnail already exists'
WHEN (thumbnails.readiness()).missing IS NOT NULL THEN 'Missing configuration in system_config'
WHEN NOT trusted AND (thumbnails.minute_over(p_video_id) IS NOT NULL
OR EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.class = 'manual'
AND e.at > clock_timestamp() - interval '1 minute'))
THEN 'Triggered less than a minute ago'
END;
IF problem IS NOT NULL THEN
RETURN json_strip_nulls(json_build_object('success', false, 'error', problem,
'thumbnailUrl', CASE WHEN problem = 'Thumbnail already exists' THEN video.picture END));
END IF;
IF thumbnails.start_anew(p_video_id, 0) AND NOT thumbnails.post_by_pg_net(p_video_id) THEN
PERFORM thumbnails.wake_relay();
END IF;
RETURN json_build_object('success', true, 'videoId', p_video_id, 'message', 'Thumbnail generation triggered');
END
$$;
CREATE OR REPLACE FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer DEFAULT 10) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
most integer := least(greatest($1, 0), 1000);
chosen uuid[];
results jsonb := '[]'::jsonb;
BEGIN
IF NOT (thumbnails.readiness()).enabled THEN
RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
ELSIF (thumbnails.readiness()).missing IS NOT NULL THEN
RETURN json_build_object('success', false, 'error', 'Missing configuration in system_config');
END IF;
PERFORM FROM thumbnails.locks l WHERE l.name = 'merge' FOR UPDATE;
chosen := ARRAY(SELECT c.id FROM (
SELECT v.id FROM public.videos v LEFT JOIN thumbnails.jobs j ON j.video_id = v.id AND j.kind = 'thumbnail'
WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
AND NOT thumbnails.is_blank(v.video_url)
AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id)
AND (j.video_id IS NULL AND NOT (v.thumbnail_generation_status = 'processing'
AND coalesce(v.thumbnail_generation_started_at > clock_timestamp() - interval '30 minutes', false))
OR j.token IS NULL AND j.result IS NULL AND j.due_at > clock_timestamp() AND j.due_at < 'infinity')
ORDER BY j.video_id IS NOT NULL, v.thumbnail_generation_last_attempt_at NULLS FIRST, v.id LIMIT most) AS c ORDER BY c.id);
FOR n IN 1..cardinality(chosen) LOOP
EXIT WHEN clock_timestamp() > statement_timestamp() + thumbnails.time_limit() / 2;
PERFORM thumbnails.start_anew(chosen[n], 2);
results := results || jsonb_build_object('videoId', chosen[n], 'success', true, 'message', 'Thumbnail generation triggered');
END LOOP;
PERFORM thumbnails.wake_workers();
RETURN json_build_object('success', true, 'processed', jsonb_array_length(results), 'results', results);
END
$$;

DO $$
BEGIN
IF to_regrole('thumbnail_handlers') IS NULL THEN
CREATE ROLE thumbnail_handlers NOLOGIN;
END IF;
EXCEPTION
WHEN duplicate_object OR unique_violation THEN NULL;
WHEN insufficient_privilege THEN
RAISE WARNING 'role thumbnail_handlers could not be created: the handlers must connect as the owner of these functions, or a superuser '
'creates the role (CREATE ROLE thumbnail_handlers NOLOGIN) and this is run again';
END
$$;
CREATE OR REPLACE FUNCTION thumbnails.triggers_path() RETURNS text
LANGUAGE sql STABLE AS $$
SELECT CASE WHEN p.path IN ('', '""') THEN 'pg_catalog' ELSE p.path END FROM (SELECT coalesce(
thumbnails.setting('thumbnails_search_path'),
(SELECT substr(s.setting, 13)
FROM pg_db_role_setting d CROSS JOIN LATERAL unnest(d.setconfig) AS s (setting)
WHERE s.setting LIKE 'search\_path=%' AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
AND d.setrole IN (0, (SELECT c.relowner FROM pg_class c WHERE c.oid = to_regclass('public.videos')))
ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1),
(SELECT g.reset_val FROM pg_settings g
WHERE g.name = 'search_path' AND NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setrole = to_regrole(quote_ident(session_user)) AND d.setconfig::text LIKE '%search\_path=%')),
'"$user", public') AS path) AS p
$$;
CREATE OR REPLACE FUNCTION thumbnails.hand_out(p_functions text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
table_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass);
path text;
own_path text := current_setting('search_path');
other record;
own_function regprocedure;
BEGIN
IF (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'thumbnails') <> table_owner THEN
EXECUTE format('ALTER SCHEMA thumbnails OWNER TO %s', table_owner);
END IF;
path := thumbnails.triggers_path();
PERFORM thumbnails.show_own_tables();
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA thumbnails FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA thumbnails FROM PUBLIC;
IF to_regrole('thumbnail_handlers') IS NOT NULL THEN
GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
IF NOT has_schema_privilege('thumbnail_handlers', 'public', 'USAGE') THEN
GRANT USAGE ON SCHEMA public TO thumbnail_handlers;
END IF;
FOR n IN 1..cardinality(p_functions) LOOP
EXECUTE format('GRANT EXECUTE ON FUNCTION thumbnails.%I TO thumbnail_handlers', p_functions[n]);
END LOOP;
END IF;
FOR own_function IN SELECT p.oid FROM pg_proc p WHERE p.proowner <> table_owner AND (p.pronamespace = 'thumbnails'::regnamespace
OR p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(auto_retry_stuck_thumbnails|(manually|batch)_trigger_thumbnail_generation)$') LOOP
EXECUTE format('ALTER FUNCTION %s OWNER TO %s', own_function, table_owner);
END LOOP;
FOR own_function IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname LIKE 'write\_%'
AND NOT coalesce(p.proconfig::text LIKE '%search\_path=%', false) LOOP
PERFORM set_config('search_path', concat(path, ', pg_temp'), true);
EXECUTE pg_catalog.format('ALTER FUNCTION %s SET search_path FROM CURRENT', own_function);
PERFORM pg_catalog.set_config('search_path', own_path, true);
END LOOP;
FOR other IN
SELECT c.relkind = 'c' AS is_type, c.oid::regclass AS name FROM pg_class c
WHERE c.relowner <> table_owner AND c.relkind IN ('r', 'v', 'S', 'c')
AND (c.relnamespace = 'thumbnails'::regnamespace
OR c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass)
LOOP
EXECUTE format(CASE WHEN other.is_type THEN 'ALTER TYPE %s OWNER TO %s' ELSE 'ALTER TABLE %s OWNER TO %s' END, other.name::regclass, table_owner);
END LOOP;
END
$$;
DO $$ BEGIN PERFORM thumbnails.hand_out('{claim, claim_next, complete, fail, merge, wake_up_key}'); END $$;
DO $$
DECLARE
called text := 'ALL ON FUNCTION public.auto_retry_stuck_thumbnails(), public.manually_trigger_thumbnail_generation(uuid), '
'public.batch_trigger_thumbnail_generation(integer)';
other record;
table_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass);
config_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.system_config'::regclass);
owns_config boolean := pg_has_role(config_owner, 'USAGE');
BEGIN
FOR other IN
SELECT r.name, format(a.act, r.name, called) AS act, a.act LIKE 'REVOKE ALL ON%' AND has_table_privilege(r.name, 'public.system_config', 'SELECT, INSERT, UPDATE, DELETE') AS has_secrets
FROM (SELECT name 'public' AS name UNION ALL SELECT rolname FROM pg_roles) AS r
JOIN (VALUES (1, '^(public|anon|authenticated)$', 'REVOKE ALL ON public.system_config FROM %I'),
(2, '^(public|anon|authenticated)$', 'REVOKE %2$s FROM %1$I'),
(3, '^(service_role|thumbnail_handlers)$', 'GRANT %2$s TO %1$I'),
(3, '^authenticated$', 'GRANT EXECUTE ON FUNCTION public.manually_trigger_thumbnail_generation(uuid) TO %I'),
(4, '^service_role$', 'GRANT SELECT, INSERT, UPDATE, DELETE ON public.system_config TO %I'),
(5, '^service_role$', 'GRANT SELECT ON public.thumbnail_generation_health, public.thumbnail_generation_failures, public.videos_need_thumbnail_generation TO %I')
) AS a (step, roles, act) ON r.name ~ a.roles
ORDER BY a.step, r.name
LOOP
IF other.has_secrets THEN
RAISE NOTICE '%', format(CASE WHEN owns_config THEN 'taken from %s: its rights on system_config, which holds secrets'
ELSE '%s has rights on system_config, which holds secrets: only %s can take them away' END, other.name, config_owner);
END IF;
IF owns_config OR other.act !~ 'ON public.system_config' THEN
EXECUTE other.act;
END IF;
END LOOP;
RAISE NOTICE 'the platform''s triggers fire with search_path = %', thumbnails.triggers_path();
IF NOT has_table_privilege(table_owner, 'public.system_config', 'SELECT') THEN
EXECUTE format('GRANT SELECT ON public.system_config TO %s', table_owner);
END IF;
END
$$;

COMMIT;

DO $$
BEGIN
PERFORM set_config('lock_timeout', '1100ms', true);
IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass AND NOT convalidated
AND conname = 'videos_thumbnail_generation_status_valid') THEN
PERFORM set_config('role', pg_get_userbyid(c.relowner), true) FROM pg_class c
WHERE c.oid = 'public.videos'::regclass AND current_setting('is_superuser') = 'on';
IF EXISTS (SELECT FROM public.videos WHERE thumbnail_generation_status !~ '^(pending|processing|completed|failed)$') THEN
PERFORM set_config('search_path', current_setting('thumbnails.path'), true);
UPDATE public.videos SET thumbnail_generation_status = NULL WHERE thumbnail_generation_status OPERATOR(pg_catalog.!~) '^(pending|processing|completed|failed)$';
END IF;
ALTER TABLE public.videos VALIDATE CONSTRAINT videos_thumbnail_generation_status_valid;
END IF;
END
$$;
DO $$
DECLARE
c record;
BEGIN
SELECT count(*) FILTER (WHERE s.state = 'completed' OR s.state IS NULL AND NOT thumbnails.lacks(s.picture)) AS completed,
count(*) FILTER (WHERE s.state = 'processing') AS processing,
count(*) FILTER (WHERE s.state = 'pending' OR s.state IS NULL AND thumbnails.lacks(s.picture)) AS pending,
count(*) FILTER (WHERE s.state = 'failed') AS failed
INTO c FROM thumbnails.seen s WHERE s.status = 'completed';
RAISE NOTICE '✅ 缩略图生成容错系统部署完成！';
RAISE NOTICE '📊 当前系统状态:';
RAISE NOTICE '  - 已完成: % 个', c.completed;
RAISE NOTICE '  - 处理中: % 个', c.processing;
RAISE NOTICE '  - 待处理: % 个', c.pending;
RAISE NOTICE '  - 已失败: % 个', c.failed;
END
$$;
DO $$ BEGIN PERFORM set_config('search_path', current_setting('thumbnails.path'), false); END $$;
RESET thumbnails.path;
