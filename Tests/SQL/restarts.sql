-- What restarts a failed video restarts it as well if it comes while the video is being tried, or while its failure waits to be written.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(72);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.shown(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_error) FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.history(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', coalesce(from_status, '-') || '>' || coalesce(to_status, '-'), class), ', ' ORDER BY id)
    FROM thumbnails.events WHERE video_id = pg_temp.id(n) AND to_status IS NOT NULL $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(100) > 0 LOOP NULL; END LOOP; END $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS void LANGUAGE sql AS $$
  UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(n) $$;
CREATE TEMP TABLE t (n integer PRIMARY KEY, token bigint, attempt integer);
CREATE FUNCTION pg_temp.claim(n integer) RETURNS text LANGUAGE sql AS $$
  INSERT INTO t SELECT $1, c.token, c.attempt FROM thumbnails.claim(pg_temp.id($1), 30) AS c ON CONFLICT (n) DO UPDATE SET token = excluded.token, attempt = excluded.attempt
  RETURNING CASE WHEN token IS NOT NULL THEN 'attempt ' || attempt ELSE 'none' END $$;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM t WHERE t.n = $1 $$;
CREATE FUNCTION pg_temp.fail(n integer, class text, retryable boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
  SELECT outcome FROM thumbnails.fail(pg_temp.id(n), pg_temp.token(n), class, 'why', retryable) $$;
-- What restarts a failed video.
CREATE FUNCTION pg_temp.restart(n integer, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE how
    WHEN 'signed anew' THEN UPDATE videos SET video_url = video_url || '?token=1' WHERE id = pg_temp.id(n);
    WHEN 'finished again' THEN
      UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(n);
      PERFORM pg_temp.merge();
      UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(n);
    WHEN 'picture taken off' THEN
      UPDATE videos SET thumbnail_url = 'http://elsewhere/p.jpg' WHERE id = pg_temp.id(n);
      UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(n);
    WHEN 'written pending' THEN UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = pg_temp.id(n);
    WHEN 'by hand' THEN PERFORM manually_trigger_thumbnail_generation(pg_temp.id(n));
    WHEN 'asked for' THEN INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(n), 'asked');
  END CASE;
  PERFORM pg_temp.merge();
END $$;
CREATE TEMP TABLE ways AS SELECT * FROM (VALUES
  (1, 'signed anew'), (2, 'finished again'), (3, 'picture taken off'), (4, 'written pending'), (5, 'asked for'), (6, 'by hand')) AS w (n, how);
CREATE FUNCTION habit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.thumbnail_generation_status = 'failed' AND current_setting('habit.refuses', true) = 'on' THEN
    RAISE EXCEPTION 'no failures here';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER habit BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION habit();
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 59) AS n;
SELECT pg_temp.merge() \g /dev/null

-- A final failure.
SELECT pg_temp.claim(n) FROM ways \g /dev/null
SELECT pg_temp.restart(n, how) FROM ways \g /dev/null
SELECT is((pg_temp.job(n)).token, pg_temp.token(n), how || ': the worker goes on') FROM ways;
SELECT is(pg_temp.fail(n, 'media'), 'ok', how || ': its failure is taken') FROM ways;
SELECT is(pg_temp.shown(n), 'pending media 0 why', how || ': and shown, but is not the end') FROM ways;
SELECT ok((pg_temp.job(n)).due_at BETWEEN clock_timestamp() + interval '50 s' AND clock_timestamp() + interval '2 min', how || ': the next try is in a minute or two') FROM ways;
SELECT matches(pg_temp.history(n), 'processing>pending media$', how || ': in the history') FROM ways;
SELECT pg_temp.due(n) FROM ways \g /dev/null
SELECT is(pg_temp.claim(n), 'attempt 1', how || ': it is the first') FROM ways;
SELECT pg_temp.fail(n, 'media') FROM ways \g /dev/null
SELECT is(pg_temp.shown(n) || coalesce((pg_temp.job(n)).lane, -1), 'failed media 1 why-1', how || ': and is the end') FROM ways;

-- The last attempt.
INSERT INTO t SELECT n, c.token, c.attempt FROM generate_series(11, 16) AS n, thumbnails.claim(pg_temp.id(n), 30) AS c;
UPDATE thumbnails.jobs j SET attempts = 3 FROM t WHERE j.video_id = pg_temp.id(t.n) AND t.n > 10;
SELECT pg_temp.restart(n + 10, how) FROM ways \g /dev/null
SELECT pg_temp.fail(n + 10, 'source', true) FROM ways \g /dev/null
SELECT is((pg_temp.job(n + 10)).attempts, 0::smallint, how || ': the third failure is not the last') FROM ways;
-- The same for one of three, for it knows no more than the third.
SELECT pg_temp.claim(20), pg_temp.restart(20, 'signed anew'), pg_temp.fail(20, 'source', true) \g /dev/null
SELECT is(((pg_temp.job(20)).attempts, (pg_temp.job(20)).request)::text, '(0,{})', 'nor does the first count');
-- A worker that is lost.
SELECT pg_temp.claim(21) \g /dev/null
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(21);
SELECT pg_temp.restart(21, 'signed anew'), pg_temp.due(21) \g /dev/null
SELECT is(pg_temp.claim(21), 'attempt 1', 'a lost worker is followed by the next');
SELECT pg_temp.fail(21, 'media') \g /dev/null
SELECT is(pg_temp.shown(21), 'failed media 1 why', 'whose failure is the end');
SELECT pg_temp.claim(22) \g /dev/null
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(22);
SELECT pg_temp.restart(22, 'signed anew'), pg_temp.due(22) \g /dev/null
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep');
SELECT matches(pg_temp.shown(22), '^pending lost 0 worker lost', 'starts it anew, too');
-- Signed anew only when the lease was over already.
SELECT pg_temp.claim(23) \g /dev/null
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(23);
SELECT pg_temp.due(23), pg_temp.restart(23, 'signed anew') \g /dev/null
SELECT is(pg_temp.claim(23), 'attempt 1', 'as one whose lease is over');
-- Given back, it waits as it did, and is then the first.
SELECT pg_temp.claim(24), pg_temp.restart(24, 'signed anew') \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(24), pg_temp.token(24), 'storage', '503', NULL)), 'ok', 'a job that is given back');
SELECT pg_temp.due(24) \g /dev/null
SELECT is(pg_temp.claim(24), 'attempt 1', 'is tried');
SELECT pg_temp.restart(24, 'signed anew') \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(24), pg_temp.token(24), 'storage', '503', NULL)), 'ok', 'and given back');
SELECT is(thumbnails.act('cancel', format('{"ids": ["%s"]}', pg_temp.id(24))::jsonb, 10, NULL, 'a person') ->> 'processed', '1', 'who cancels it');
SELECT is(pg_temp.shown(24), 'failed request 0 cancelled by a person', 'has it cancelled');

