-- The queue: hints, their merge, lanes, and who takes what next.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(105);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
SELECT thumbnails.merge(1000) \g /dev/null
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.n(id uuid) RETURNS integer LANGUAGE sql AS $$ SELECT right(id::text, 12)::integer $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) AND kind = 'thumbnail' $$;
CREATE FUNCTION pg_temp.jobs() RETURNS integer[] LANGUAGE sql AS $$ SELECT array_agg(pg_temp.n(video_id) ORDER BY video_id) FROM thumbnails.jobs $$;
CREATE FUNCTION pg_temp.hints() RETURNS integer[] LANGUAGE sql AS $$ SELECT array_agg(pg_temp.n(video_id) ORDER BY id) FROM thumbnails.inbox $$;
CREATE FUNCTION pg_temp.due(most integer DEFAULT 100, VARIADIC other integer[] DEFAULT '{}') RETURNS integer[] LANGUAGE sql AS $$
  SELECT array_agg(pg_temp.n(d)) FROM thumbnails.due_videos(most, ARRAY(SELECT pg_temp.id(o) FROM unnest(other) AS o)) AS d $$;
CREATE FUNCTION pg_temp.insert(first integer, last integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(first, last) AS n $$;
-- As it is before and after everything that a session remembers.
CREATE FUNCTION pg_temp.forget() RETURNS SETOF text LANGUAGE sql AS $$ SELECT set_config('thumbnails.' || n, '', false) FROM unnest(ARRAY['merge_marks', 'claim_marks', 'due_marks', 'bulk_xids']) AS n $$;
CREATE FUNCTION pg_temp.next(OUT outcome text, OUT n integer) LANGUAGE sql AS $$ SELECT outcome, pg_temp.n(video_id) FROM thumbnails.claim_next(30) $$;
CREATE FUNCTION pg_temp.next_all() RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  taken integer[];
  c record;
BEGIN
  LOOP
    SELECT * INTO c FROM pg_temp.next();
    EXIT WHEN c.outcome <> 'claimed' OR cardinality(taken) > 1000;
    taken := taken || c.n;
  END LOOP;
  RETURN taken;
END $$;

-- From hints to jobs.
SELECT is(thumbnails.merge(10), 0, 'an empty inbox: nothing to merge');
SELECT pg_temp.insert(1, 6) \g /dev/null
SELECT is(pg_temp.hints(), ARRAY[1, 2, 3, 4, 5, 6], 'six hints, in their order');
SELECT is((SELECT count(DISTINCT xid) FROM thumbnails.inbox WHERE xid = pg_current_xact_id()), 1::bigint, 'of one transaction');
SELECT is(thumbnails.merge(2), 2, 'as many as asked for');
SELECT is(pg_temp.jobs(), ARRAY[1, 2], 'the first first');
SELECT is(pg_temp.hints(), ARRAY[3, 4, 5, 6], 'the rest stays');
SELECT is(thumbnails.merge(100, pg_temp.id(5)), 1, 'those of one video');
SELECT is(pg_temp.jobs() || pg_temp.hints(), ARRAY[1, 2, 5, 3, 4, 6], 'and no other');
SELECT is(thumbnails.merge(100, pg_temp.id(5)), 0, 'once');
SELECT is(thumbnails.merge(100), 3, 'then all');
SELECT is((SELECT array_agg((kind, lane, tenant, attempts, releases, token, source_url, old_thumbnail, request, result)::text) FROM thumbnails.jobs WHERE video_id = pg_temp.id(1)),
  ARRAY['(thumbnail,0,"",0,0,,http://x/1,,{},)'], 'a job as it begins');
SELECT ok((SELECT bool_and(due_at BETWEEN now() AND clock_timestamp() + interval '1 s' AND created_at BETWEEN now() AND clock_timestamp()) FROM thumbnails.jobs), 'due at once');
SELECT is((SELECT array_agg(pg_temp.n(video_id) ORDER BY due_at, video_id DESC) FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(3), pg_temp.id(4), pg_temp.id(6))), ARRAY[3, 4, 6], 'in the order of the hints');
-- A hint too many, too late, or of what is not there.
CREATE TEMP TABLE before AS SELECT * FROM thumbnails.jobs;
CREATE TEMP TABLE told AS SELECT count(*) AS events FROM thumbnails.events;
INSERT INTO thumbnails.inbox (video_id, reason) SELECT pg_temp.id(1), 'found' FROM generate_series(1, 3);
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(99), 'finished'), (pg_temp.id(99), 'gone'), (pg_temp.id(2), 'of another age');
SELECT is(thumbnails.merge(100), 6, 'hints of what is known, gone or unheard of');
SELECT results_eq('SELECT * FROM thumbnails.jobs ORDER BY video_id', 'SELECT * FROM before ORDER BY video_id', 'change nothing');
SELECT results_eq('SELECT count(*) FROM thumbnails.events', 'SELECT events FROM told', 'and are no news');
DELETE FROM videos WHERE id = pg_temp.id(6);
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(6), 'finished');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is(pg_temp.jobs(), ARRAY[1, 2, 3, 4, 5], 'a hint that comes after the deletion brings nothing back');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(7), 'processing', 'http://x/7');
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(7), 'finished');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is(pg_temp.jobs(), ARRAY[1, 2, 3, 4, 5], 'nor one of a video that is not finished');
-- Many changes of one video before anybody looks: what counts is how it is.
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(7);
UPDATE videos SET video_url = 'http://x/7b' WHERE id = pg_temp.id(7);
UPDATE videos SET thumbnail_url = 'http://elsewhere/7.jpg' WHERE id = pg_temp.id(7);
UPDATE videos SET thumbnail_url = NULL, video_url = 'http://x/7c' WHERE id = pg_temp.id(7);
SELECT is(thumbnails.merge(100), 4, 'four hints of one video');
SELECT is((pg_temp.job(7)).source_url, 'http://x/7c', 'are one job, of the video as it is');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(7) AND to_status = 'pending'), 1::bigint, 'announced once');

