-- Privileges: inside, only for the owner and the handlers' role; the three public functions and views as the contract says.
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

-- The search_path for which the platform's triggers are written: `thumbnails_search_path` in system_config, else that of database and owner of `videos`.
CREATE OR REPLACE FUNCTION thumbnails.triggers_path() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p.path IN ('', '""') THEN 'pg_catalog' ELSE p.path END FROM (SELECT coalesce(
    thumbnails.setting('thumbnails_search_path'),
    (SELECT substr(s.setting, 13)
       FROM pg_db_role_setting d CROSS JOIN LATERAL unnest(d.setconfig) AS s (setting)
      WHERE s.setting LIKE 'search\_path=%' AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND d.setrole IN (0, (SELECT c.relowner FROM pg_class c WHERE c.oid = to_regclass('public.videos')))
      ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1),
    -- That of the server, if the role that migrates has none of its own.
    (SELECT g.reset_val FROM pg_settings g
      WHERE g.name = 'search_path' AND NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setrole = to_regrole(quote_ident(session_user)) AND d.setconfig::text LIKE '%search\_path=%')),
    '"$user", public') AS path) AS p
$$;

-- Closes everything in the schema but `p_functions`, which are for the handlers' role, and gives it to the owner of `videos`, so that a superuser who
-- migrates lends it no rights. It runs with the migrating role's search_path, since the platform's event triggers fire here.
CREATE OR REPLACE FUNCTION thumbnails.hand_out(p_functions text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  table_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass);
  path text;
  own_path text := current_setting('search_path');
  other record;
  own_function regprocedure;
BEGIN
  -- First, since the owner of a function must be able to create one in the schema.
  IF (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'thumbnails') <> table_owner THEN
    EXECUTE format('ALTER SCHEMA thumbnails OWNER TO %s', table_owner);
  END IF;
  path := thumbnails.triggers_path();
  PERFORM thumbnails.show_own_tables();
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA thumbnails FROM PUBLIC;
  REVOKE ALL ON ALL TABLES IN SCHEMA thumbnails FROM PUBLIC;
  IF to_regrole('thumbnail_handlers') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
    -- Restarts by hand use functions in `public`, which some platforms close.
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
  -- Functions that write to `videos`, recognised by name: the platform's triggers fire in them.
  FOR own_function IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname LIKE 'write\_%'
                                                   AND NOT coalesce(p.proconfig::text LIKE '%search\_path=%', false) LOOP
    -- A setting can only be a list of names, whoever wrote it.
    PERFORM set_config('search_path', concat(path, ', pg_temp'), true);
    EXECUTE pg_catalog.format('ALTER FUNCTION %s SET search_path FROM CURRENT', own_function);
    PERFORM pg_catalog.set_config('search_path', own_path, true);
  END LOOP;
  FOR other IN
    SELECT c.relkind = 'c' AS is_type, c.oid::regclass AS name FROM pg_class c
     WHERE c.relowner <> table_owner AND c.relkind IN ('r', 'v', 'S', 'c')
       AND (c.relnamespace = 'thumbnails'::regnamespace
            OR c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$')
       -- The sequence of an identity column follows its table.
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass)
  LOOP
    EXECUTE format(CASE WHEN other.is_type THEN 'ALTER TYPE %s OWNER TO %s' ELSE 'ALTER TABLE %s OWNER TO %s' END, other.name::regclass, table_owner);
  END LOOP;
END
$$;

-- First, since what is said below is asked as the owner asks it.
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
  -- The owner reads the configuration, whoever owns that table.
  IF NOT has_table_privilege(table_owner, 'public.system_config', 'SELECT') THEN
    EXECUTE format('GRANT SELECT ON public.system_config TO %s', table_owner);
  END IF;
END
$$;
