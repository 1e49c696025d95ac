-- The sweep, the triggers by hand and the batch: whom they take, whom they leave, what they answer.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(117);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
SELECT thumbnails.merge(1000) \g /dev/null
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.due() RETURNS integer[] LANGUAGE sql AS $$
  SELECT array_agg(right(video_id::text, 12)::integer ORDER BY video_id) FROM thumbnails.jobs WHERE due_at <= clock_timestamp() $$;
CREATE FUNCTION pg_temp.hints() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(right(video_id::text, 2)::integer || reason, ' ' ORDER BY id) FROM thumbnails.inbox $$;
CREATE FUNCTION pg_temp.swept_to() RETURNS integer LANGUAGE sql AS $$ SELECT right(swept_to::text, 12)::integer FROM thumbnails.positions $$;
ALTER TABLE videos DISABLE TRIGGER USER;
-- Pairs: the first is to be set going, the second is not.
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_started_at,
  thumbnail_generation_last_attempt_at, created_at)
SELECT pg_temp.id(n), 'completed', 'http://x/' || n, state, code, attempts, now() - started, now() - started, now() - created
  FROM (VALUES
    (1, 'processing', NULL, 1, interval '1 min', interval '1 day'), -- ours: its lease is over
    (2, 'processing', NULL, 1, interval '1 min', interval '1 day'),
    (3, 'processing', NULL, 1, interval '31 min', interval '1 day'), -- an old writer's
    (4, 'processing', NULL, 1, interval '29 min', interval '1 day'),
    (5, 'failed', 'source', 1, interval '1 min', interval '1 day'), -- ours: its time has come
    (6, 'failed', 'source', 1, interval '1 min', interval '1 day'),
    (7, 'failed', NULL, 2, interval '1 min', interval '1 day'), -- an old writer's, attempts left
    (8, 'failed', NULL, 3, interval '1 min', interval '1 day'),
    (9, 'pending', NULL, 0, NULL, interval '11 min'), -- nobody's
    (10, 'pending', NULL, 0, NULL, interval '9 min'),
    (11, NULL, NULL, 0, NULL, interval '11 min'),
    (12, NULL, NULL, 0, NULL, interval '9 min'),
    (13, 'processing', NULL, 3, interval '1 min', interval '1 day'), -- ours: lost for the third time
    (14, 'failed', 'media', 1, interval '1 min', interval '1 day'),
    (15, 'completed', NULL, 0, NULL, interval '11 min'), -- so it says, without a picture
    (16, 'completed', NULL, 0, NULL, interval '9 min'),
    (17, 'processing', NULL, 0, NULL, interval '31 min'), -- without any time
    (18, 'processing', NULL, 0, NULL, interval '29 min'),
    (19, 'pending', 'storage', 5, interval '11 min', interval '1 day'), -- once ours, and no job of it
    (20, 'pending', 'storage', 5, interval '9 min', interval '1 day'),
    (25, 'failed', 'source', 1, interval '1 min', interval '1 day'), -- ours, and its job is lost: what can be tried again has attempts left
    (26, 'failed', 'source', 3, interval '1 min', interval '1 day'),
    (27, 'failed', 'storage', 2, interval '1 min', interval '1 day'),
    (28, 'failed', 'forbidden', 1, interval '1 min', interval '1 day'))
    AS v (n, state, code, attempts, started, created);
INSERT INTO thumbnails.jobs (video_id, lane, due_at, attempts, token, claimed_at, source_url)
SELECT pg_temp.id(n), 0, now() + due, attempts, token, now() - interval '1 min', 'http://x/' || n
  FROM (VALUES (1, interval '-1 s', 1, 1), (2, interval '9 s', 1, 2), (5, interval '-1 s', 1, NULL), (6, interval '9 s', 1, NULL), (13, interval '-1 s', 3, 13)) AS j (n, due, attempts, token);
INSERT INTO videos (id, status, video_url, created_at) VALUES (pg_temp.id(21), 'processing', 'http://x/21', now() - interval '1 day');
INSERT INTO videos (id, status, video_url, thumbnail_url, created_at) VALUES (pg_temp.id(22), 'completed', 'http://x/22', 'http://p/22', now() - interval '1 day');
INSERT INTO videos (id, status, video_url, thumbnail_url, thumbnail_generation_status, created_at) VALUES (pg_temp.id(23), 'completed', 'http://x/23', '', 'completed', now() - interval '1 day'),
  (pg_temp.id(24), 'completed', 'http://x/24', 'data:image/svg+xml,x', NULL, now() - interval '1 day');