-- A hint whose merge raises.
ALTER TABLE thumbnails.jobs ADD CONSTRAINT broken CHECK (source_url NOT LIKE 'http://x/13%' AND source_url NOT LIKE 'http://x/15%');
SELECT pg_temp.insert(10, 19) \g /dev/null
DO $$ BEGIN FOR n IN 1..30 LOOP EXIT WHEN thumbnails.merge(100) = 0; END LOOP; END $$;
SELECT is((SELECT array_agg(n) FROM unnest(pg_temp.jobs()) AS n WHERE n >= 10), ARRAY[10, 11, 12, 14, 16, 17, 18, 19], 'a hint that raises holds up no other');
SELECT is(pg_temp.hints(), NULL, 'none is left');
SELECT is((SELECT array_agg((pg_temp.n(video_id), reason, sqlstate)::text ORDER BY video_id) FROM thumbnails.set_aside), ARRAY['(13,finished,23514)', '(15,finished,23514)'], 'it is put aside');
SELECT matches((SELECT text FROM thumbnails.set_aside WHERE video_id = pg_temp.id(13)), 'violates check constraint "broken"', 'with what was said');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE class = 'platform' AND text LIKE 'could not be queued: %"broken" (23514)' AND video_id IN (pg_temp.id(13), pg_temp.id(15))), 2::bigint,
  'on its video''s history, too');
