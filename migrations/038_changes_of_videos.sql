-- Removes from `videos` what prevents changes of its columns: PostgreSQL cannot alter the type of a column that a view or a trigger uses. Run in one
-- transaction, by the owner: this and the change; then apply the migrations again. The next sweep finds what was finished in between.
CREATE OR REPLACE FUNCTION thumbnails.make_way() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET client_min_messages = warning AS $$
DECLARE
  ours record;
  -- Grants on the public views beyond those of the migrations.
  grants text := (SELECT string_agg(format('GRANT %s ON %s TO %s', a.privilege_type, c.oid::regclass, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END), '; ')
                    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$'
                     AND a.grantee NOT IN (c.relowner, coalesce(to_regrole('service_role'), 0)));
BEGIN
  FOR ours IN SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
               WHERE t.tgrelid = 'public.videos'::regclass AND p.pronamespace = 'thumbnails'::regnamespace AND t.tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON public.videos', ours.tgname);
  END LOOP;
  DROP INDEX IF EXISTS public.videos_thumbnail_lacking;
  DROP FUNCTION IF EXISTS thumbnails.take(thumbnails.jobs, thumbnails.seen, double precision), thumbnails.judge(thumbnails.jobs, thumbnails.seen);
  DROP VIEW IF EXISTS thumbnails.seen, thumbnails.health, public.thumbnail_generation_health, public.thumbnail_generation_failures, public.videos_need_thumbnail_generation;
  RETURN 'change what you like, and apply the migrations again: until then no finished video is noticed'
    || coalesce('. Then give again what others could do with the views: ' || grants, '');
END
$$;