ALTER TABLE videos ENABLE TRIGGER USER;

SELECT is(pg_temp.due(), ARRAY[1, 5, 13], 'ended leases and times that have come are due by themselves');
SELECT is((SELECT (n ->> 'count')::integer FROM thumbnails.next_sweep(100) AS n), 13, 'a dry run counts what is lost and left behind');
SELECT is((SELECT count(*) FROM thumbnails.inbox), 0::bigint, 'and writes nothing');
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is(pg_temp.due(), ARRAY[1, 5, 13], 'the relay''s round begins no sweep');
CREATE TEMP TABLE answer AS SELECT auto_retry_stuck_thumbnails() AS a;
SELECT is(pg_temp.due(), ARRAY[1, 3, 5, 7, 9, 11, 15, 17, 19, 23, 24, 25, 27], 'the hourly net takes what other programs left behind');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_error)::text FROM videos WHERE id = pg_temp.id(13)),
  '(failed,lost,"worker lost: the attempt ended without a result 3 times")', 'and ends who was lost for the third time, with a reason');
SELECT is((SELECT (a ->> 'success', a ->> 'retriedCount', a ->> 'skippedCount', a ->> 'lostCount', a ->> 'waitingCount', a ->> 'goesOn')::text FROM answer), '(true,13,0,1,13,false)', 'it counts them');
SELECT matches((SELECT a ->> 'timestamp' FROM answer), '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$', 'its time is ISO 8601 with milliseconds and Z');
SELECT is((SELECT last_sweep - '{at,epoch}'::text[] FROM thumbnails.positions), '{"retriedCount": 13, "skippedCount": 0, "lostCount": 1}', 'it is noted');
SELECT is((SELECT array_agg(coalesce(thumbnail_generation_status, '-') ORDER BY id) FROM videos WHERE id IN (pg_temp.id(3), pg_temp.id(7), pg_temp.id(9), pg_temp.id(15), pg_temp.id(17), pg_temp.id(23))),
  array_fill('pending'::text, ARRAY[6]), 'they are ordinary waiting rows now');
SELECT is((SELECT array_agg(DISTINCT lane) FROM thumbnails.jobs WHERE video_id NOT IN (pg_temp.id(1), pg_temp.id(2), pg_temp.id(5), pg_temp.id(6))), ARRAY[2]::smallint[], 'behind all fresh ones');
SELECT is((SELECT array_agg(right(video_id::text, 2) || ' ' || attempts ORDER BY video_id) FROM thumbnails.jobs WHERE lane = 2 AND attempts > 0), ARRAY['07 2', '25 1', '27 2'],
  'what has failed goes on with the attempts it has left');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE text = 'found by the sweep'), 11::bigint, 'which the history tells');
SELECT is((SELECT count(*) FROM thumbnails.events), 12::bigint, 'each once');
SELECT is((SELECT count(*) FROM videos WHERE id = pg_temp.id(21) AND thumbnail_generation_status IS NULL), 1::bigint, 'an unfinished video is left alone');
CREATE TEMP TABLE before AS SELECT * FROM thumbnails.jobs;
SELECT auto_retry_stuck_thumbnails() ->> 'retriedCount' AS again \gset
SELECT is(:'again'::text, '5', 'a second sweep finds only what is due by itself');
SELECT set_eq('SELECT * FROM thumbnails.jobs', 'TABLE before', 'and leaves all as it is');
SELECT is((SELECT count(*) FROM thumbnails.events), 12::bigint, 'with nothing new to tell');
-- Nor what has been claimed, or given a hint.
SELECT thumbnails.claim(pg_temp.id(3), 30) \g /dev/null
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(10), 'asked');
UPDATE videos SET created_at = now() - interval '1 day' WHERE id IN (pg_temp.id(10), pg_temp.id(12));
SELECT is((SELECT array_agg(right(i::text, 2)) FROM unnest((thumbnails.find_left_behind(NULL, 100)).ids) AS i), ARRAY['12'], 'nobody is found twice, nor who is in the inbox');
DELETE FROM thumbnails.inbox;