SELECT is(thumbnails.look() #>> '{platform,setAside}', '2', 'and in the report');
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(13), 'found'), (pg_temp.id(20), 'found');
SELECT is(thumbnails.merge(100, pg_temp.id(13)), 1, 'the same where one video alone is merged');
SELECT is(pg_temp.hints(), ARRAY[20], 'which touches nobody else''s');
SELECT is((SELECT count(*) FROM thumbnails.set_aside WHERE video_id = pg_temp.id(13)), 2::bigint, 'and puts it aside');
-- What a hint said is kept, too: that the row's picture is of another video, and which object is left.
CREATE FUNCTION pg_temp.ours(n integer) RETURNS text LANGUAGE sql AS $$ SELECT 'thumbnails/' || pg_temp.id(n) || '/0123456789abcdef-1.jpg' $$;
INSERT INTO videos (id, status, video_url, thumbnail_url) SELECT pg_temp.id(n), 'completed', 'http://x/old', 'http://p/' || pg_temp.ours(n) FROM unnest(ARRAY[101, 102]) AS n;
ALTER TABLE thumbnails.object_deletions ADD CONSTRAINT broken CHECK (key = '') NOT VALID;
UPDATE videos SET video_url = 'http://x/15-another' WHERE id = pg_temp.id(101);
DELETE FROM videos WHERE id = pg_temp.id(102);
DO $$ BEGIN FOR n IN 1..30 LOOP EXIT WHEN thumbnails.merge(100) = 0; END LOOP; END $$;
SELECT is((SELECT count(*) FROM thumbnails.set_aside WHERE video_id IN (pg_temp.id(101), pg_temp.id(102))), 2::bigint, 'those of another video, and of one that is gone');
ALTER TABLE thumbnails.object_deletions DROP CONSTRAINT broken;
ALTER TABLE thumbnails.jobs DROP CONSTRAINT broken;
UPDATE videos SET created_at = now() - interval '1 day' WHERE id IN (pg_temp.id(13), pg_temp.id(15));
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'once it is mended, the sweep');
SELECT is((SELECT array_agg(n) FROM unnest(pg_temp.jobs()) AS n WHERE n IN (13, 15)), ARRAY[13, 15], 'finds its video again');
SELECT is((pg_temp.job(101)).source_url, 'http://x/15-another', 'another video''s picture is made anew');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.ours(102)), 1::bigint, 'and the object of one that is gone is put down');

-- What a session remembers of the inbox.
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.insert(21, 21), thumbnails.merge(10) \g /dev/null
-- Where to begin, where it was when that was set, when that was, and when the start was last looked at; here two seconds later.
CREATE FUNCTION pg_temp.marks() RETURNS double precision[] LANGUAGE sql AS $$ SELECT current_setting('thumbnails.merge_marks')::double precision[] $$;
CREATE FUNCTION pg_temp.later(seconds double precision) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT set_config('thumbnails.merge_marks', ARRAY[m[1], m[2], m[3] - seconds, m[4] - CASE WHEN seconds > 2 THEN seconds ELSE 0 END]::text, false) FROM pg_temp.marks() AS m $$;
SELECT is((pg_temp.marks())[1], 0::double precision, 'a session that has just begun looks from the start');
INSERT INTO thumbnails.inbox (id, video_id, reason) OVERRIDING SYSTEM VALUE VALUES (1, gen_random_uuid(), 'gone');
SELECT is(thumbnails.merge(10), 1, 'an id that is committed a moment after a greater one is found at once');
SELECT pg_temp.later(2) \g /dev/null
SELECT pg_temp.insert(23, 23), thumbnails.merge(10) \g /dev/null
SELECT pg_temp.later(2) \g /dev/null
SELECT pg_temp.insert(24, 24), thumbnails.merge(10) \g /dev/null
SELECT ok((pg_temp.marks())[1] > 0, 'a second or two later it begins where it was');
DELETE FROM videos WHERE id IN (pg_temp.id(23), pg_temp.id(24));
DELETE FROM thumbnails.inbox;
DELETE FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(23), pg_temp.id(24));
INSERT INTO thumbnails.inbox (id, video_id, reason) OVERRIDING SYSTEM VALUE VALUES (1, pg_temp.id(10), 'finished');
SELECT pg_temp.insert(22, 22) \g /dev/null
SELECT is(thumbnails.merge(10), 1, 'and goes on from there');
SELECT is(pg_temp.jobs() || pg_temp.hints(), ARRAY[21, 22, 10], 'an id that was committed late waits a little');
SELECT pg_temp.later(4) \g /dev/null
SELECT is(thumbnails.merge(10), 1, 'for three seconds at most');
SELECT is(pg_temp.jobs(), ARRAY[10, 21, 22], 'then it is found');
INSERT INTO thumbnails.inbox (id, video_id, reason) OVERRIDING SYSTEM VALUE VALUES (2, pg_temp.id(11), 'finished');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(11), 30)), 'claimed', 'a claim of its video finds it at once');
SELECT set_config('thumbnails.merge_marks', '{1e9,1e9,1e10,1e10}', false) \g /dev/null
INSERT INTO thumbnails.inbox (id, video_id, reason) OVERRIDING SYSTEM VALUE VALUES (3, pg_temp.id(12), 'finished');
SELECT is(thumbnails.merge(10), 1, 'a clock that was set back hides nothing');
SELECT is(pg_temp.hints(), NULL, 'nor is anything left');