-- A picture counts, and so does whatever was wished for.
SELECT thumbnails.claim(pg_temp.id(30), 30, '9:16') \g /dev/null
SELECT pg_temp.restart(30, 'signed anew') \g /dev/null
SELECT is(thumbnails.complete(pg_temp.id(30), (pg_temp.job(30)).token, 'http://p/30', 'thumbnails/30', '{}'), 'ok', 'a picture is taken');
SELECT is((SELECT thumbnail_metadata FROM videos WHERE id = pg_temp.id(30)), '{"requested": {"aspectRatio": "9:16"}}', 'with what was asked for, and nothing more');
-- Another video's picture that is being made anew.
SELECT pg_temp.claim(31) \g /dev/null
SELECT thumbnails.complete(pg_temp.id(31), k.token, 'http://p/' || k.key, k.key, '{"method": "x"}')
  FROM (SELECT token, format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(31), token) AS key FROM t WHERE n = 31) AS k \g /dev/null
UPDATE videos SET video_url = 'http://x/other' WHERE id = pg_temp.id(31);
SELECT pg_temp.claim(31), pg_temp.restart(31, 'written pending'), pg_temp.fail(31, 'media') \g /dev/null
SELECT is(pg_temp.shown(31) || (pg_temp.job(31)).lane, 'pending media 0 why1', 'another video''s picture that is being made anew');

-- A failure that is kept.
SELECT set_config('habit.refuses', 'on', true) \g /dev/null
INSERT INTO t SELECT n, c.token, c.attempt FROM generate_series(41, 46) AS n, thumbnails.claim(pg_temp.id(n), 30) AS c;
SELECT is(ARRAY(SELECT pg_temp.fail(n, 'media') FROM generate_series(41, 46) AS n), array_fill('kept'::text, ARRAY[6]), 'failures that are kept');
SELECT set_config('habit.refuses', 'off', true) \g /dev/null
SELECT pg_temp.restart(n + 40, how) FROM ways \g /dev/null
SELECT pg_temp.due(n) FROM generate_series(41, 45) AS n \g /dev/null
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is(((pg_temp.job(n + 40)).lane, (pg_temp.job(n + 40)).attempts, (pg_temp.job(n + 40)).result)::text || ' ' || pg_temp.shown(n + 40), '(1,0,) pending media 0 why', how || ': kept')
  -- Its row says `pending` as it is.
  FROM ways WHERE how NOT IN ('written pending', 'by hand');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(46)) ->> 'success', 'true', 'by hand');
SELECT is(((pg_temp.job(46)).lane, (pg_temp.job(46)).result)::text || pg_temp.claim(46), '(0,)attempt 1', 'it is tried at once');
-- By hand, whatever state it is in.
SELECT pg_temp.claim(57), pg_temp.claim(58), pg_temp.due(58) \g /dev/null
SELECT pg_temp.restart(n, 'by hand') FROM generate_series(57, 58) AS n \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(57) AND class = 'manual' AND to_status IS NULL), 1::bigint, 'by hand: in the history of one in work');
SELECT is(((pg_temp.job(58)).token, (pg_temp.job(58)).attempts)::text, '(,0)', 'by hand: one whose worker was lost begins anew');
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_started_at)
SELECT pg_temp.id(n), 'completed', 'http://x/' || n, 'processing', now() - make_interval(mins => CASE n WHEN 60 THEN 5 ELSE 31 END) FROM generate_series(60, 61) AS n;
SELECT is((SELECT array_agg(r ->> 'videoId') FROM json_array_elements(batch_trigger_thumbnail_generation(1000) -> 'results') AS r WHERE (r ->> 'videoId')::uuid >= pg_temp.id(60)),
  ARRAY[pg_temp.id(61)::text], 'by hand: the many are without those that another program works on');
SELECT * FROM finish();
ROLLBACK;
