\ir ../ordinary/schema.sql
-- As every role could before PostgreSQL 15, and still can in a database that was upgraded from there.
GRANT CREATE ON SCHEMA public TO PUBLIC;
ALTER TABLE videos ALTER video_url TYPE varchar, ALTER thumbnail_url TYPE varchar;
CREATE FUNCTION after_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log SELECT NEW.*; RETURN NULL; END $$;
CREATE TABLE log (LIKE videos);
CREATE TRIGGER after_write AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION after_write();
\connect - backup
SET search_path = pg_catalog;
CREATE FUNCTION public.trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%, by a trap', current_user; END $$;
-- These fit better than what PostgreSQL has for such arguments.
SELECT format('CREATE FUNCTION public.%s RETURNS %s LANGUAGE sql AS %L', f.call, f.result, 'SELECT public.trap()::' || f.result)
  FROM (SELECT name || '(' || first || repeat(', ' || rest, n) || ')', 'text' FROM unnest(ARRAY['format', 'concat']) AS name, unnest('{text,name}'::text[]) AS first,
               unnest('{text,name,oid,regclass,regrole,regprocedure,integer}'::text[]) AS rest, generate_series(1, 4) AS n
        UNION ALL VALUES ('quote_ident(name)', 'text'), ('pg_has_role(regrole, text)', 'boolean'), ('to_regclass(name)', 'regclass'), ('cardinality(text[])', 'integer'),
                         ('array_to_string(regtype[], text)', 'text'), ('count(bigint)', 'bigint'), ('jsonb_build_object(text, text)', 'jsonb'), ('length(varchar)', 'integer'), ('btrim(varchar)', 'text')) AS f (call, result) \gexec
SELECT format('CREATE FUNCTION public.trap(%s, %s) RETURNS boolean LANGUAGE sql AS %L', a, b, 'SELECT public.trap()::boolean'),
       format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.trap)', o, a, b)
  FROM (SELECT DISTINCT ON (a, b) * FROM (VALUES ('~', 'name', 'name'), ('=', 'varchar', 'varchar'), ('=', 'oid', 'regclass'), ('=', 'oid', 'regrole'), ('=', 'oid', 'regnamespace'),
               ('=', 'regclass', 'regclass'), ('=', 'smallint[]', 'smallint[]'), ('&', 'smallint', 'integer'), ('||', 'text', 'name'), ('||', 'text', 'text[]')) AS v (o, a, b)) AS v \gexec
SELECT format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %2$s, FUNCTION = public.trap)', o.name, o.type)
  FROM (VALUES ('~~', 'varchar'), ('~~', 'name'), ('<>', 'varchar'), ('~*', 'name'), ('!~', 'name')) AS o (name, type) \gexec