-- Lanes.
DELETE FROM thumbnails.jobs;
DELETE FROM videos;
DELETE FROM thumbnails.inbox;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.insert(101, 220) \g /dev/null
SELECT is(thumbnails.merge(100), 100, 'a slice of a mass of hints');
SELECT is((SELECT array_agg(DISTINCT lane) FROM thumbnails.jobs), ARRAY[0]::smallint[], 'of a hundred: fresh');
DELETE FROM thumbnails.jobs;
INSERT INTO thumbnails.inbox (video_id, reason) SELECT pg_temp.id(n), 'finished' FROM generate_series(101, 210) AS n;
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is((SELECT array_agg(DISTINCT lane) FROM thumbnails.jobs), ARRAY[2]::smallint[], 'more than a hundred of one transaction are bulk');
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
INSERT INTO thumbnails.inbox (video_id, reason) SELECT pg_temp.id(n), 'finished' FROM generate_series(101, 210) AS n;
INSERT INTO thumbnails.inbox (video_id, reason, xid) VALUES (pg_temp.id(211), 'finished', '7');
SELECT is(ARRAY[thumbnails.merge(105), thumbnails.merge(100)], ARRAY[105, 6], 'in two slices');
SELECT is((SELECT array_agg(DISTINCT lane) FROM thumbnails.jobs WHERE video_id < pg_temp.id(211)), ARRAY[2]::smallint[], 'so are those that a slice has left');
SELECT is((pg_temp.job(211)).lane, 0::smallint, 'but not another transaction''s');
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(101), 'finished'), (pg_temp.id(102), 'source'), (pg_temp.id(103), 'picture'), (pg_temp.id(104), 'found'), (pg_temp.id(105), 'asked');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((SELECT array_agg(lane ORDER BY video_id) FROM thumbnails.jobs), ARRAY[0, 0, 0, 2, 2]::smallint[], 'so is what the sweep has found, and what is asked for by the many');
-- A fresh change of one that is in bulk brings it forward; bulk takes nothing back.
UPDATE videos SET video_url = 'http://y/104' WHERE id = pg_temp.id(104);
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (pg_temp.id(101), 'asked');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is(ARRAY[(pg_temp.job(104)).lane, (pg_temp.job(101)).lane], ARRAY[1, 0]::smallint[], 'a fresh change brings one forward, and bulk work sets none back');
-- What has failed comes behind what is fresh.
SELECT thumbnails.fail(pg_temp.id(102), (thumbnails.claim(pg_temp.id(102), 30)).token, 'source', '503', true) \g /dev/null
SELECT is((pg_temp.job(102)).lane, 1::smallint, 'a retry comes behind what is fresh');
SELECT thumbnails.fail(pg_temp.id(105), (thumbnails.claim(pg_temp.id(105), 30)).token, 'source', '503', true) \g /dev/null
SELECT is((pg_temp.job(105)).lane, 2::smallint, 'one of the bulk stays there');
SELECT thumbnails.fail(pg_temp.id(103), (thumbnails.claim(pg_temp.id(103), 30)).token, 'shutdown', 'stopping', NULL) \g /dev/null
SELECT is((pg_temp.job(103)).lane, 0::smallint, 'what is given back keeps its place');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(105)) ->> 'success', 'true', 'by hand');
SELECT is((pg_temp.job(105)).lane, 0::smallint, 'is fresh');

-- Who is next.
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url)
SELECT pg_temp.id(v.n), v.kind, v.lane, clock_timestamp() - v.since, 'http://x/' || v.n
  FROM (VALUES (101, 'thumbnail', 2, interval '1 day'), (102, 'thumbnail', 0, interval '1 s'), (103, 'thumbnail', 0, interval '2 s'), (104, 'thumbnail', 1, interval '1 hour'),
               (105, 'storyboard', 3, interval '2 days'), (106, 'thumbnail', 9, interval '3 days'), (107, 'thumbnail', 0, interval '-1 min'), (108, 'thumbnail', 1, interval '0'),
               (109, 'thumbnail', 2, interval '1 min')) AS v (n, kind, lane, since);
