-- Faults that are not the video's: the attempt is given back, the tenth time it counts if others are completed, the breaker of its host opens and closes.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(45);
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 20) AS n;
SELECT thumbnails.merge(100) \g /dev/null
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
-- Claims a video whatever its due time and gives it back with a class.
CREATE FUNCTION pg_temp.give_back(n integer, class text, host text DEFAULT 'a') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(n);
  SELECT * INTO c FROM thumbnails.claim(pg_temp.id(n), 30, p_host => host);
  IF c.outcome <> 'claimed' THEN RETURN c.outcome; END IF;
  PERFORM thumbnails.fail(pg_temp.id(n), c.token, class, 'the store is gone', NULL, NULL, host);
  RETURN 'released';
END $$;

SELECT is(pg_temp.give_back(1, 'shutdown'), 'released', 'a worker that was told to stop gives back');
SELECT is((pg_temp.job(1)).attempts, 0::smallint, 'the attempt');
SELECT is((pg_temp.job(1)).releases, 0::smallint, 'which is no release that counts');
SELECT is((SELECT array_agg(pg_temp.give_back(1, 'storage')) FROM generate_series(1, 9)), array_fill('released'::text, ARRAY[9]),
  'nine faults of one video alone open no breaker');
SELECT is((pg_temp.job(1)).attempts, 0::smallint, 'none of them counts');
SELECT is(pg_temp.give_back(1, 'storage'), 'released', 'the tenth');
SELECT is((pg_temp.job(1)).attempts, 0::smallint, 'does not either, where nothing else is completed: the store may be gone for a night');
UPDATE thumbnails.jobs SET releases = 19 WHERE video_id = pg_temp.id(1);
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, at) VALUES (pg_temp.id(20), 'processing', 'completed', 1, now() - interval '14 min');
SELECT is(pg_temp.give_back(1, 'storage'), 'released', 'the twentieth');
SELECT is((pg_temp.job(1)).attempts, 1::smallint, 'counts, since another video was completed meanwhile');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(1)),
  '(pending,1,storage)', 'and the row still waits, and says why');
UPDATE thumbnails.jobs SET releases = 9 WHERE video_id = pg_temp.id(2);
SELECT is(pg_temp.give_back(2, 'shutdown') || (pg_temp.job(2)).attempts, 'released0', 'but no worker that was told to stop counts, whatever went before');
DELETE FROM thumbnails.breakers;
SELECT is((SELECT array_agg(pg_temp.give_back(n, 'storage')) FROM generate_series(2, 6) AS n), array_fill('released'::text, ARRAY[5]),
  'five faults in a row over several videos');
SELECT is(pg_temp.give_back(7, 'storage'), 'paused', 'open the breaker');
SELECT is((pg_temp.job(7)).attempts, 0::smallint, 'which costs no attempt');
SELECT is((SELECT (outcome, class, detail)::text FROM thumbnails.claim(pg_temp.id(8), 30, p_host => 'a')), '(paused,storage,"the store is gone")', 'and says why');
SELECT is((SELECT (outcome, detail, retry_after_seconds BETWEEN 9 AND 10)::text FROM thumbnails.claim_next(30, 'a')), '(paused,"the store is gone",t)', 'for who takes the next one, too');
-- Another host has its own disk and its own configuration.
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(10), 30, p_host => 'b')), 'claimed', 'another host goes on');
SELECT is(thumbnails.complete(pg_temp.id(10), (pg_temp.job(10)).token, 'http://p/x', 'k', '{}', 86400, 'b'), 'ok', 'and completes');
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'b')), 'claimed', 'and takes the next one');
SELECT is((SELECT count(*) FROM thumbnails.breakers WHERE host = 'a' AND open_until > clock_timestamp()), 1::bigint, 'which does not close the first one''s breaker');
SELECT is(pg_temp.give_back(12, 'storage', 'b'), 'released', 'a fault of the other');
SELECT thumbnails.complete(pg_temp.id(11), (SELECT token FROM thumbnails.claim(pg_temp.id(11), 30)), 'http://p/x', 'k', '{}', 86400, 'b') \g /dev/null
SELECT is((SELECT array_agg(host) FROM thumbnails.breakers), ARRAY['a'], 'is forgotten with its next success, which says nothing of the first one''s');
SELECT is(pg_temp.give_back(12, 'configuration', 'b'), 'released', 'a fault of another class');
SELECT is((SELECT array_agg((class, host, consecutive, open_until IS NOT NULL)::text ORDER BY host) FROM thumbnails.breakers),
  ARRAY['(storage,a,5,t)', '(configuration,b,1,f)'], 'is counted by itself, by its class');
