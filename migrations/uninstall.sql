-- Removes the thumbnail system from a database. The platform's rows keep their thumbnails, and the eight columns that show how each was made; to
-- remove those, too, run the statement at the end of this file. `system_config`, which the platform may share, stays.
-- Stop the handlers and the relay first. It locks `videos` only for a moment, or stops with an error after five seconds and changes nothing. Objects
-- that wait to be deleted stay in the store: docs/installing.md says how to have them deleted before.

BEGIN;
SET LOCAL lock_timeout = '5s';
SET LOCAL client_min_messages = warning;
SET LOCAL quote_all_identifiers = off; -- names are compared below
-- Nobody else's functions and operators decide what is dropped. The platform's event triggers fire with the path as it was.
DO $$
DECLARE
  path pg_catalog.text := pg_catalog.current_setting('search_path');
  tables pg_catalog.oid[];
  ours record;
  others pg_catalog.text;
  kept pg_catalog.int8;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  tables := ARRAY(SELECT t.tgrelid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.pronamespace = to_regnamespace('thumbnails') AND t.tgparentid = 0
                  UNION SELECT c.oid FROM pg_class c WHERE c.oid = to_regclass('public.videos') AND c.relkind IN ('r', 'p'));
  -- As 026 tells it.
  IF coalesce(to_regclass('thumbnails.inbox'), to_regclass('thumbnails.set_aside'), to_regclass('thumbnails.object_deletions')) IS NULL
     AND EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace('thumbnails')
                                           AND d.objid IS DISTINCT FROM to_regclass('thumbnails.applied_migrations')) THEN
    RAISE EXCEPTION 'the schema thumbnails is one of another purpose, and the thumbnail system is not in this database' USING HINT = 'Nothing has been changed.';
  END IF;
  -- First, since workers may still run: locks that sessions hold while they wait for `videos`. What is no such table may be a stranger's view.
  IF to_regclass('thumbnails.jobs') IS NOT NULL AND EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.oid = to_regclass('thumbnails.locks') AND c.relkind = 'r' AND a.attname = 'name' AND a.atttypid = 'text'::regtype) THEN
    PERFORM FROM thumbnails.locks WHERE name = 'merge' FOR UPDATE;
    LOCK TABLE thumbnails.jobs IN ACCESS EXCLUSIVE MODE;
  END IF;
  -- Also from a table that was renamed or moved meanwhile.
  FOR ours IN
    SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS act
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.pronamespace = to_regnamespace('thumbnails') AND t.tgparentid = 0
    UNION ALL
    SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS videos_thumbnail_generation_status_valid', known.oid::regclass) FROM unnest(tables) AS known (oid)
    UNION ALL
    -- The others are what a REINDEX CONCURRENTLY that was broken off leaves.
    SELECT format('DROP INDEX %s', i.indexrelid::regclass) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = ANY (tables) AND c.relname ~ '^videos_thumbnail_lacking(_cc(new|old)[0-9]*)?$' LOOP
    PERFORM set_config('search_path', path, true);
    EXECUTE ours.act;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  END LOOP;
  -- Dropping the schema would drop whatever depends on it. If that is the platform's, this stops here.
  others := (SELECT string_agg(DISTINCT coalesce((SELECT format('view %s', c.oid::regclass) FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class
                                                   WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND c.relkind IN ('v', 'm')),
                                                 format('%s %s', o.type, o.identity)), ', ')
               FROM pg_depend AS d CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
              WHERE d.deptype = 'n' AND o.schema IS DISTINCT FROM 'thumbnails' AND o.identity !~ '(^| )(on|for) thumbnails\.'
                AND (pg_identify_object(d.refclassid, d.refobjid, 0)).schema = 'thumbnails');
  IF others IS NOT NULL THEN
    RAISE EXCEPTION 'something is made of what goes with the schema thumbnails: %. Drop it first', others USING HINT = 'Nothing has been changed.';
  END IF;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass('thumbnails.object_deletions') AND c.relkind = 'r') THEN
    SELECT count(*) INTO kept FROM ONLY thumbnails.object_deletions;
    IF kept > 0 THEN
      RAISE WARNING '% objects that no row shows were still to be deleted, and stay in the store', kept;
    END IF;
  END IF;
  PERFORM set_config('search_path', path, true);
END
$$;
DROP VIEW IF EXISTS public.thumbnail_generation_health, public.thumbnail_generation_failures, public.videos_need_thumbnail_generation;
DROP FUNCTION IF EXISTS public.auto_retry_stuck_thumbnails(), public.manually_trigger_thumbnail_generation(uuid),
  public.batch_trigger_thumbnail_generation(integer);
DROP SCHEMA IF EXISTS thumbnails CASCADE;
COMMIT;

-- The role belongs to the cluster, and other databases may use it. If none does, as a superuser or as the role that made it:
-- GRANT thumbnail_handlers TO CURRENT_USER; DROP OWNED BY thumbnail_handlers; DROP ROLE thumbnail_handlers;

-- With the columns. Views of * that the platform has made since then have them, too: drop those before, and make them again afterwards.
-- ALTER TABLE public.videos DROP COLUMN thumbnail_generation_status, DROP COLUMN thumbnail_generation_error,
--   DROP COLUMN thumbnail_generation_error_code, DROP COLUMN thumbnail_generation_attempts, DROP COLUMN thumbnail_generation_started_at,
--   DROP COLUMN thumbnail_generation_last_attempt_at, DROP COLUMN thumbnail_generated_at, DROP COLUMN thumbnail_metadata;
