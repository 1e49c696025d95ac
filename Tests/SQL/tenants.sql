-- No tenant has more than two at work that it did not earn, whatever way they come to a worker.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(32);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.person(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.upload(first integer, count integer, person integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO videos (id, user_id, status, video_url) SELECT pg_temp.id(n), pg_temp.person(person), 'completed', 'http://x/' || n FROM generate_series(first, first + count - 1) AS n;
  SELECT thumbnails.merge(1000) $$;
CREATE FUNCTION pg_temp.anew(count integer DEFAULT 6) RETURNS void LANGUAGE sql AS $$
  DELETE FROM videos; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.jobs; SELECT set_config('thumbnails.claim_marks', '', false); SELECT pg_temp.upload(1, count, 1) $$;
CREATE FUNCTION pg_temp.outcome(n integer) RETURNS text LANGUAGE sql AS $$ SELECT outcome FROM thumbnails.claim(pg_temp.id(n), 3600) $$;
CREATE FUNCTION pg_temp.next() RETURNS integer LANGUAGE sql AS $$ SELECT right(video_id::text, 12)::integer FROM thumbnails.claim_next(3600) $$;
CREATE FUNCTION pg_temp.hand_in(n integer, seconds double precision) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE thumbnails.jobs SET claimed_at = clock_timestamp() - make_interval(secs => seconds) WHERE video_id = pg_temp.id(n);
  RETURN thumbnails.complete(pg_temp.id(n), (pg_temp.job(n)).token, 'http://p/' || n, 'thumbnails/' || n, '{}');
END $$;
CREATE FUNCTION pg_temp.held() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.jobs WHERE token IS NOT NULL $$;

-- By id.
SELECT pg_temp.anew() \g /dev/null
SELECT is(array_agg(pg_temp.outcome(n)), ARRAY['claimed', 'claimed', 'not_due', 'not_due', 'not_due', 'not_due'], 'asked for by their ids, two are given') FROM generate_series(1, 6) AS n;
SELECT is((SELECT (outcome, retry_after_seconds)::text FROM thumbnails.claim(pg_temp.id(3), 30)), '(not_due,10)', 'and who asks is told when to ask again');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(4), 30, '1:1', true)), 'not_due', 'also for a new picture');
SELECT is((pg_temp.job(4)).request - 'shape', '{"aspectRatio": "1:1", "regenerate": true}', 'which is not forgotten');
SELECT is(pg_temp.hand_in(1, 60), 'ok', 'one ends');
SELECT is(pg_temp.outcome(5), 'claimed', 'its place may be had by id');
SELECT is(pg_temp.next(), NULL, 'and then not by whom it was kept for');
SELECT is((pg_temp.job(3)).due_at, 'infinity', 'who is parked again');
-- Retries, and whatever else is due by itself.
SELECT pg_temp.anew(8) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', attempts = 1;
SELECT is(array_agg(pg_temp.next() ORDER BY n), ARRAY[1, 2, NULL, NULL], 'of eight whose next attempt is due two are taken') FROM generate_series(1, 4) AS n;
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE due_at = 'infinity'), 6::bigint, 'the others are parked');
SELECT pg_temp.upload(9, 1, 1) \g /dev/null
SELECT is(pg_temp.hand_in(1, 60), 'ok', 'one ends');
SELECT is((pg_temp.job(3)).due_at <= clock_timestamp(), true, 'it admits the one that is parked longest');
UPDATE videos SET video_url = 'http://y/' || id WHERE id > pg_temp.id(3);
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE due_at = 'infinity'), 6::bigint, 'another URL lets nobody before others');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE token IS NOT NULL;
SELECT is(pg_temp.outcome(2), 'claimed', 'a job of a worker that was lost has its place');
SELECT is((SELECT (token IS NOT NULL)::text FROM thumbnails.jobs WHERE video_id = pg_temp.id(2)), 'true', 'whoever takes it over');
SELECT is(pg_temp.next(), 3, 'the other place is that of the next');
SELECT is(pg_temp.next(), NULL, 'there is no third');
-- The lock: no more than one takes the last place.
SELECT pg_temp.anew(3) \g /dev/null
SELECT pg_temp.next() \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.locks WHERE name = 'tenant ' || left((pg_temp.job(1)).tenant, 2)), 1::bigint, 'every tenant has a lock');
SELECT is((SELECT count(*) FROM thumbnails.locks WHERE name LIKE 'tenant %'), 256::bigint, 'of 256');