UPDATE thumbnails.jobs SET due_at = 'infinity' WHERE video_id = pg_temp.id(108);
UPDATE thumbnails.jobs SET result = '{"state": "failed"}' WHERE lane = 9;
SELECT is(pg_temp.due(), ARRAY[103, 102, 104, 101, 109, 105], 'due: lane by lane, the longest due first; not what is parked, kept or later');
SELECT is(pg_temp.due(3), ARRAY[103, 102, 104], 'as many as asked for');
SELECT is(pg_temp.due(3, 103, 104, 999), ARRAY[102, 101, 109], 'but none that is under way');
SELECT is(pg_temp.due(0), NULL, 'none');
SELECT is(pg_temp.due(), ARRAY[103, 102, 104, 101, 109], 'which leases nothing');
SELECT is((SELECT (outcome, pg_temp.n(video_id), kind, attempt, video_url)::text FROM thumbnails.claim_next(30)), '(claimed,103,thumbnail,1,http://x/103)', 'the next one is the first of these');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(103)), 'processing', 'and is shown');
SELECT is(pg_temp.due(), ARRAY[102, 104, 101, 109], 'it is due no more');
SELECT is((SELECT (c.outcome, c.n)::text FROM pg_temp.next() AS c), '(claimed,102)', 'then the second');
SELECT is(pg_temp.next_all(), ARRAY[104, 101, 109, 105], 'then the others; storyboards last');
SELECT is((SELECT (j.kind, j.token IS NOT NULL, v.thumbnail_generation_status)::text FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE v.id = pg_temp.id(105)),
  '(storyboard,t,pending)', 'a storyboard is no state of the thumbnail');
SELECT is((SELECT (outcome, video_id, token)::text FROM thumbnails.claim_next(30)), '(none,,)', 'then none');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE token IS NOT NULL), 6::bigint, 'each has its claim');
-- A storyboard never stands in the thumbnail's way.
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(105), 30)), 'claimed', 'the thumbnail of a video whose storyboard is being made');
UPDATE videos SET video_url = 'http://y/105' WHERE id = pg_temp.id(105);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is((SELECT array_agg(kind ORDER BY kind) FROM thumbnails.jobs WHERE video_id = pg_temp.id(105)), ARRAY['storyboard', 'thumbnail'], 'another video ends neither');
-- Nor has it a state on the row, whatever becomes of it.
DELETE FROM thumbnails.jobs;
CREATE FUNCTION pg_temp.storyboard(n integer) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) SELECT v.id, 'storyboard', 3, clock_timestamp() - interval '1 s', v.video_url FROM videos v WHERE v.id = pg_temp.id(n);
  SELECT set_config('thumbnails.claim_marks', '', false);
  SELECT c.token FROM thumbnails.claim_next(30) AS c WHERE c.kind = 'storyboard' $$;
