-- What is wrong with `videos`, our triggers (also on its partitions), the indexes and what is public, as a sentence; NULL if nothing is.
CREATE OR REPLACE FUNCTION thumbnails.trigger_problem() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT format('row level security hides %s from %I, for whom the queue works, and nothing is done: ALTER TABLE %1$s NO FORCE ROW LEVEL SECURITY', c.oid::regclass, current_user)
                     FROM pg_class AS c WHERE (c.relnamespace = 'thumbnails'::regnamespace OR c.oid = to_regclass('public.videos')) AND row_security_active(c.oid) LIMIT 1),
         -- Its triggers went with the table, whatever it is named now.
         CASE WHEN to_regclass('public.videos') IS NULL THEN
                'there is no table public.videos, and nothing is done for its videos' || coalesce((
                  SELECT format(': it is %s now. Give it its name again: ALTER TABLE %1$s %s', m.oid::regclass,
                                CASE WHEN m.relname = 'videos' THEN 'SET SCHEMA public' ELSE 'RENAME TO videos' END)
                    FROM pg_trigger AS n JOIN pg_class AS m ON m.oid = n.tgrelid WHERE n.tgname = 'zz_thumbnails_c_note_insert' AND n.tgparentid = 0 LIMIT 1), '')
              WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid IN ('thumbnails.inbox'::regclass, 'thumbnails.events'::regclass) AND a.attname = 'id' AND a.attidentity = '') THEN
                'the tables of the schema thumbnails are a copy without what belongs to them, and nothing can be queued: run uninstall.sql, then apply the migrations'
              WHEN count(*) FILTER (WHERE t.tgrelid = to_regclass('public.videos')) < 9 THEN 'triggers on videos are missing, and finished videos are found by the hourly sweep alone: apply the migrations again'
              WHEN bool_or(t.tgenabled IN ('D', 'R')) THEN
                'triggers on videos are disabled, and finished videos are found by the hourly sweep alone: ALTER TABLE public.videos ENABLE TRIGGER USER'
              WHEN EXISTS (SELECT FROM pg_inherits AS h JOIN pg_class AS v ON v.oid = h.inhparent WHERE v.oid = to_regclass('public.videos') AND v.relkind = 'r') THEN
                'another table inherits from videos, and its rows are found by the hourly sweep alone: triggers do not see them. Make videos one table, or partition it'
              -- After a rename, another column may have the name, but triggers, views and the index still use the old one.
              WHEN EXISTS (SELECT FROM pg_rewrite AS r JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                             JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                            WHERE r.ev_class = to_regclass('thumbnails.seen') AND d.refclassid = 'pg_class'::regclass AND a.attrelid = to_regclass('public.videos')
                              AND a.attname !~ '^(id|status|video_url|thumbnail_url|thumbnail_metadata|thumbnail_generation_(status|error|error_code|attempts))$') THEN
                'columns of videos were renamed, and finished videos are not noticed: what looks at them looks at the old ones. Apply the migrations again'
              WHEN NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                                WHERE i.indrelid = to_regclass('public.videos') AND a.attname = 'id' AND i.indisvalid AND i.indpred IS NULL) THEN
                format('no index of videos begins with its id, and every look for one reads the whole table: CREATE %s ON public.videos (id)',
                       CASE (SELECT v.relkind FROM pg_class AS v WHERE v.oid = to_regclass('public.videos')) WHEN 'p' THEN 'INDEX' ELSE 'UNIQUE INDEX CONCURRENTLY' END) END,
         -- A program that copies a schema, as for each tenant, copies triggers with it. Their hints are of no row of ours.
         (SELECT format('other tables than public.videos have our triggers, as after a schema was copied, and their videos get no thumbnail: %s. Apply the migrations again, which drop these triggers',
                        string_agg(DISTINCT n.tgrelid::regclass::text, ', '))
            FROM pg_trigger AS n JOIN pg_proc AS f ON f.oid = n.tgfoid
           WHERE f.pronamespace = 'thumbnails'::regnamespace AND n.tgparentid = 0 AND n.tgrelid <> to_regclass('public.videos') HAVING count(*) > 0),
         -- Programs that manage a schema drop what they do not know, and a column takes its views along.
         (SELECT format('the migrations made these, and they are missing: %s. Apply the migrations again', string_agg(needed.name, ', ' ORDER BY needed.position))
            FROM unnest(ARRAY['thumbnails.seen', 'thumbnails.health', 'public.thumbnail_generation_health', 'public.thumbnail_generation_failures', 'public.videos_need_thumbnail_generation',
                              'public.auto_retry_stuck_thumbnails', 'public.manually_trigger_thumbnail_generation', 'public.batch_trigger_thumbnail_generation',
                              'public.videos_thumbnail_lacking', 'videos_thumbnail_generation_status_valid'])
                   WITH ORDINALITY AS needed (name, position)
           WHERE to_regclass(needed.name) IS NULL AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND 'public.' || p.proname = needed.name)
             AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = to_regclass('public.videos') AND k.conname = needed.name)
          HAVING count(*) > 0),
         thumbnails.lock_problem())
    FROM pg_trigger AS t
   WHERE t.tgrelid IN (SELECT to_regclass('public.videos') UNION ALL SELECT p.relid FROM pg_partition_tree(to_regclass('public.videos')) AS p) AND t.tgname LIKE 'zz\_thumbnails\_%'
