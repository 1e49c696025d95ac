-- One tenant's many never stop another's first: two jobs of a tenant are due at first, the rest is parked, and every way out admits the next.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(74);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
SELECT thumbnails.merge(1000) \g /dev/null
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.n(id uuid) RETURNS integer LANGUAGE sql AS $$ SELECT right(id::text, 12)::integer $$;
CREATE FUNCTION pg_temp.person(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(1000) > 0 LOOP NULL; END LOOP; END $$;
-- `count` videos of a person, from `first` on, in an empty queue.
CREATE FUNCTION pg_temp.upload(first integer, count integer, person integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO videos (id, user_id, status, video_url) SELECT pg_temp.id(n), pg_temp.person(person), 'completed', 'http://x/' || n FROM generate_series(first, first + count - 1) AS n;
  SELECT pg_temp.merge() $$;
CREATE FUNCTION pg_temp.begin(count integer DEFAULT 6) RETURNS void LANGUAGE sql AS $$
  DELETE FROM videos; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.breakers; SELECT set_config('thumbnails.bulk_xids', '', false);
  SELECT pg_temp.upload(1, count, 1); SELECT pg_temp.upload(101, 3, 2) $$;
-- Whom of the first person's are due or at work, and whom of the second's: admission is each one's own.
CREATE FUNCTION pg_temp.admitted(first integer DEFAULT 1) RETURNS integer[] LANGUAGE sql AS $$
  SELECT array_agg(pg_temp.n(video_id) ORDER BY video_id) FROM thumbnails.jobs
   WHERE video_id BETWEEN pg_temp.id(first) AND pg_temp.id(first + 99) AND due_at < 'infinity' AND (due_at <= clock_timestamp() OR token IS NOT NULL) $$;
CREATE FUNCTION pg_temp.parked(first integer DEFAULT 1) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM thumbnails.jobs WHERE video_id BETWEEN pg_temp.id(first) AND pg_temp.id(first + 99) AND due_at = 'infinity' $$;
CREATE FUNCTION pg_temp.claim(n integer, seconds_ago double precision DEFAULT 0) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  token bigint := (SELECT c.token FROM thumbnails.claim(pg_temp.id(n), 3600) AS c);
BEGIN
  UPDATE thumbnails.jobs SET claimed_at = clock_timestamp() - make_interval(secs => seconds_ago) WHERE video_id = pg_temp.id(n);
  RETURN token;
END $$;
CREATE FUNCTION pg_temp.complete(n integer, seconds double precision) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete(pg_temp.id(n), pg_temp.claim(n, seconds), 'http://p/' || n, 'thumbnails/' || n, '{}') $$;

SELECT pg_temp.begin() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[1, 2], 'a tenant starts with two');
SELECT is(pg_temp.parked(), 4::bigint, 'the rest is parked');
SELECT is(pg_temp.admitted(101) || pg_temp.parked(101)::integer, ARRAY[101, 102, 1], 'another starts with two, whatever waits before it');
SELECT is((SELECT array_agg(lane ORDER BY video_id) FROM thumbnails.jobs), ARRAY[0, 0, 1, 1, 1, 1, 0, 0, 1]::smallint[], 'the first are fresh, the many come behind all fresh ones');
SELECT is((SELECT count(DISTINCT tenant) FROM thumbnails.jobs WHERE length(tenant) = 16), 2::bigint, 'a tenant is a hash of fixed length');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE tenant LIKE '%9000%'), 0::bigint, 'not the uploader''s id');
SELECT is((SELECT array_agg(pg_temp.n(d)) FROM thumbnails.due_videos(100, '{}') AS d), ARRAY[1, 2, 101, 102], 'nobody is woken for what is parked');
SELECT pg_temp.upload(7, 1, 1), pg_temp.upload(104, 1, 2) \g /dev/null
SELECT is(pg_temp.parked() + pg_temp.parked(101), 7::bigint, 'a later one is parked behind them');
INSERT INTO videos (id, user_id, status, video_url) SELECT pg_temp.id(200 + n), pg_temp.person(200 + n % 2), 'completed', 'http://x/' || n FROM generate_series(1, 6) AS n;
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(201), ARRAY[201, 202, 203, 204], 'several tenants in one slice: two of each, the first ones');
-- No uploader, no tenant.
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(300 + n), 'completed', 'http://x/' || n FROM generate_series(1, 9) AS n;
SELECT pg_temp.merge() \g /dev/null
SELECT is(cardinality(pg_temp.admitted(301)), 9, 'what nobody has uploaded is never parked');
-- Bulk: the same, in its lane.
SELECT pg_temp.begin() \g /dev/null
INSERT INTO videos (id, user_id, status, video_url) SELECT pg_temp.id(400 + n), pg_temp.person(4), 'completed', 'http://x/' || n FROM generate_series(1, 150) AS n;
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT array_agg(DISTINCT lane) FROM thumbnails.jobs WHERE video_id > pg_temp.id(400)), ARRAY[2]::smallint[], 'a mass of one tenant''s is bulk');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id > pg_temp.id(400) AND due_at < 'infinity'), 2::bigint, 'of which two are due');