-- In bounded steps, from where the last one ended.
CREATE FUNCTION pg_temp.leave_behind() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  ALTER TABLE videos DISABLE TRIGGER USER;
  DELETE FROM videos;
  -- The odd ones are left behind.
  INSERT INTO videos (id, status, video_url, created_at) SELECT pg_temp.id(n), 'completed', 'http://x/' || n, now() - interval '1 day' * (n % 2) FROM generate_series(1, 16) AS n;
  ALTER TABLE videos ENABLE TRIGGER USER;
  DELETE FROM thumbnails.jobs;
  DELETE FROM thumbnails.inbox;
  DELETE FROM thumbnails.events;
END $$;
CREATE FUNCTION pg_temp.found() RETURNS integer[] LANGUAGE sql AS $$
  SELECT array_agg(right(f.video_id::text, 12)::integer ORDER BY f.video_id) FROM (SELECT video_id FROM thumbnails.inbox UNION ALL SELECT video_id FROM thumbnails.jobs) AS f $$;
SELECT pg_temp.leave_behind() \g /dev/null
SELECT is((SELECT (found_videos, goes_on)::text FROM thumbnails.sweep_step(5)), '(3,t)', 'a step looks at so many');
SELECT is(pg_temp.hints(), '1found 3found 5found', 'and puts what it finds into the inbox');
SELECT is(pg_temp.swept_to(), 5, 'it is remembered how far it came');
SELECT is(thumbnails.look_after(4), 2, 'the relay''s round goes on with it');
SELECT is(pg_temp.found() || pg_temp.swept_to(), ARRAY[1, 3, 5, 7, 9, 9], 'a step further');
DO $$ BEGIN FOR n IN 1..20 LOOP EXIT WHEN pg_temp.swept_to() IS NULL; PERFORM thumbnails.look_after(4); END LOOP; END $$;
SELECT is(pg_temp.found(), ARRAY[1, 3, 5, 7, 9, 11, 13, 15], 'to the end');
SELECT is(pg_temp.swept_to(), NULL, 'where it ends');
SELECT is(thumbnails.look_after(100), 0, 'and no round begins another');
SELECT is((SELECT (found_videos, goes_on)::text FROM thumbnails.sweep_step(100)), '(0,f)', 'what is in the queue is not found again');
SELECT pg_temp.leave_behind() \g /dev/null
SELECT is((SELECT (found_videos, goes_on)::text FROM thumbnails.sweep_step(5)), '(3,t)', 'a sweep that was begun');
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false');
SELECT is(thumbnails.look_after(100) || ' ' || pg_temp.swept_to(), '0 5', 'waits while generation is switched off');
SELECT is(thumbnails.is_sweeping(), false, 'and nobody who would take it further has to');
DELETE FROM system_config WHERE key = 'auto_thumbnail_enabled';
SELECT is((SELECT (a ->> 'success', a ->> 'goesOn')::text FROM auto_retry_stuck_thumbnails() AS a), '(true,false)', 'and is taken to its end by the next call');
SELECT is(pg_temp.due(), ARRAY[1, 3, 5, 7, 9, 11, 13, 15], 'with all that was found before');

-- A row that raises is passed over, and noted.
SELECT pg_temp.leave_behind() \g /dev/null
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.video_id IN (pg_temp.id(5), pg_temp.id(15)) THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON thumbnails.inbox FOR EACH ROW EXECUTE FUNCTION refuse();
DO $$ BEGIN FOR n IN 1..20 LOOP PERFORM auto_retry_stuck_thumbnails(); EXIT WHEN pg_temp.swept_to() IS NULL; END LOOP; END $$;
SELECT is(pg_temp.swept_to(), NULL, 'a row that raises does not stop the sweep');
SELECT is((SELECT array_agg(right(video_id::text, 2) ORDER BY video_id) FROM thumbnails.events WHERE text = 'the sweep passed it over: not this one (P0001)' AND class = 'platform'), ARRAY['05', '15'],
  'which notes what it said');