-- What was claimed before the breaker opened still comes in.
CREATE TEMP TABLE early AS SELECT * FROM thumbnails.claim(pg_temp.id(13), 30, p_host => 'c');
CREATE TEMP TABLE until AS SELECT open_until, consecutive FROM thumbnails.breakers WHERE host = 'a';
SELECT thumbnails.fail(pg_temp.id(13), (SELECT token FROM early), 'storage', 'an earlier fault', NULL, NULL, 'a') \g /dev/null
SELECT results_eq($$ SELECT open_until, consecutive FROM thumbnails.breakers WHERE host = 'a' $$, 'TABLE until', 'a fault of an earlier claim says nothing new to an open breaker');

UPDATE thumbnails.breakers SET open_until = clock_timestamp() - interval '1 s' WHERE host = 'a';
CREATE TEMP TABLE waiting AS TABLE thumbnails.jobs;
DELETE FROM thumbnails.jobs;
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'a')), 'none', 'where nothing is due, nobody tries');
INSERT INTO thumbnails.jobs TABLE waiting;
CREATE TEMP TABLE probe AS SELECT * FROM thumbnails.claim(pg_temp.id(8), 30, p_host => 'a');
SELECT is((SELECT outcome FROM probe), 'claimed', 'after its time one probe may pass');
SELECT is(pg_temp.give_back(9, 'storage'), 'paused', 'one, not two');
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'a')), 'paused', 'nor the next of the queue');
-- A probe that ends for a reason of its video's own says nothing of the store.
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(8), (SELECT token FROM probe), 'source', '503', true, NULL, 'a')), 'ok', 'a probe that fails on its own');
TRUNCATE probe;
INSERT INTO probe SELECT * FROM thumbnails.claim(pg_temp.id(9), 30, p_host => 'a');
SELECT is((SELECT outcome FROM probe), 'claimed', 'makes room for the next');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(9), (SELECT token FROM probe), 'shutdown', 'stopping', NULL, NULL, 'a')), 'ok', 'a probe whose worker stops');
TRUNCATE probe;
INSERT INTO probe SELECT * FROM thumbnails.claim(pg_temp.id(9), 30, p_host => 'a');
SELECT is((SELECT outcome FROM probe), 'claimed', 'as well');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(9), (SELECT token FROM probe), 'storage', 'still gone', NULL, NULL, 'a')), 'ok', 'a probe that finds the store gone');
SELECT ok((SELECT consecutive = 6 AND open_until BETWEEN clock_timestamp() + interval '18 s' AND clock_timestamp() + interval '20 s' FROM thumbnails.breakers WHERE host = 'a'),
  'opens it for twice the time');
UPDATE thumbnails.breakers SET open_until = clock_timestamp() - interval '1 s' WHERE host = 'a';
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(14), 30, p_host => 'a')), 'claimed', 'the next probe');
SELECT is(thumbnails.complete(pg_temp.id(14), (pg_temp.job(14)).token, 'http://p/x', 'k', '{}', 86400, 'a'), 'ok', 'its success');
SELECT is((SELECT count(*) FROM thumbnails.breakers WHERE host = 'a'), 0::bigint, 'closes the breaker');
SELECT is(pg_temp.give_back(9, 'storage'), 'released', 'for everybody');
-- A class that is not the store's moves none.
SELECT is((SELECT count(*) FROM (SELECT pg_temp.give_back(n, 'shutdown', 'd') FROM generate_series(15, 20) AS n) AS g, thumbnails.breakers b WHERE b.host = 'd'), 0::bigint,
  'workers that stop open no breaker');
-- An outage of months.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(30), 'completed', 'http://x/30');
SELECT thumbnails.merge(100) \g /dev/null
UPDATE thumbnails.jobs SET releases = 29999 WHERE video_id = pg_temp.id(30);
SELECT is(pg_temp.give_back(30, 'storage', 'e'), 'released', 'a job that was given back 30,000 times');
SELECT is((pg_temp.job(30)).releases, 0::smallint, 'is counted from the start');
UPDATE thumbnails.jobs SET releases = 32767 WHERE video_id = pg_temp.id(30);
SELECT lives_ok($$ SELECT pg_temp.give_back(30, 'storage', 'e') $$, 'no number of releases is too high');
CREATE FUNCTION habit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.thumbnail_url IS NOT NULL THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
CREATE TRIGGER habit BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION habit();
UPDATE thumbnails.jobs SET releases = 32767, due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(30);
SELECT is(thumbnails.complete(pg_temp.id(30), (thumbnails.claim(pg_temp.id(30), 30, p_host => 'f')).token, 'http://p/30', 'thumbnails/30', '{}'), 'kept', 'nor for a result that is kept');
SELECT is((pg_temp.job(30)).releases, 2768::smallint, 'which counts on, too');
SELECT * FROM finish();
ROLLBACK;