-- complete
SELECT pg_temp.begin() \g /dev/null
SELECT is(pg_temp.complete(1, 60), 'ok', 'a slow one is completed');
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'it admits one, the longest waiting');
SELECT is(pg_temp.complete(2, 1), 'ok', 'a quick one');
SELECT is(pg_temp.admitted(), ARRAY[3, 4, 5], 'admits two');
SELECT is(pg_temp.parked(101), 1::bigint, 'none of another tenant''s');
SELECT is(array_agg(pg_temp.complete(n, 1)), ARRAY['ok', 'ok', 'ok', 'ok'], 'to the end') FROM generate_series(3, 6) AS n;
SELECT is(pg_temp.admitted(), NULL, 'nothing is left');
SELECT pg_temp.begin(60) \g /dev/null
DO $$ BEGIN FOR n IN 1..20 LOOP PERFORM pg_temp.complete(n, 1); END LOOP; END $$;
SELECT ok(cardinality(pg_temp.admitted()) BETWEEN 16 AND 17 AND pg_temp.parked() > 20, 'quick ones soon have some sixteen beside each other, and no more');
-- fail
SELECT pg_temp.begin() \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), pg_temp.claim(1, 60), 'source', '503', true)), 'ok', 'one that is tried again later');
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'admits one');
SELECT pg_temp.upload(7, 1, 1) \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(2), pg_temp.claim(2, 60), 'media', 'no video stream', false)), 'ok', 'one that is failed for good');
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'admits one');
UPDATE thumbnails.jobs SET attempts = 2 WHERE video_id = pg_temp.id(3);
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(3), pg_temp.claim(3, 60), 'source', '503', true)), 'ok', 'one whose attempts are used up');
SELECT is(pg_temp.admitted(), ARRAY[4, 5], 'admits one');
-- release
SELECT pg_temp.begin() \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), pg_temp.claim(1, 60), 'storage', '503', NULL)), 'ok', 'one that is given back');
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'admits one');
UPDATE thumbnails.jobs SET attempts = 2, releases = 9 WHERE video_id = pg_temp.id(2);
SELECT is((SELECT (outcome, next_attempt_at)::text FROM thumbnails.fail(pg_temp.id(2), pg_temp.claim(2, 60), 'storage', '503', NULL)), '(ok,)', 'the last time');
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'it admits one, too');
-- kept
SELECT pg_temp.begin() \g /dev/null
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION refuse();
SELECT is(pg_temp.complete(1, 60), 'kept', 'one the platform refuses');
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'admits one');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE lane = 9;
SELECT is(thumbnails.admitted((pg_temp.job(1)).tenant, 100), 2, 'and is not counted, due or not');
ALTER TABLE videos DISABLE TRIGGER refuse;
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is((SELECT thumbnail_url FROM videos WHERE id = pg_temp.id(1)), 'http://p/1', 'once it is written');
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'it admits no other: it had no place');
-- What happens outside.
SELECT pg_temp.begin() \g /dev/null
DELETE FROM videos WHERE id = pg_temp.id(1);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'one that is deleted admits one');
UPDATE videos SET thumbnail_url = 'http://elsewhere/2.jpg' WHERE id = pg_temp.id(2);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'one that has a picture from outside');
UPDATE videos SET video_url = NULL WHERE id = pg_temp.id(3);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[4, 5], 'one that has no URL any more');
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(4);
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(4), 30)), 'not_finished', 'one that is cancelled');
SELECT is(pg_temp.admitted(), ARRAY[5, 6], 'is found so by a claim');
SELECT pg_temp.begin() \g /dev/null
UPDATE videos SET status = 'processing' WHERE id IN (pg_temp.id(1), pg_temp.id(2));
SELECT thumbnails.claim_next(30) FROM generate_series(1, 4) \g /dev/null
SELECT is((SELECT array_agg(pg_temp.n(video_id) ORDER BY video_id) FROM thumbnails.jobs WHERE token IS NOT NULL), ARRAY[3, 4, 101, 102], 'or by who takes the next one');
-- All at once: nobody stalls.
SELECT pg_temp.begin(50) \g /dev/null
SELECT thumbnails.admit((pg_temp.job(1)).tenant, 8) \g /dev/null
SELECT is(cardinality(pg_temp.admitted()), 10, 'ten admitted, forty parked');
DELETE FROM videos WHERE id <= pg_temp.id(10);
SELECT pg_temp.merge() \g /dev/null
SELECT ok(cardinality(pg_temp.admitted()) >= 1, 'whose ten are deleted in one go: the forty go on');
SELECT is((SELECT min(n) FROM unnest(pg_temp.admitted()) AS n), 11, 'with the longest waiting');
SELECT pg_temp.begin() \g /dev/null
DO $$ BEGIN FOR n IN 1..2 LOOP PERFORM pg_temp.claim(n, 60); END LOOP; END $$;
DELETE FROM videos WHERE id <= pg_temp.id(6);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), NULL, 'all of them deleted: none is left');
-- Workers that are lost.
SELECT pg_temp.begin() \g /dev/null
SELECT pg_temp.claim(1, 60), pg_temp.claim(2, 60) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE token IS NOT NULL;
SELECT is(thumbnails.admitted((pg_temp.job(1)).tenant, 100), 2, 'a job whose worker was lost counts still');
SELECT is(pg_temp.parked(), 4::bigint, 'it is due again itself');
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(1);
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[2, 3], 'the last time, found by the sweep, it admits one');
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(2);
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(2), 30)), 'exhausted', 'found so by a claim');
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'it admits one as well');
-- Another video begins anew: nothing has ended.
SELECT pg_temp.begin() \g /dev/null
CREATE TEMP TABLE c AS SELECT pg_temp.claim(1, 60) AS token;
UPDATE videos SET video_url = 'http://y/1' WHERE id = pg_temp.id(1);
SELECT is(thumbnails.complete(pg_temp.id(1), (SELECT token FROM c), 'http://p/1', 'thumbnails/1', '{}'), 'fenced', 'a result of another video');
SELECT is(pg_temp.admitted(), ARRAY[1, 2], 'ends nothing and admits none');
-- What waits for its next attempt does not count, until it is due.
SELECT thumbnails.fail(pg_temp.id(2), pg_temp.claim(2, 60), 'source', '503', true, 2000) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() + interval '90 s' WHERE video_id = pg_temp.id(2);
SELECT is(thumbnails.admitted((pg_temp.job(1)).tenant, 100), 2, 'what waits for its next attempt does not count');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(2);
SELECT is(thumbnails.admitted((pg_temp.job(1)).tenant, 100), 3, 'until it is due');
-- A webhook of a parked one has a worker already.
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(6), 30)), 'claimed', 'who comes with a worker is not parked');
-- By hand: at once.
SELECT is((pg_temp.job(5)).due_at, 'infinity', 'one that is parked');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(5)) ->> 'success', 'true', 'is triggered by hand');
SELECT ok((pg_temp.job(5)).due_at <= clock_timestamp() AND (pg_temp.job(5)).lane = 0, 'and due at once');