SELECT is(pg_temp.due(), ARRAY[1, 3, 7, 9, 11, 13], 'and takes the others');
DROP TRIGGER refuse ON thumbnails.inbox;
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is(pg_temp.due(), ARRAY[1, 3, 5, 7, 9, 11, 13, 15], 'until it raises no more');

-- Absurd times count as long ago.
DELETE FROM videos;
DELETE FROM thumbnails.inbox;
DELETE FROM thumbnails.jobs;
ALTER TABLE videos DISABLE TRIGGER USER;
ALTER TABLE videos ALTER created_at DROP NOT NULL;
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, created_at)
SELECT pg_temp.id(row_number() OVER ()::integer), 'completed', 'http://x/1', state, started, last, born FROM unnest(ARRAY[NULL, 'pending', 'processing', 'completed']) AS state,
  unnest(ARRAY[NULL, '-infinity', 'infinity', now() + interval '2 days']::timestamptz[]) AS started, unnest(ARRAY[NULL, '-infinity', 'infinity', now() + interval '9 years']::timestamptz[]) AS last,
  unnest(ARRAY[NULL, '-infinity', 'infinity', now() + interval '8 hours']::timestamptz[]) AS born; -- a local time, read in another zone
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT is(auto_retry_stuck_thumbnails() ->> 'retriedCount', '256', 'absurd times count as long ago: every row is set going');
SELECT is((SELECT count(DISTINCT video_id) FROM thumbnails.jobs), 256::bigint, 'each of them');
DELETE FROM videos;
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs), 0::bigint, 'the sweep merges what is in the inbox');