$$;

-- If no video is `completed`: which statuses there are, or which CHECK allows others alone, as a sentence; NULL if one is, or all words are known.
CREATE OR REPLACE FUNCTION thumbnails.unknown_words() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT 'a video is finished when its status is ''completed'', ' || coalesce(
    (SELECT 'and none is: there are ' || string_agg(format('%L (%s)', w.word, w.videos), ', ')
       FROM (SELECT v.status::text AS word, count(*) AS videos FROM public.videos AS v GROUP BY 1 ORDER BY 2 DESC LIMIT 5) AS w
     HAVING bool_or(w.word NOT IN ('pending', 'processing', 'failed')) AND NOT EXISTS (SELECT FROM public.videos AS v WHERE v.status = 'completed')),
    (SELECT format('a word that its CHECK %I does not know', c.conname) FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
      WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND a.attname = 'status' AND pg_get_constraintdef(c.oid) ~ '= ANY [(]'
        AND pg_get_constraintdef(c.oid) !~ '''completed''|NOT ENFORCED$' LIMIT 1))
$$;

-- If a word follows `completed` before the pictures are made, as a sentence: there are a tenth as many such videos as have a picture.
CREATE OR REPLACE FUNCTION thumbnails.next_word() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT format('videos were finished and went on to the status %L (%s) before they had a picture, and get none. If that word says that they are finished, too, generate the status '
                'as docs/operating.md does', v.status::text, count(*))
    FROM public.videos AS v
   WHERE v.thumbnail_generation_status = 'pending' AND thumbnails.lacks(v.thumbnail_url) AND v.status::text NOT IN ('pending', 'processing', 'completed', 'failed')
   GROUP BY v.status::text HAVING count(*) * 10 > (SELECT count(*) FROM public.videos AS w WHERE w.thumbnail_generation_status = 'completed') ORDER BY count(*) DESC LIMIT 1
$$;

-- The pictures that stand for none on the platform, and are from outside to us: the default of `thumbnail_url`, and one that a tenth of the videos show.
CREATE OR REPLACE FUNCTION thumbnails.placeholders() RETURNS TABLE (url text, is_default boolean)
LANGUAGE sql STABLE AS $$
  SELECT p.url, bool_or(p.is_default)
    FROM (SELECT replace(substring(pg_get_expr(d.adbin, d.adrelid) FROM '^''(([^'']|'''')*)''::[a-z ]+$'), '''''', '''') AS url, true AS is_default
            FROM pg_attribute AS a JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'thumbnail_url'
          UNION ALL
          SELECT m.url, false FROM pg_stats AS s, unnest(s.most_common_vals::text::text[], s.most_common_freqs) AS m (url, part)
           WHERE s.schemaname = 'public' AND s.tablename = 'videos' AND s.attname = 'thumbnail_url' AND m.part >= 0.1) AS p
   WHERE NOT thumbnails.lacks(p.url) GROUP BY p.url
$$;

-- How the platform writes that a video has no picture.
CREATE OR REPLACE FUNCTION thumbnails.no_picture() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN a.attnotnull THEN '''''' ELSE 'NULL' END FROM pg_attribute AS a WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'thumbnail_url'
$$;

-- Writes a video as the platform would. Of an existing one only the state is written, since nobody can undo what triggers do outside of the database
-- when a URL changes, such as deleting a file. Without a state, a new one is inserted.
CREATE OR REPLACE FUNCTION thumbnails.write_in_trial(p_id uuid, p_state text) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
  IF p_state IS NULL THEN
    INSERT INTO public.videos (id, status, video_url, thumbnail_url) VALUES (p_id, 'completed', 'https://trial.invalid/new.mp4', '');
  ELSE
    UPDATE public.videos AS v SET thumbnail_generation_status = p_state WHERE v.id OPERATOR(pg_catalog.=) p_id;
  END IF;
  IF NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id OPERATOR(pg_catalog.=) p_id AND (p_state IS NULL OR v.thumbnail_generation_status OPERATOR(pg_catalog.=) p_state)) THEN
    RAISE EXCEPTION 'a trigger of the platform''s keeps the row as it is or keeps it out, or gives it another id';
  END IF;
END
$$;

-- A query for the names of the platform's CHECKs that forbid a picture of a video ($1, its id) at a URL ($2). It writes nothing.
CREATE OR REPLACE FUNCTION thumbnails.checks_of_pictures() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(format('SELECT %L FROM (SELECT %s FROM public.videos AS v WHERE v.id = $1) AS videos WHERE NOT (%s)',
                                    c.conname, own.columns, pg_get_expr(c.conbin, c.conrelid)), ' UNION ALL '), 'SELECT NULL WHERE $1 IS NULL AND $2 IS NULL')
    FROM pg_constraint AS c
   CROSS JOIN LATERAL (SELECT string_agg(CASE a.attname WHEN 'thumbnail_url' THEN format('$2::%s AS thumbnail_url', format_type(a.atttypid, a.atttypmod))
                                                        ELSE format('%I', a.attname) END, ', ') AS columns,
                              bool_or(a.attname = 'thumbnail_url') AS names_it
                         FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS own
   WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND pg_get_constraintdef(c.oid) !~ 'NOT ENFORCED$' AND own.names_it
$$;

-- A trial for `--check`: one video goes through triggers, merge, claim and result, with the platform's own triggers and rules, and all of it is rolled
-- back. If it has a picture, it gets the same again. Returns NULL, or what is in the way. `p_base_url` is the store's public URL.
CREATE OR REPLACE FUNCTION thumbnails.trial(p_base_url text DEFAULT 'https://trial.invalid') RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  id uuid;
  old_state text;
  old_picture text;
  url text;
  claimed record;
  answer text;
  verdict text;
BEGIN
  PERFORM thumbnails.see_all();
  -- A video that nobody works on, preferably without a picture. Soon after the first migration all of them may wait for the first worker.
  id := coalesce(
    (SELECT v.id FROM public.videos AS v
      WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
        AND NOT thumbnails.is_blank(v.video_url) AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT v.id FROM public.videos AS v
      WHERE v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url)
        AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT v.id FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
      WHERE j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL AND j.due_at < 'infinity'
        AND v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url) LIMIT 1 FOR UPDATE SKIP LOCKED));
  IF id IS NOT NULL THEN
    PERFORM thumbnails.merge(1000, id);
    SELECT s.state, s.picture INTO old_state, old_picture FROM thumbnails.seen AS s WHERE s.id = id;
    PERFORM thumbnails.write_in_trial(id, CASE WHEN old_state = 'pending' THEN 'failed' ELSE 'pending' END);
  ELSE
    verdict := thumbnails.unknown_words();
    IF verdict IS NOT NULL THEN
      RAISE EXCEPTION '%', verdict USING ERRCODE = 'TRIAL';
    END IF;
    id := gen_random_uuid();
    BEGIN
      PERFORM thumbnails.write_in_trial(id, NULL);
    EXCEPTION WHEN OTHERS OR assert_failure THEN
      RAISE EXCEPTION 'there is no finished video to try it with that nobody works on, and none can be made up: % (%)', SQLERRM, SQLSTATE USING ERRCODE = 'TRIAL';
    END;
  END IF;
  IF NOT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = id) THEN
    RAISE EXCEPTION 'the triggers on videos do not fire' USING ERRCODE = 'TRIAL';
  END IF;
  PERFORM thumbnails.merge(1000, id);
  -- So that it waits neither for its uploader's other videos nor for the end of a pause, which the report tells of.
  DELETE FROM thumbnails.breakers AS b WHERE b.host IN ('', '*');
  UPDATE thumbnails.jobs AS j SET tenant = '', due_at = clock_timestamp() WHERE j.video_id = id AND j.kind = 'thumbnail';
  SELECT c.outcome, c.token INTO claimed FROM thumbnails.claim(id, 30, NULL, NOT thumbnails.lacks(old_picture)) AS c;
  verdict := coalesce(
    (SELECT e.text FROM thumbnails.events AS e WHERE e.video_id = id AND e.class = 'platform' AND e.xid = pg_current_xact_id()::text::bigint LIMIT 1),
    CASE WHEN claimed.outcome <> 'claimed' THEN format('a finished video without a thumbnail cannot be claimed: %s', claimed.outcome) END);
  IF verdict IS NULL THEN
    url := format('%s/thumbnails/%s/0000000000000000-0.jpg', rtrim(p_base_url, '/'), id);
    IF NOT thumbnails.lacks(old_picture) THEN
      -- As a write would: the column may be too short (Django's ImageField has room for 100 characters), or its domain may have a rule.
      PERFORM jsonb_populate_record(v, jsonb_build_object('thumbnail_url', url)) FROM public.videos AS v WHERE v.id = id;
      EXECUTE format('SELECT format(''new row violates check constraint "%%s" (23514)'', min(c.name)) FROM (%s) AS c (name) HAVING min(c.name) IS NOT NULL',
                     thumbnails.checks_of_pictures()) INTO verdict USING id, url;
      url := old_picture;
    END IF;
    answer := thumbnails.complete(id, claimed.token, url, format('thumbnails/%s/0000000000000000-0.jpg', id), '{}');
    IF answer <> 'ok' THEN
      verdict := coalesce((SELECT j.result #>> '{refused,text}' FROM thumbnails.jobs AS j WHERE j.video_id = id AND j.kind = 'thumbnail'),
                          'the result is answered by ' || answer);
    END IF;
  END IF;
  RAISE EXCEPTION '%', coalesce(verdict,
    CASE WHEN EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id <> id AND i.xid = pg_current_xact_id() AND i.reason = 'finished'
                                                          AND i.old_source IS NULL AND i.old_state IS NULL) THEN
      'a trigger of the platform''s puts another finished video without a picture into videos whenever it writes to one: the work would have no '
      'end. Keep old versions in a table of their own, or with another status' END,
    -- What a video with a picture cannot show may have happened to videos that wait for theirs.
    (SELECT 'a result is kept, for the platform refuses it: ' || (j.result #>> '{refused,text}') FROM thumbnails.jobs AS j
      WHERE j.result ? 'refused' ORDER BY j.due_at LIMIT 1),
    thumbnails.next_word(),
    (SELECT format('new videos have a picture by default, %s, and get none of ours: ALTER TABLE public.videos ALTER thumbnail_url SET DEFAULT %s', p.url, thumbnails.no_picture())
       FROM thumbnails.placeholders() AS p WHERE p.is_default), '') USING ERRCODE = 'TRIAL';
EXCEPTION WHEN OTHERS OR assert_failure THEN
  RETURN coalesce(thumbnails.trigger_problem(), CASE WHEN SQLSTATE = 'TRIAL' THEN nullif(left(SQLERRM, 1200), '') ELSE format('%s (%s)', left(SQLERRM, 1000), SQLSTATE) END);
END
$$;