-- Whatever went wrong: nothing is parked for ever.
SELECT pg_temp.begin() \g /dev/null
DELETE FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(1), pg_temp.id(2));
SELECT is(pg_temp.admitted(), NULL, 'all of a tenant''s are parked, none is admitted');
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'the relay''s round admits as many as at first');
SELECT is(pg_temp.parked(101), 1::bigint, 'of that tenant''s alone');
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'once');
DELETE FROM thumbnails.jobs WHERE due_at < 'infinity';
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'a sweep');
SELECT is(pg_temp.admitted() || pg_temp.admitted(101), ARRAY[5, 6, 103], 'does so, too, for every tenant');
-- The one that waits for hours stalls nobody else of its tenant.
SELECT pg_temp.begin() \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() + interval '30 min' WHERE due_at < 'infinity';
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'two that wait for their next attempt hold up nobody');
-- Nor do those that another program works on: with the merge that hears of it others are due.
SELECT pg_temp.begin() \g /dev/null
UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = clock_timestamp() WHERE id IN (pg_temp.id(1), pg_temp.id(2));
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[3, 4], 'two that another program has in work hold up nobody');

-- A worker that finds nothing else admits them, too: nobody else may be there.
SELECT pg_temp.begin() \g /dev/null
DELETE FROM thumbnails.jobs WHERE due_at < 'infinity';
SELECT set_config('thumbnails.claim_marks', '', false) \g /dev/null
SELECT is((SELECT array_agg((thumbnails.claim_next(30)).outcome) FROM generate_series(1, 2)), ARRAY['none', 'claimed'], 'a worker that finds nothing else admits what is parked');
-- In which order.
SELECT pg_temp.begin() \g /dev/null
UPDATE thumbnails.jobs SET created_at = created_at - interval '1 hour' WHERE video_id = pg_temp.id(6);
SELECT is(pg_temp.complete(1, 60), 'ok', 'of those that are parked');
SELECT is(pg_temp.admitted(), ARRAY[2, 6], 'the one that has waited longest is admitted');
SELECT pg_temp.begin() \g /dev/null
SELECT pg_temp.claim(1, 60), pg_temp.claim(2, 60) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp(), is_earned = true, lane = 0, attempts = pg_temp.n(video_id) - 3 WHERE video_id IN (pg_temp.id(3), pg_temp.id(4));
SELECT is((SELECT array_agg((thumbnails.claim(pg_temp.id(n), 30)).outcome) FROM generate_series(3, 4) AS n), ARRAY['not_due', 'not_due'], 'beside two slow ones none has its turn');
SELECT is((SELECT array_agg((pg_temp.n(video_id), is_earned, lane, attempts)::text ORDER BY created_at) FROM thumbnails.jobs WHERE video_id BETWEEN pg_temp.id(1) AND pg_temp.id(9) AND due_at = 'infinity'),
  ARRAY['(3,f,1,0)', '(5,f,1,0)', '(6,f,1,0)', '(4,f,1,1)'], 'they are parked; one that was tried before comes last');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', token = 1 WHERE video_id = pg_temp.id(5);
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(5), 30)), 'claimed', 'one whose worker was lost has its place still');

-- A platform that does not say who uploads.
SELECT pg_temp.begin(0) \g /dev/null
SET LOCAL client_min_messages = warning;
ALTER TABLE videos DROP COLUMN user_id;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 5) AS n;
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.admitted(), ARRAY[1, 2, 3, 4, 5], 'without the column nobody is a tenant');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'claimed', 'and all goes on');
SELECT * FROM finish();
ROLLBACK;