-- Limits and answers.
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'off');
SELECT is((SELECT (a ->> 'success', a ->> 'skipped', a ->> 'reason')::text FROM auto_retry_stuck_thumbnails() AS a), '(true,true,"Auto thumbnail generation is disabled")', 'switched off');
SELECT is(batch_trigger_thumbnail_generation(5) ->> 'error', 'Auto thumbnail generation is disabled', 'for the batch, too');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(1)) ->> 'error', 'Auto thumbnail generation is disabled', 'and by hand');
DELETE FROM system_config WHERE key = 'auto_thumbnail_enabled';
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(99)) ->> 'error', 'Video not found', 'by hand: none');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(20), 'processing', 'http://x/20'), (pg_temp.id(21), 'completed', NULL), (pg_temp.id(23), 'completed', ' '), (pg_temp.id(24), 'completed', '');
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(22), 'completed', 'http://x/22', 'http://p/22'), (pg_temp.id(25), 'completed', 'http://x/25', '');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(20)) ->> 'error', 'Video is not completed', 'by hand: not finished');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(n)) ->> 'error', 'Video URL is null', 'by hand: no URL: ' || n) FROM unnest(ARRAY[21, 23, 24]) AS n;
SELECT is((SELECT (a ->> 'error', a ->> 'thumbnailUrl')::text FROM manually_trigger_thumbnail_generation(pg_temp.id(22)) AS a), '("Thumbnail already exists",http://p/22)', 'by hand: there is one');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(25)) ->> 'success', 'true', 'by hand: '''' is none');
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(30, 34) AS n;
DELETE FROM system_config WHERE key = 'service_role_key';
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(30)) ->> 'error', 'Missing configuration in system_config', 'by hand: no configuration');
SELECT is((thumbnails.readiness()).missing, 'Missing configuration in system_config: webhook_secret / service_role_key', 'and which');
INSERT INTO system_config (key, value) VALUES ('service_role_key', E' placeholder\n');
SELECT is(thumbnails.setting('service_role_key'), 'placeholder', 'setting: without blanks and line ends around it');
SELECT is(thumbnails.setting('nonsense'), NULL, 'setting: none');
-- A value that cannot work is said to be wrong.
UPDATE system_config SET value = 'ftp://x' WHERE key = 'supabase_url';
SELECT is((thumbnails.readiness()).missing, 'Wrong configuration in system_config: supabase_url is no plain http:// or https:// URL', 'another scheme is wrong');
UPDATE system_config SET value = 'http://x/functions/v1/' WHERE key = 'supabase_url';
SELECT is((thumbnails.readiness()).missing, 'Wrong configuration in system_config: supabase_url is the base URL, without /functions/v1', 'a path is wrong');
UPDATE system_config SET value = 'http://x//functions/v1//' WHERE key = 'supabase_url';
SELECT matches((thumbnails.readiness()).missing, 'without /functions/v1$', 'so it is with slashes too many');
UPDATE system_config SET value = 'http://x/functions/v1/auto-generate-thumbnail' WHERE key = 'supabase_url';
SELECT matches((thumbnails.readiness()).missing, 'without /functions/v1$', 'and that of a function');
CREATE FUNCTION pg_temp.said_of(url text) RETURNS text LANGUAGE sql AS $$
  UPDATE system_config SET value = url WHERE key = 'supabase_url'; SELECT (thumbnails.readiness()).missing $$;
SELECT is(pg_temp.said_of(url), 'Wrong configuration in system_config: supabase_url is no plain http:// or https:// URL', url || ' is wrong')
  FROM unnest(ARRAY['http://user:placeholder@x', 'http://x?y=1', 'http://x/#y', 'http://x y', '"http://x"', 'http:///x', 'x:80']) AS url;
SELECT is(pg_temp.said_of(url), NULL, url || ' will do') FROM unnest(ARRAY['http://[::1]:8080', 'HTTPS://x/a//', 'https://x/@a/b']) AS url;
UPDATE system_config SET value = E'http://x\ty' WHERE key = 'supabase_url';
SELECT is((thumbnails.readiness()).missing, 'Wrong configuration in system_config: supabase_url holds control characters', 'control characters are wrong');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(30)) ->> 'error', 'Missing configuration in system_config', 'by hand: nor with a wrong one');
SELECT is(batch_trigger_thumbnail_generation(3) ->> 'error', 'Missing configuration in system_config', 'nor by the batch');
UPDATE system_config SET value = E'https://x\r\n' WHERE key = 'supabase_url';
SELECT is((thumbnails.readiness()).missing, NULL, 'line ends around it are not');

-- By hand.
SELECT thumbnails.merge(100) \g /dev/null
SELECT thumbnails.fail(pg_temp.id(30), (thumbnails.claim(pg_temp.id(30), 30)).token, 'media', 'x', false) \g /dev/null
SELECT is((SELECT (a ->> 'success', a ->> 'videoId', a ->> 'message')::text FROM manually_trigger_thumbnail_generation(pg_temp.id(30)) AS a),
  format('(true,%s,"Thumbnail generation triggered")', pg_temp.id(30)), 'by hand: triggered');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_error, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(30)), '(pending,0,,)',
  'the attempts start anew');
SELECT is(((pg_temp.job(30)).lane, (pg_temp.job(30)).attempts, (pg_temp.job(30)).due_at <= clock_timestamp())::text, '(0,0,t)', 'it is due, with the fresh ones');
SELECT thumbnails.fail(pg_temp.id(34), (thumbnails.claim(pg_temp.id(34), 30)).token, 'source', '503', true) \g /dev/null
UPDATE thumbnails.jobs SET releases = 9 WHERE video_id = pg_temp.id(34);
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(34)) ->> 'success', 'true', 'by hand: one that waits for its next attempt');
SELECT is(((pg_temp.job(34)).lane, (pg_temp.job(34)).attempts, (pg_temp.job(34)).releases, (pg_temp.job(34)).due_at <= clock_timestamp())::text, '(0,0,0,t)', 'is due at once, anew');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 hour' WHERE video_id = pg_temp.id(34);
SELECT manually_trigger_thumbnail_generation(pg_temp.id(34)) \g /dev/null
SELECT ok((pg_temp.job(34)).due_at < clock_timestamp() - interval '59 min', 'one that is due loses no place');
-- While a worker has it, it goes on, and if that attempt fails it is not the last.
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(31), 30);
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(31);
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(31)) ->> 'success', 'true', 'by hand: a video in work');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((SELECT (thumbnail_generation_status, (pg_temp.job(31)).request, (pg_temp.job(31)).token, (pg_temp.job(31)).due_at > clock_timestamp())::text FROM videos WHERE id = pg_temp.id(31)),
  (SELECT format('(processing,"{""again"": true}",%s,t)', token) FROM c), 'stays with its worker, and the job says that it starts anew');
SELECT is(thumbnails.complete(pg_temp.id(31), (SELECT token FROM c), 'http://p/31', 'thumbnails/31', '{}'), 'ok', 'whose result counts');
-- One whose worker was lost.
SELECT thumbnails.claim(pg_temp.id(32), 30) \g /dev/null
UPDATE thumbnails.jobs SET attempts = 3, due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(32);
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(32)) ->> 'success', 'true', 'by hand: a video whose worker was lost for the third time');
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(32), 30)), '(claimed,1)', 'is begun anew');

-- The batch: what is due, parked or at work needs nobody to start it.
DELETE FROM videos;
DELETE FROM thumbnails.inbox;
DELETE FROM thumbnails.jobs;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(40, 49) AS n;
SELECT is((SELECT (a ->> 'success', a ->> 'processed', a ->> 'results')::text FROM batch_trigger_thumbnail_generation() AS a), '(true,0,[])', 'batch: all are in the inbox, none needs it');
SELECT is(thumbnails.merge(100), 10, 'batch: nor does it take anything out of it');
SELECT is((SELECT (a ->> 'success', a ->> 'processed')::text FROM batch_trigger_thumbnail_generation() AS a), '(true,0)', 'batch: all are due, none needs it');
SELECT thumbnails.fail(pg_temp.id(n), (thumbnails.claim(pg_temp.id(n), 30)).token, 'source', '503', true) FROM generate_series(42, 44) AS n \g /dev/null
SELECT thumbnails.fail(pg_temp.id(n), (thumbnails.claim(pg_temp.id(n), 30)).token, 'media', 'x', false) FROM generate_series(45, 48) AS n \g /dev/null
CREATE TEMP TABLE w AS SELECT * FROM thumbnails.claim(pg_temp.id(49), 30);
UPDATE thumbnails.jobs SET due_at = 'infinity', tenant = 'somebody' WHERE video_id = pg_temp.id(41);
UPDATE videos SET thumbnail_generation_last_attempt_at = now() - make_interval(hours => 60 - right(id::text, 2)::integer) WHERE id BETWEEN pg_temp.id(42) AND pg_temp.id(48);
CREATE TEMP TABLE untouched AS SELECT * FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(40), pg_temp.id(41), pg_temp.id(49));
CREATE TEMP TABLE batch AS SELECT batch_trigger_thumbnail_generation(3) AS a;
SELECT is((SELECT (a ->> 'success', a ->> 'processed', json_array_length(a -> 'results'))::text FROM batch), '(true,3,3)', 'batch: as many as asked for');
SELECT is((SELECT array_agg(right(r ->> 'videoId', 2) ORDER BY r ->> 'videoId') FROM batch, json_array_elements(a -> 'results') AS r), ARRAY['45', '46', '47'], 'batch: first those nothing is planned for, the longest waiting');
SELECT is((SELECT array_agg(DISTINCT (r ->> 'success', r ->> 'message')::text) FROM batch, json_array_elements(a -> 'results') AS r), ARRAY['(true,"Thumbnail generation triggered")'], 'batch: each says how it went');
SELECT is((SELECT array_agg(DISTINCT (lane, attempts, due_at <= clock_timestamp())::text) FROM thumbnails.jobs WHERE video_id BETWEEN pg_temp.id(45) AND pg_temp.id(47)), ARRAY['(2,0,t)'], 'batch: due, behind all fresh ones');
SELECT is((SELECT array_agg(thumbnail_generation_status) FROM videos WHERE id BETWEEN pg_temp.id(45) AND pg_temp.id(47)), array_fill('pending'::text, ARRAY[3]), 'batch: and they say so');
SELECT is((SELECT array_agg(right(r ->> 'videoId', 2) ORDER BY r ->> 'videoId') FROM json_array_elements(batch_trigger_thumbnail_generation(2) -> 'results') AS r), ARRAY['42', '48'],
  'batch: called again it goes on with others');
SELECT is(batch_trigger_thumbnail_generation(0) ->> 'processed', '0', 'batch: none');
SELECT is(batch_trigger_thumbnail_generation(-5) ->> 'processed', '0', 'batch: nor fewer than none');
SELECT is(batch_trigger_thumbnail_generation() ->> 'processed', '2', 'batch: ten by default, of those there are');
SELECT is(batch_trigger_thumbnail_generation() ->> 'processed', '0', 'batch: and then there are none');
SELECT set_eq('SELECT * FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(40), pg_temp.id(41), pg_temp.id(49))', 'TABLE untouched', 'batch: what was due, parked or at work is as it was');
SELECT is(thumbnails.complete(pg_temp.id(49), (SELECT token FROM w), 'http://p/49', 'thumbnails/49', '{}'), 'ok', 'batch: nobody''s work is disturbed');
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1001, 2100) AS n;
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT is(batch_trigger_thumbnail_generation(2000000000) ->> 'processed', '1000', 'batch: a thousand at most');
SELECT is(batch_trigger_thumbnail_generation(1000) ->> 'processed', '100', 'batch: and then the rest');
-- Whoever calls it in a transaction of his own: what else he writes is as safe as before.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(50), 'completed', 'http://x/50');
SELECT is(batch_trigger_thumbnail_generation(1) ->> 'success', 'true', 'the batch in a transaction of the platform''s');
SELECT is(current_setting('synchronous_commit'), 'on', 'leaves its commit as it is');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(51), 'completed', 'http://x/51');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep in a transaction of the platform''s');
SELECT is(current_setting('synchronous_commit'), 'on', 'too');
-- A setting that is no number does not stop the sweep.
UPDATE thumbnails.positions SET pruned_before = NULL;
INSERT INTO system_config (key, value) VALUES ('thumbnail_events_days', 'a month');
INSERT INTO thumbnails.events (video_id, to_status, at, xid) VALUES (pg_temp.id(40), 'pending', now() - interval '31 days', 1), (pg_temp.id(40), 'pending', now() - interval '29 days', 1);
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'an unusable setting does not stop the sweep');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE at < now() - interval '1 day'), 1::bigint, 'thirty days are kept instead');
-- It ends before a statement is ended.
SELECT set_config(name, CASE name WHEN 'statement_timeout' THEN '20min' ELSE '10min' END, true) FROM pg_settings
 WHERE name IN ('statement_timeout', 'transaction_timeout') \g /dev/null
SELECT is(thumbnails.time_limit(), CASE count(*) WHEN 2 THEN interval '10 minutes' ELSE interval '20 minutes' END, 'what ends first, of a statement and of a transaction')
  FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout');
SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout' \g /dev/null
SELECT is((SELECT thumbnails.patience() FROM set_config('statement_timeout', setting, true)), patience, 'patience where a statement may take ' || setting)
  FROM (VALUES ('0', interval '2 s'), ('5min', interval '2 s'), ('1s', interval '0.2 s')) AS t (setting, patience);
-- What could not be written is tried again soon, but not at once; what could not be queued, by the next sweep.
DELETE FROM thumbnails.set_aside;
INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text, at)
SELECT gen_random_uuid(), 'found', a.code, a.since, clock_timestamp() - a.since::interval FROM (VALUES ('', '5 s'), ('', '11 s'), ('P0001', '12 s')) AS a (code, since);
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is((SELECT array_agg(text ORDER BY text) FROM thumbnails.set_aside), ARRAY['12 s', '5 s'], 'set aside: a state that could not be written is tried again after ten seconds');
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.set_aside), 0::bigint, 'set aside: all others by the sweep');
-- Which times count.
SELECT ok(thumbnails.is_left_behind(state, NULL, 0, now() - started::interval, now() - last::interval, now() - generated::interval, now() - interval '1 day') = is_left, name)
  FROM (VALUES ('processing', '31 min', '1 min', NULL, true, 'left behind: half an hour after its start'),
               ('processing', NULL, '29 min', NULL, false, 'left behind: not before, nor where only the last attempt is known'),
               ('processing', NULL, '31 min', NULL, true, 'left behind: until it is as long ago'),
               ('pending', '1 min', NULL, '9 min', false, 'left behind: one whose picture was made and taken off waits ten minutes'),
               ('pending', '1 min', '11 min', '12 min', true, 'left behind: from the latest of its times')) AS v (state, started, last, generated, is_left, name);
SELECT * FROM finish();
ROLLBACK;
