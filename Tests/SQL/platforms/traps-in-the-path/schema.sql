\ir ../ordinary/schema.sql
-- Functions and operators of PostgreSQL's names, and a path that looks there first.
\connect - postgres
SET search_path = pg_catalog;
CREATE FUNCTION public.trap(text, text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'an operator of public'; END $$;
CREATE FUNCTION public.trap(uuid, uuid) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'an operator of public'; END $$;
SELECT format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %2$s, FUNCTION = public.trap)', o.name, t.name)
  FROM unnest(ARRAY['=', '<>', '<', '>']) AS o (name), unnest(ARRAY['text', 'uuid']) AS t (name) \gexec
CREATE OPERATOR public.~~ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE OPERATOR public.~ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
SELECT format('CREATE FUNCTION public.%s RETURNS %s LANGUAGE plpgsql AS ''BEGIN RAISE EXCEPTION ''''a function of public''''; END''', f.call, f.result)
  FROM (VALUES ('now()', 'timestamptz'), ('clock_timestamp()', 'timestamptz'), ('btrim(text, text)', 'text'),
               ('md5(text)', 'text'), ('round(numeric, integer)', 'numeric'), ('to_jsonb(anyelement)', 'jsonb'), ('set_config(text, text, boolean)', 'text'),
               ('current_setting(text)', 'text'), ('current_setting(text, boolean)', 'text'), ('regexp_replace(text, text, text)', 'text'),
               ('obj_description(oid, name)', 'text'), ('isfinite(timestamptz)', 'boolean')) AS f (call, result) \gexec
SELECT format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()) \gexec