CREATE TEMP TABLE row_before AS SELECT v.* FROM videos v WHERE id IN (pg_temp.id(121), pg_temp.id(122), pg_temp.id(123), pg_temp.id(124));
CREATE TEMP TABLE told_before AS SELECT count(*) AS events FROM thumbnails.events WHERE to_status IS NOT NULL AND video_id IN (SELECT id FROM row_before);
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(121), pg_temp.storyboard(121), 'media', 'no video stream', false)), 'ok', 'a storyboard that fails for good');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(122), pg_temp.storyboard(122), 'source', '503', true)), 'ok', 'one that is tried again');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(123), pg_temp.storyboard(123), 'shutdown', 'stopping', NULL)), 'ok', 'one that is given back');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() + interval '1 hour';
SELECT pg_temp.storyboard(124) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', attempts = 3 WHERE video_id = pg_temp.id(124);
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT array_agg(pg_temp.n(video_id) ORDER BY video_id) FROM thumbnails.jobs WHERE kind = 'storyboard'), ARRAY[122, 123], 'and one whose workers were lost end, or wait');
SELECT set_eq('SELECT v.* FROM videos v WHERE id IN (SELECT id FROM row_before)', 'TABLE row_before', 'without a word on the row');
SELECT results_eq('SELECT count(*) FROM thumbnails.events WHERE to_status IS NOT NULL AND video_id IN (SELECT id FROM row_before)', 'SELECT events FROM told_before', 'or a change of state in the history');
UPDATE videos SET thumbnail_url = 'http://elsewhere/122.jpg' WHERE id = pg_temp.id(122);
UPDATE videos SET video_url = video_url || '#t=1' WHERE id = pg_temp.id(123);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is((SELECT array_agg(pg_temp.n(video_id) ORDER BY video_id) FROM thumbnails.jobs WHERE kind = 'storyboard'), ARRAY[122, 123], 'a picture from outside and a fresh address end no storyboard');
DELETE FROM videos WHERE id = pg_temp.id(122);
UPDATE videos SET video_url = 'http://y/123', thumbnail_url = 'http://elsewhere/123.jpg' WHERE id = pg_temp.id(123);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is((SELECT array_agg(pg_temp.n(video_id)) FROM thumbnails.jobs WHERE kind = 'storyboard' AND video_id <> pg_temp.id(105)), ARRAY[123], 'a deletion does; another video''s is made of that');
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
-- A fresh one passes all that waits.
DELETE FROM thumbnails.jobs WHERE video_id = pg_temp.id(105);
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) SELECT pg_temp.id(n), n - 120, clock_timestamp() - interval '1 hour', 'http://x/' || n FROM generate_series(121, 123) AS n;
SELECT pg_temp.insert(300, 300), thumbnails.merge(10) \g /dev/null
SELECT is((pg_temp.next()).n, 300, 'a fresh one passes all that waits');
-- What is no job any more is passed over.
UPDATE thumbnails.jobs SET due_at = clock_timestamp() + interval '1 hour';
SELECT pg_temp.insert(301, 304), thumbnails.merge(10) \g /dev/null
DELETE FROM videos WHERE id = pg_temp.id(301);
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(302);
UPDATE videos SET thumbnail_url = 'http://elsewhere/303.jpg' WHERE id = pg_temp.id(303);
SELECT is((pg_temp.next()).n, 304, 'deleted, cancelled and completed ones are passed over, before their hints are merged');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(301), pg_temp.id(302), pg_temp.id(303))), 0::bigint, 'and end');
-- Where there is nothing else.
CREATE TEMP TABLE others AS TABLE thumbnails.jobs;
DELETE FROM thumbnails.jobs;
INSERT INTO thumbnails.jobs (video_id, lane, due_at) SELECT gen_random_uuid(), 0, clock_timestamp() FROM generate_series(1, 2);
SELECT is((pg_temp.next()).outcome, 'none', 'after those of rows that are gone there is none');
INSERT INTO thumbnails.jobs (video_id, lane, due_at) SELECT gen_random_uuid(), 0, clock_timestamp() FROM generate_series(1, 1001);
SELECT is((SELECT (outcome, retry_after_seconds)::text FROM thumbnails.claim_next(30)), '(paused,0)', 'or one may ask again: a call looks at a thousand');
DELETE FROM thumbnails.jobs;
INSERT INTO thumbnails.jobs TABLE others;
-- A lost worker: the same.
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', attempts = CASE WHEN video_id = pg_temp.id(300) THEN 3 ELSE 2 END
 WHERE video_id IN (pg_temp.id(300), pg_temp.id(304));
SELECT is((SELECT (outcome, pg_temp.n(video_id), attempt)::text FROM thumbnails.claim_next(30)), '(claimed,304,3)', 'a job whose worker was lost is the next one''s');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(300)), '(failed,lost)', 'and for the third time the end');

