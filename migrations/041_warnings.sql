-- Warns of what beside `videos` fails, or tells others what it should not, now that it has eight columns more, and of videos that will get no picture.
DO $$
DECLARE
  warning text;
BEGIN
  FOR warning IN
    -- The platform's functions that may have to do with videos: there may be thousands of others.
    WITH f AS MATERIALIZED (
      SELECT p.* FROM pg_proc p
       WHERE p.pronamespace NOT IN ('thumbnails'::regnamespace, 'pg_catalog'::regnamespace)
         AND (strpos(lower(p.prosrc), 'videos') > 0 OR p.prosqlbody IS NOT NULL OR 'public.videos'::regtype = ANY (p.prorettype || p.proargtypes::oid[])
              OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'public.videos'::regclass AND t.tgfoid = p.oid)))
    SELECT format(w.sentence, string_agg(w.name, ', ' ORDER BY w.id)) FROM (
      -- Functions that select * from it, or take a row of it apart, and insert that or return columns of their own.
      SELECT 1 AS nth, 'these functions say * of videos, which has eight columns more now, and may fail where they insert that into another table, unite it with another''s or '
                       'return rows of another type: %s. Name the columns there, or add them to the other table' AS sentence, p.oid::regprocedure::text AS name, p.oid AS id
        FROM f AS p
       WHERE (p.prosrc ~* E'[*]\\s+from\\s+(only\\s+)?("?public"?[.])?"?videos\\M|\\mvideos\\M[^;]*returning\\s+[*]'
              -- Of its alias or its name; but not if a call is given the row as one value.
              OR EXISTS (SELECT FROM regexp_matches('videos videos ' || p.prosrc, E'\\mvideos"?\\s+(?:as\\s+)?"?(\\w+)', 'gi') AS m
                          WHERE p.prosrc ~* (E'[^(\\s]\\s*\\m' || m[1] || '"?[.][*]'))
              OR p.prosrc ~ '[.][*]' AND 'public.videos'::regtype = ANY (p.proargtypes))
         AND (p.prosrc ~* E'\\minsert\\s+into\\M|\\munion\\M' OR p.prorettype = 'record'::regtype
              OR EXISTS (SELECT FROM pg_type t WHERE t.oid = p.prorettype AND t.typtype = 'c' AND t.oid <> 'public.videos'::regtype))
       UNION ALL
      -- Functions that list the columns of such a row; those with a body in standard SQL list what a star stood for. And what imports whole rows.
      SELECT 2, 'these functions write out rows of videos, which have eight columns more now, and fail: %s. Make them anew, with * or RETURNS TABLE; a COPY '
                'needs the names of its columns, and a cast the new values, too', p.oid::regprocedure::text, p.oid
        FROM f AS p JOIN pg_language l ON l.oid = p.prolang
       CROSS JOIN LATERAL (SELECT regexp_replace(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), '/[*].*?[*]/|--[^\n]*', '', 'g') AS body) AS b
       -- Without what is in parentheses: no list there is one of the result's columns.
       CROSS JOIN LATERAL (WITH RECURSIVE o AS (SELECT CASE WHEN p.prorettype = 'public.videos'::regtype THEN b.body END AS body, 1 AS n UNION ALL SELECT regexp_replace(o.body, '[(][^()]*[)]', '', 'g'), n + 1 FROM o WHERE o.body ~ '[(][^()]*[)]')
                           SELECT o.body FROM o ORDER BY n DESC LIMIT 1) AS top
       WHERE p.prokind = 'f'
         AND (p.prorettype = 'public.videos'::regtype
              AND top.body ~* (CASE l.lanname WHEN 'plpgsql' THEN E'\\mreturn\\s+query\\s[^;]*' ELSE '' END || E'\\m(select|returning)\\s[^*;]*,[^*;]*(\\mfrom\\M|;|$)')
              OR b.body ~* E'['')]\\s*::\\s*("?public"?[.])?"?videos\\M|\\mcast\\M[^;]*\\mas\\s+("?public"?[.])?"?videos\\M|\\mcopy\\s+("?public"?[.])?"?videos"?\\s+from\\M')
       UNION ALL
      SELECT 3, 'these triggers announce whole rows of videos by NOTIFY, which carries 8,000 bytes, and each row is longer now: %s. Announce the id', p.oid::regprocedure::text, t.oid
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
       WHERE t.tgrelid = 'public.videos'::regclass AND p.prosrc ~* 'notify' AND p.prosrc ~* E'(json|jsonb|hstore|_build_object|_build_array)\\s*[(]([^;]*[(,])?\\s*(new|old)\\s*[,)]|\\m(new|old)\\s*::'
       UNION ALL
      -- Ours change `videos` in the platform's own UPDATE, after its BEFORE triggers and before its AFTER triggers.
      SELECT 10, 'these triggers refuse a change of any column that they do not list: %s. Let them list thumbnail_url and the eight columns, or they refuse pictures, and those that fire '
                 'after ours the platform''s own writes', format('%I (%s)', t.tgname, p.oid::regprocedure), t.oid
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
       WHERE t.tgrelid = 'public.videos'::regclass AND NOT t.tgisinternal AND t.tgtype & 16 <> 0 AND p.pronamespace <> 'thumbnails'::regnamespace
         AND regexp_replace(p.prosrc, '/[*].*?[*]/|--[^\n]*', '', 'g')
             ~* E'(jsonb?|hstore)[^;]*\\m(new|old)\\M[^;]*(distinct\\s+from|<>|!=)[^;]*(jsonb?|hstore)[^;]*\\m(new|old)\\M[^;]*\\mthen\\s+raise\\s+(exception|'')'
         AND p.prosrc !~ 'thumbnail_generation_status'
       UNION ALL
      -- A trigger's rows, and variables and aliases of such a row.
      SELECT 11, 'these functions ask whether a row of videos IS NOT NULL, which holds only if none of its columns is NULL, as one of the eight nearly always is: %s. Ask for its id',
             p.oid::regprocedure::text, p.oid
        FROM f AS p CROSS JOIN LATERAL (SELECT regexp_replace(p.prosrc, '/[*].*?[*]/|--[^\n]*', '', 'g') AS body) AS b
       WHERE b.body ~* E'\\mis\\s+not\\s+null\\M'
         AND (b.body ~* E'\\m(old|new)([.][*])?\\s+is\\s+not\\s+null\\M' AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'public.videos'::regclass AND t.tgfoid = p.oid)
              OR EXISTS (SELECT FROM regexp_matches(b.body, E'\\m(\\w+)\\s+(?:"?public"?[.])?"?videos"?(?:%rowtype)?\\s*(?:;|:=)|\\mvideos"?\\s+(?:as\\s+)?"?(\\w+)', 'gi') AS m
                          WHERE b.body ~* (E'(^|[^.])\\m' || coalesce(m[1], m[2]) || E'([.][*])?\\s+is\\s+not\\s+null\\M')))
       UNION ALL
      -- Who was given the columns one by one was not given ours, and a star stands for them, too.
      SELECT 12, 'these roles were given the columns of videos one by one, but not our eight, and fail where they say * of it, in RETURNING, too: %s. Let them name columns, or GRANT SELECT ('
                 'thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_started_at, '
                 'thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata) ON public.videos to them', g.name, g.id
        FROM (SELECT x.grantee AS id, CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END AS name, array_agg(a.attname) AS given
                FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) AS x
               WHERE a.attrelid = 'public.videos'::regclass AND x.privilege_type = 'SELECT' GROUP BY 1) AS g
       WHERE (SELECT bool_and(a.attname = ANY (g.given)) FILTER (WHERE NOT o.is_ours) AND NOT bool_and(has_column_privilege(g.name, a.attrelid, a.attnum, 'SELECT'))
                FROM pg_attribute a
               CROSS JOIN LATERAL (SELECT a.attname ~ '^thumbnail_(metadata|generated_at|generation_(status|error|error_code|attempts|started_at|last_attempt_at))$' AS is_ours) AS o
               WHERE a.attrelid = 'public.videos'::regclass AND a.attnum > 0 AND NOT a.attisdropped)
       UNION ALL
      -- A view keeps the columns that its star stood for; the same text now has ours among them.
      SELECT 9, 'these views have all columns of videos, and behind them others or another table''s rows: %s. If one says * of videos, CREATE OR REPLACE VIEW with the same text '
                'fails from now on, since eight columns come between. DROP VIEW before it, or name the columns', c.oid::regclass::text, c.oid
        FROM pg_class c CROSS JOIN (SELECT '^thumbnail_(metadata|generated_at|generation_(status|error|error_code|attempts|started_at|last_attempt_at))$' AS ours) AS o
       CROSS JOIN LATERAL (SELECT concat(',', string_agg(a.attname, ',' ORDER BY a.attnum) FILTER (WHERE a.attrelid = c.oid), ',') AS of_view,
                                  concat(',', string_agg(a.attname, ',' ORDER BY a.attnum) FILTER (WHERE a.attrelid <> c.oid), ',') AS of_videos
                             FROM pg_attribute a WHERE a.attrelid IN (c.oid, 'public.videos'::regclass) AND a.attnum > 0 AND NOT a.attisdropped AND a.attname !~ o.ours) AS n
       WHERE c.relkind = 'v' AND EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                                          WHERE r.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = 'public.videos'::regclass)
         AND strpos(n.of_view, n.of_videos) > 0 AND (right(n.of_view, length(n.of_videos)) <> n.of_videos OR pg_get_viewdef(c.oid) ~ E'\\mUNION\\M')
         AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname ~ o.ours) < 8
       UNION ALL
      SELECT 8, 'many videos show the same picture, or have it by default, and so get none of ours: %s. If that stands for none, let the platform write ' || n.none ||
             ' instead (or ALTER thumbnail_url SET DEFAULT ' || n.none || '), and UPDATE public.videos SET thumbnail_url = ' || n.none || ' WHERE thumbnail_url = that one', p.url, NULL
        FROM thumbnails.placeholders() AS p, thumbnails.no_picture() AS n (none)
       UNION ALL
      SELECT 4, '%s', u.words, NULL FROM thumbnails.unknown_words() AS u (words) WHERE u.words IS NOT NULL
       UNION ALL
      SELECT k.nth, k.sentence, p.pubname, p.oid
        FROM pg_publication p
       CROSS JOIN LATERAL (SELECT p.puballtables OR EXISTS (SELECT FROM pg_publication_namespace n WHERE n.pnpubid = p.oid AND n.pnnspid = 'public'::regnamespace)) AS o (of_public)
       CROSS JOIN LATERAL (VALUES
         (5, o.of_public OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = 'public.videos'::regclass AND r.prattrs IS NULL),
          'publications of videos (%s) are of its eight new columns, too: a subscriber that is PostgreSQL stops at the next row until its table has them. '
          -- With all columns as the row's identity, each publication with UPDATE has to have them all, or PostgreSQL refuses each UPDATE.
          'Add them there as well' || CASE WHEN NOT EXISTS (
            SELECT FROM pg_class c WHERE c.relreplident = 'f' AND c.oid IN (SELECT 'public.videos'::regclass UNION ALL SELECT t.relid FROM pg_partition_tree('public.videos') AS t))
            THEN ', or publish a list of columns that has its replica identity, which is its key if you have set none' ELSE '' END),
         (6, o.of_public, 'publications (%s) are of system_config, too, and so of the secrets in it'),
         (7, p.puballtables, 'publications of all tables (%s) are of those in the schema thumbnails, too: their subscribers stop at the first row of a table they lack. '
                             'Make the schema there as well (pg_dump --schema-only --schema=thumbnails)')) AS k (nth, holds, sentence)
       WHERE k.holds) AS w
     GROUP BY w.nth, w.sentence ORDER BY w.nth
  LOOP
    RAISE WARNING '%', warning;
  END LOOP;
END
$$;
