-- Names without a schema mean PostgreSQL's own objects here, even if the search_path has pg_catalog last. It is left without schemas where others may
-- create functions and operators, or where somebody with fewer rights has: one that fits better than PostgreSQL's would run with the rights of the role
-- that migrates. Otherwise it stays, since the platform's event triggers fire here. `thumbnails.path` keeps what it was.
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
SET quote_all_identifiers = off; -- names are compared below

-- The missing ones of the eight columns, as actions of ALTER TABLE.
CREATE OR REPLACE FUNCTION pg_temp.missing_columns() RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(format('ADD COLUMN %s', c.definition), ', ' ORDER BY c.position)
    FROM unnest(ARRAY['thumbnail_generation_status text', 'thumbnail_generation_error text', 'thumbnail_generation_attempts integer DEFAULT 0',
                      'thumbnail_generation_started_at timestamptz', 'thumbnail_generation_last_attempt_at timestamptz',
                      'thumbnail_generated_at timestamptz', 'thumbnail_metadata jsonb DEFAULT ''{}''',
                      'thumbnail_generation_error_code text']) WITH ORDINALITY AS c (definition, position)
   WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('public.videos') AND a.attname = split_part(c.definition, ' ', 1))
$$;

-- The type below a domain; any other type itself.
CREATE OR REPLACE FUNCTION pg_temp.base_type(oid) RETURNS oid
LANGUAGE sql AS $$
  WITH RECURSIVE b AS (SELECT $1 AS t UNION SELECT p.typbasetype FROM b JOIN pg_type p ON p.oid = t)
  SELECT t FROM b JOIN pg_type p ON p.oid = t WHERE p.typbasetype = 0
$$;

-- The error of a trigger of the platform's that fails with `p_columns` added to `videos`, because it copies whole rows; NULL if all succeed. Tried on
-- empty copies of `videos` and of the tables named after it, since nobody can take back what a trigger does outside of the database.
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
  -- A function that copies rows without naming columns has a star, TABLE or dynamic SQL in it, or calls one that has; C code tells nothing.
  FOR other IN SELECT t.oid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = 'public.videos'::regclass AND t.tgtype & 32 = 0 AND (p.probin IS NOT NULL OR EXISTS (
                  WITH RECURSIVE c AS (SELECT lower(p.prosrc) AS body UNION SELECT lower(q.prosrc) FROM c JOIN pg_proc q ON strpos(body, q.proname || '(') > 0)
                  SELECT FROM c WHERE regexp_replace(body, '/[*]([^*]|[*]+[^*/])*[*]+/|--[^\n]*', '', 'g')
                       ~* E'([.]|select)\\s*[*]|insert[^;]*\\stable\\s|\\m(execute|spi_)|populate_|#=')) LOOP
    FOR n IN 1..2 LOOP
      said := '{}';
      BEGIN
        -- With only the rights that the platform's own writes have.
        PERFORM set_config('role', pg_get_userbyid(c.relowner), true) FROM pg_class c
         WHERE c.oid = 'public.videos'::regclass AND current_setting('is_superuser') = 'on';
        FOR act IN SELECT c.relname FROM pg_class c
                    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname ~ '^videos(_|$)' AND has_table_privilege(c.oid, 'SELECT') LOOP
          EXECUTE format('CREATE TEMP TABLE %I AS TABLE public.%1$I WITH NO DATA', act);
          -- An event trigger may force it on every new table.
          EXECUTE format('ALTER TABLE pg_temp.%I NO FORCE ROW LEVEL SECURITY', act);
        END LOOP;
        IF n = 2 THEN
          EXECUTE 'ALTER TABLE pg_temp.videos ' || p_columns || $a$, ADD CHECK (thumbnail_generation_status <> '')$a$;
        END IF;
        EXECUTE regexp_replace(regexp_replace(pg_get_triggerdef(other.oid), '( OF [^(]*)? ON public\.videos (DEFERRABLE INITIALLY DEFERRED )?', ' ON pg_temp.videos '), ' WHEN \(.*\) EXECUTE ', ' EXECUTE ');
        -- Some copy only if a certain column changes, so each one is changed, twice, since a change from NULL may not count.
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
            -- A statement that failed before and now fails on NULL does so because the row is made up.
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

-- The error if those of the eight columns that exist do not accept what is written to them: because of a default that is no state, a short type, a
-- domain or CHECKs. It is tried on an empty table of such columns, without a CHECK on the state alone, which will be replaced.
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