-- What a session remembers of the queue.
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) SELECT pg_temp.id(n), 0, clock_timestamp() - make_interval(secs => 120 - n), 'http://x/' || n FROM generate_series(110, 112) AS n;
CREATE TEMP TABLE first AS SELECT (pg_temp.job(110)).due_at;
SELECT is((pg_temp.next()).n, 110, 'a session takes one');
SELECT ok((SELECT abs((current_setting('thumbnails.claim_marks')::float8[])[1] - extract(epoch FROM due_at)) < 0.00001 FROM first), 'and remembers where it was');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) SELECT pg_temp.id(n), 0, clock_timestamp() - make_interval(secs => 220 - n), 'http://x/' || n FROM generate_series(113, 114) AS n;
SELECT is((pg_temp.next()).n, 111, 'it goes on from there');
SELECT set_config('thumbnails.claim_marks', (SELECT array_agg(CASE WHEN o = 5 THEN m - 4 ELSE m END ORDER BY o)
  FROM unnest(current_setting('thumbnails.claim_marks')::float8[]) WITH ORDINALITY AS u (m, o))::text, false) \g /dev/null
SELECT is((pg_temp.next()).n, 113, 'for three seconds at most');
SELECT is(pg_temp.next_all(), ARRAY[114, 112], 'in their order again');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(115), 0, clock_timestamp() - interval '1 day', 'http://x/115');
SELECT is(pg_temp.next_all(), ARRAY[115], 'nothing is left behind it when it says none');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(118), 0, clock_timestamp(), 'http://x/118');
CREATE TEMP TABLE youngest AS SELECT (pg_temp.next()).n, (pg_temp.job(118)).claimed_at;
SELECT ok((SELECT n = 118 AND (current_setting('thumbnails.claim_marks')::float8[])[1] BETWEEN extract(epoch FROM claimed_at) - 60 AND extract(epoch FROM claimed_at) - 0.09
             FROM youngest), 'what is due for less than a tenth of a second is passed by nobody');
SELECT set_config('thumbnails.claim_marks', '{32e9,32e9,32e9,32e9,32e9}', false) \g /dev/null
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(116), 1, clock_timestamp() - interval '1 day', 'http://x/116');
SELECT is(pg_temp.next_all(), ARRAY[116], 'a clock that was set back hides nothing');

-- The same for who wakes workers.
DELETE FROM thumbnails.jobs;
SELECT pg_temp.forget() \g /dev/null
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(130), 0, clock_timestamp() - interval '1 min', 'http://x/130');
SELECT is(pg_temp.due(), ARRAY[130], 'what is due');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(131), 0, clock_timestamp() - interval '2 min', 'http://x/131'), (pg_temp.id(132), 2, clock_timestamp() - interval '3 min', 'http://x/132');
SELECT is(pg_temp.due(), ARRAY[130, 132], 'goes on from where it was, in each lane');
SELECT set_config('thumbnails.due_marks', (SELECT array_agg(CASE WHEN o = 5 THEN m - 4 ELSE m END ORDER BY o)
  FROM unnest(current_setting('thumbnails.due_marks')::float8[]) WITH ORDINALITY AS u (m, o))::text, false) \g /dev/null
SELECT is(pg_temp.due(), ARRAY[131, 130, 132], 'for three seconds at most');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(133), 0, clock_timestamp() - interval '3 min', 'http://x/133');
SELECT is(pg_temp.due(100, 130, 131, 132), ARRAY[133], 'nothing is left behind it when it finds none');
SELECT set_config('thumbnails.due_marks', '{32e9,32e9,32e9,32e9,32e9}', false) \g /dev/null
SELECT is(pg_temp.due(), ARRAY[133, 131, 130, 132], 'a clock that was set back hides nothing');
DELETE FROM thumbnails.jobs;

-- Switched off.
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES (pg_temp.id(117), 0, clock_timestamp(), 'http://x/117');
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false');
SELECT is(pg_temp.due(), NULL, 'nobody is woken while generation is switched off');
SELECT is((SELECT outcome FROM thumbnails.claim_next(30)), 'none', 'and nothing is next');
SELECT pg_temp.insert(400, 400), thumbnails.merge(10) \g /dev/null
SELECT is((SELECT array_agg(n) FROM unnest(pg_temp.jobs()) AS n WHERE n IN (117, 400)), ARRAY[117, 400], 'nothing is lost, old or new');
UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled';
SELECT is(pg_temp.next_all(), ARRAY[117, 400], 'and it goes on');
SELECT * FROM finish();
ROLLBACK;