-- Earned.
SELECT pg_temp.anew(40) \g /dev/null
DO $$ BEGIN FOR n IN 1..12 LOOP PERFORM pg_temp.hand_in(pg_temp.next(), 1); END LOOP; END $$;
DO $$ BEGIN FOR n IN 1..6 LOOP PERFORM pg_temp.next(); END LOOP; END $$;
SELECT is(pg_temp.held(), 6::bigint, 'quick ones earn any number of workers');
SELECT is((SELECT thumbnails.renew(video_id, token, 30) FROM thumbnails.jobs WHERE token IS NOT NULL AND is_earned ORDER BY video_id LIMIT 1), true, 'their leases are renewed');
UPDATE thumbnails.jobs SET claimed_at = clock_timestamp() - interval '10 s' WHERE token IS NOT NULL;
SELECT is((SELECT thumbnails.renew(video_id, token, 30) FROM thumbnails.jobs WHERE token IS NOT NULL AND is_earned ORDER BY video_id LIMIT 1), true, 'slow ones'', too, while nobody else waits');
SELECT is(pg_temp.next(), NULL, 'but no more are given than are slow');
SELECT pg_temp.upload(101, 2, 2) \g /dev/null
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '2 s' WHERE video_id > pg_temp.id(100);
-- The first two stay, though they are earned as well; of those behind them each gives way.
UPDATE thumbnails.jobs SET is_earned = true WHERE token IS NOT NULL;
SELECT is((SELECT array_agg(thumbnails.renew(f.video_id, f.token, 30)) FROM (SELECT * FROM thumbnails.jobs WHERE token IS NOT NULL ORDER BY claimed_at, video_id LIMIT 2) AS f), '{t,t}', 'the first two stay');
CREATE TEMP TABLE slow AS SELECT j.* FROM thumbnails.jobs j WHERE token IS NOT NULL ORDER BY claimed_at DESC, video_id DESC LIMIT 1;
SELECT is((SELECT thumbnails.renew(video_id, token, 30) FROM slow), false, 'where another''s waits one gives way');
SELECT is((SELECT (j.due_at, j.token, j.attempts)::text FROM thumbnails.jobs j JOIN slow USING (video_id)), '(infinity,,0)', 'it is parked, and no attempt is lost');
SELECT is((SELECT (to_status, class)::text FROM thumbnails.events e JOIN slow USING (video_id) ORDER BY id DESC LIMIT 1), '(pending,source)', 'the history says so');
DO $$ DECLARE j record; BEGIN FOR j IN SELECT video_id, token FROM thumbnails.jobs WHERE token IS NOT NULL LOOP PERFORM thumbnails.renew(j.video_id, j.token, 30); END LOOP; END $$;
SELECT is(pg_temp.held(), 2::bigint, 'down to two');
DO $$ DECLARE j record; BEGIN FOR j IN SELECT video_id, token FROM thumbnails.jobs WHERE token IS NOT NULL LOOP PERFORM thumbnails.renew(j.video_id, j.token, 30); END LOOP; END $$;
SELECT is(pg_temp.held(), 2::bigint, 'which stay');
SELECT is(pg_temp.next(), 101, 'and the other''s has its turn');
-- A slow end keeps nothing of what was earned.
SELECT pg_temp.hand_in((SELECT right(video_id::text, 12)::integer FROM thumbnails.jobs WHERE token IS NOT NULL AND video_id < pg_temp.id(100) LIMIT 1), 60) \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE tenant = (pg_temp.job(40)).tenant AND token IS NULL AND due_at < 'infinity' AND NOT is_earned), 1::bigint, 'its place goes to the next, and no more than that');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE tenant = '' AND (is_earned OR due_at = 'infinity')), 0::bigint, 'who is no tenant has nothing to do with it');
SELECT * FROM finish();
ROLLBACK;
