-- Every outcome of claim, and what complete, fail and release leave behind.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(125);
DELETE FROM videos;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.video(n integer) RETURNS videos LANGUAGE sql AS $$ SELECT v FROM videos v WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.jobs(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.last_event(n integer) RETURNS thumbnails.events LANGUAGE sql AS $$
  SELECT e FROM thumbnails.events e WHERE video_id = pg_temp.id(n) ORDER BY e.id DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS void LANGUAGE sql AS $$
  UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(n) $$;
-- The table's own column for the shape, where it has one.
ALTER TABLE videos ADD COLUMN IF NOT EXISTS aspect_ratio text;
-- From the start of the queue, whatever the session remembers.
CREATE FUNCTION pg_temp.is_woken(n integer) RETURNS boolean LANGUAGE sql AS $$
  SELECT set_config('thumbnails.due_marks', '', false); SELECT pg_temp.id(n) IN (SELECT thumbnails.due_videos(100, '{}')) $$;
INSERT INTO videos (id, status, video_url, aspect_ratio) SELECT pg_temp.id(n), 'completed', 'http://x/' || n, CASE WHEN n IN (5, 6, 31) THEN '9:16' END FROM generate_series(1, 31) AS n;

-- claim
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(99), 30)), 'not_found', 'claim: no such row');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(90), 'processing', 'http://x/90');
SELECT is((SELECT outcome || ' ' || detail FROM thumbnails.claim(pg_temp.id(90), 30)), 'not_finished processing', 'claim: the video itself is not finished');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(90), 30, NULL, true)), 'not_finished', 'claim: nor for a new picture');
CREATE TEMP TABLE c1 AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30, '9:16', false, 4.5);
SELECT is((SELECT (outcome, attempt, video_url, aspect_ratio, time_seconds)::text FROM c1), '(claimed,1,http://x/1,9:16,4.5)', 'claim: what the worker is told, before any merge');
SELECT is((SELECT count(*) FROM thumbnails.inbox WHERE video_id = pg_temp.id(1)), 0::bigint, 'claim: its own hint is merged');
SELECT is((SELECT count(*) FROM thumbnails.inbox), 30::bigint, 'claim: and no other');
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((pg_temp.job(1)).token, (SELECT token FROM c1), 'claim: the queue knows who has it');
SELECT ok((pg_temp.job(1)).due_at BETWEEN clock_timestamp() + interval '25 s' AND clock_timestamp() + interval '30 s', 'claim: and until when');
SELECT is((pg_temp.video(1)).thumbnail_metadata -> 'requested', '{"aspectRatio": "9:16", "timeSeconds": 4.5}', 'claim: what was asked for is stored');
SELECT is(((pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_attempts)::text, '(processing,1)', 'claim: the row says so');
SELECT ok((SELECT outcome = 'busy' AND retry_after_seconds BETWEEN 25 AND 30 FROM thumbnails.claim(pg_temp.id(1), 30)), 'claim: busy says for how long');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30, NULL, true)), 'busy', 'claim: also for a new picture');
SELECT ok(NOT pg_temp.is_woken(1), 'claim: nobody is woken for it');
-- A lost worker: the next claim has a greater token, and the history tells why.
SELECT pg_temp.due(1) \g /dev/null
SELECT ok(pg_temp.is_woken(1), 'claim: a lease that ended is a job that is due');
CREATE TEMP TABLE c2 AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT is((SELECT (outcome, attempt, aspect_ratio, time_seconds)::text FROM c2), '(claimed,2,9:16,4.5)', 'claim: an expired lease is taken over, the wishes with it');
SELECT ok((SELECT token FROM c2) > (SELECT token FROM c1), 'claim: with a greater token');
SELECT ok(NOT thumbnails.renew(pg_temp.id(1), (SELECT token FROM c1), 30), 'claim: the lost one no longer renews');
SELECT is(((pg_temp.last_event(1)).class, (pg_temp.last_event(1)).from_status)::text, '(lost,processing)', 'claim: the history says that a worker was lost');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', attempts = 3 WHERE video_id = pg_temp.id(1);
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(exhausted,"worker lost")', 'claim: lost for the third time is the end');
SELECT is(((pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_error_code, (pg_temp.video(1)).thumbnail_generation_error)::text,
  '(failed,lost,"worker lost: the attempt ended without a result 3 times")', 'claim: failed, class lost');
SELECT is(pg_temp.jobs(1), 0::bigint, 'claim: nothing is queued any more');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(exhausted,"worker lost: the attempt ended without a result 3 times")', 'claim: and stays so');
SELECT is((SELECT (outcome, attempt, time_seconds)::text FROM thumbnails.claim(pg_temp.id(1), 30, NULL, true)), '(claimed,1,)', 'claim: regenerate starts anew');
-- A time is asked for once.
SELECT is((pg_temp.video(1)).thumbnail_metadata -> 'requested', '{"aspectRatio": "9:16"}', 'claim: an exact second is not kept for the next regeneration');
-- Rows that were copied without the sequence.
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s', token = token + 500000 WHERE video_id = pg_temp.id(1);
CREATE TEMP TABLE behind AS SELECT (pg_temp.job(1)).token AS token;
SELECT ok((SELECT c.token > behind.token FROM behind, thumbnails.claim(pg_temp.id(1), 30) AS c), 'claim: a sequence that lags behind its rows catches up');
SELECT ok(nextval('thumbnails.tokens') > (SELECT token FROM behind), 'claim: for all that come after');
-- A row nobody has noticed.
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_started_at) VALUES (pg_temp.id(91), 'completed', 'http://x/91', NULL, NULL),
  (pg_temp.id(92), 'completed', 'http://x/92', 'processing', now() - interval '29 min'), (pg_temp.id(93), 'completed', 'http://x/93', 'processing', now() - interval '31 min');
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(91), 30)), 'claimed', 'claim: a row that gave no hint');
SELECT is((SELECT array_agg(concat_ws(' ', from_status, to_status, text) ORDER BY id) FROM thumbnails.events WHERE video_id = pg_temp.id(91)),
  ARRAY['pending found by a claim', 'pending processing'], 'claim: which the history says');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(92), 30)), 'busy', 'claim: another program has half an hour');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(93), 30)), 'claimed', 'claim: and no more');
-- A cancelled video, and one that was waiting when its picture came.
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(25);
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(25), 30)), '(not_finished,processing)', 'claim: one that is not finished any more');
SELECT is(pg_temp.jobs(25), 0::bigint, 'claim: is queued no more');
UPDATE videos SET thumbnail_url = 'http://elsewhere/26.jpg' WHERE id = pg_temp.id(26);
DELETE FROM thumbnails.inbox;
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(26), 30)), '(completed,http://elsewhere/26.jpg)', 'claim: one whose picture came, by a hint that is not there yet');
SELECT is(pg_temp.jobs(26), 0::bigint, 'claim: is queued no more');
-- Metadata of any shape, which other programs left.
CREATE TEMP TABLE odd AS SELECT n + 26 AS n, m FROM unnest(ARRAY['[1]', '"replaced"', '["replaced"]', 'null']::jsonb[]) WITH ORDINALITY AS o (m, n);
UPDATE videos v SET thumbnail_metadata = o.m FROM odd o WHERE v.id = pg_temp.id(o.n::integer);
SELECT is(thumbnails.complete(pg_temp.id(n::integer), (thumbnails.claim(pg_temp.id(n::integer), 30, '9:16')).token, 'http://p/' || n, 'thumbnails/' || n, '{"method": "x"}'), 'ok',
  'claim and complete: metadata that is ' || m::text) FROM odd ORDER BY n;
SELECT is((pg_temp.video(n::integer)).thumbnail_metadata, '{"method": "x", "requested": {"aspectRatio": "9:16"}}', 'complete: over metadata that was ' || m::text) FROM odd ORDER BY n;
UPDATE videos SET thumbnail_metadata = '"text"' WHERE id = pg_temp.id(3);
SELECT lives_ok($$ UPDATE videos SET video_url = 'http://x/3b' WHERE id = pg_temp.id(3) $$, 'trigger: nor does it stop the platform''s own statement');

SELECT is((SELECT aspect_ratio FROM thumbnails.claim(pg_temp.id(5), 30)), '9:16', 'claim: the row''s own shape');
SELECT is((SELECT aspect_ratio FROM thumbnails.claim(pg_temp.id(6), 30, '16:9')), '16:9', 'claim: the caller''s');
SELECT is((SELECT aspect_ratio FROM thumbnails.claim(pg_temp.id(4), 30)), NULL, 'claim: nobody''s');
UPDATE videos SET video_url = 'http://x/31b', aspect_ratio = '16:9' WHERE id = pg_temp.id(31);
SELECT thumbnails.merge(100) \g /dev/null
CREATE TEMP TABLE c31 AS SELECT * FROM thumbnails.claim(pg_temp.id(31), 30);
SELECT is((SELECT (outcome, video_url, aspect_ratio)::text FROM c31), '(claimed,http://x/31b,16:9)', 'claim: another video brings its own shape');
SELECT thumbnails.complete(pg_temp.id(31), token, 'http://p/' || key, key, '{}') FROM c31, format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(31), token) AS key \g /dev/null
UPDATE videos SET video_url = 'http://x/31c', aspect_ratio = '9:16' WHERE id = pg_temp.id(31);
SELECT is((SELECT (outcome, video_url, aspect_ratio)::text FROM thumbnails.claim(pg_temp.id(31), 30)), '(claimed,http://x/31c,9:16)', 'claim: also after the one before has its picture');

-- complete
CREATE TEMP TABLE t AS SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(7, 16) AS n;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM t WHERE t.n = $1 $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
SELECT is(thumbnails.object_key('http://p/store/' || pg_temp.key(7, 8) || '?w=1', pg_temp.id(7)), pg_temp.key(7, 8), 'object_key: of a URL of ours');
SELECT is(thumbnails.object_key(format('http://p/thumbnails/%s/0123456789abcdef-8-320.webp', pg_temp.id(7)), pg_temp.id(7)), format('thumbnails/%s/0123456789abcdef-8-320.webp', pg_temp.id(7)), 'object_key: of a size of it');
SELECT is(thumbnails.object_key(u, pg_temp.id(7)), NULL, 'object_key: none of ' || coalesce(u, 'nothing')) FROM unnest(ARRAY['http://p/thumbnails/by-hand.jpg', 'http://p/' || pg_temp.key(8, 8),
  format('http://p/thumbnails/%s/by-hand.jpg', pg_temp.id(7)), '', NULL]) AS u;
SELECT is(thumbnails.complete(pg_temp.id(7), pg_temp.token(7), 'http://p/' || pg_temp.key(7, pg_temp.token(7)), pg_temp.key(7, pg_temp.token(7)), '{"method": "x"}'), 'ok', 'complete');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE video_id = pg_temp.id(7)), 0::bigint, 'complete: a first thumbnail replaces none');
SELECT is(pg_temp.jobs(7), 0::bigint, 'complete: nothing left to do');
SELECT is(((pg_temp.last_event(7)).from_status, (pg_temp.last_event(7)).to_status, (pg_temp.last_event(7)).token, (pg_temp.last_event(7)).attempt)::text,
  format('(processing,completed,%s,1)', pg_temp.token(7)), 'complete: in the history');
SELECT ok((pg_temp.last_event(7)).duration < interval '1 min', 'complete: with its duration');
SELECT ok((pg_temp.video(7)).thumbnail_generated_at > (pg_temp.video(7)).thumbnail_generation_started_at, 'complete: and its times');
-- Regenerate: the old one stands until the new one is there, and its object is left to the collector.
DELETE FROM thumbnails.object_deletions;
CREATE TEMP TABLE again AS SELECT * FROM thumbnails.claim(pg_temp.id(7), 30, NULL, true, 2);
SELECT is((pg_temp.video(7)).thumbnail_url, 'http://p/' || pg_temp.key(7, pg_temp.token(7)), 'regenerate: the old picture stands while the new one is made');
SELECT is((SELECT array_agg(e.from_status || '>' || e.to_status ORDER BY e.id DESC) FROM (SELECT * FROM thumbnails.events WHERE video_id = pg_temp.id(7) ORDER BY id DESC LIMIT 2) AS e),
  ARRAY['pending>processing', 'completed>pending'], 'regenerate: it waits and is taken like any other');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(7), (SELECT token FROM again), 'source', 'origin', true)), 'ok', 'regenerate: its failure');
SELECT is((pg_temp.video(7)).thumbnail_url, 'http://p/' || pg_temp.key(7, pg_temp.token(7)), 'regenerate: leaves the old one');
SELECT pg_temp.due(7) \g /dev/null
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(7), 30);
SELECT is((SELECT (outcome, attempt, time_seconds)::text FROM again), '(claimed,2,2)', 'regenerate: its retry asks for the same second');
SELECT is(thumbnails.complete(pg_temp.id(7), (SELECT token FROM again), 'http://p/' || pg_temp.key(7, (SELECT token FROM again)), pg_temp.key(7, (SELECT token FROM again)), '{}', 60),
  'ok', 'regenerate: done');
SELECT is((SELECT array_agg(key) FROM thumbnails.object_deletions), ARRAY[pg_temp.key(7, pg_temp.token(7))], 'regenerate: the replaced object is put down for the collector');
SELECT ok((SELECT not_before BETWEEN now() + interval '59 s' AND clock_timestamp() + interval '61 s' FROM thumbnails.object_deletions), 'regenerate: for as long as it is to be kept');
-- Asked for while the store is down: nobody has to ask twice.
INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', '', 5, '{}', now() + interval '9 s', 'the store is gone');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(7), 30, NULL, true, 3)), 'paused', 'regenerate: not while a breaker is open');
SELECT ok(pg_temp.is_woken(7), 'regenerate: but it is queued');
DELETE FROM thumbnails.breakers;
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(7), 30);
SELECT is((SELECT (outcome, attempt, time_seconds)::text FROM again), '(claimed,1,3)', 'regenerate: and made afterwards, by itself');
SELECT thumbnails.fail(pg_temp.id(7), (SELECT token FROM again), 'source', '503', true, 2000) \g /dev/null
INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', '', 5, '{}', now() + interval '9 s', 'the store is gone');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(7), 30, '9:16', true)), 'paused', 'regenerate: nor of one that waits for its next attempt');
SELECT ok((pg_temp.job(7)).due_at < clock_timestamp() + interval '11 s' AND (pg_temp.job(7)).attempts = 0, 'regenerate: which then waits for the breaker only');
DELETE FROM thumbnails.breakers;
SELECT pg_temp.due(7) \g /dev/null
SELECT is((SELECT (outcome, attempt, aspect_ratio, time_seconds)::text FROM thumbnails.claim(pg_temp.id(7), 30)), '(claimed,1,9:16,)', 'regenerate: and is what was asked for last');
-- What was asked for is not forgotten with the picture it was to replace.
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(3), 30);
SELECT thumbnails.complete(pg_temp.id(3), (SELECT token FROM again), 'http://p/' || pg_temp.key(3, 1), pg_temp.key(3, 1), '{}') \g /dev/null
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(3), 30, NULL, true, 5);
SELECT thumbnails.fail(pg_temp.id(3), (SELECT token FROM again), 'source', '503', true) \g /dev/null
UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(100), pg_temp.due(3) \g /dev/null
SELECT is((SELECT (outcome, attempt, time_seconds)::text FROM thumbnails.claim(pg_temp.id(3), 30)), '(claimed,2,5)', 'regenerate: a picture that is taken away meanwhile changes nothing');
-- Over a picture from outside, whose URL is kept.
UPDATE videos SET thumbnail_url = 'http://elsewhere/24.jpg' WHERE id = pg_temp.id(24);
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(24), 30)), 'completed', 'regenerate: a picture from outside is left alone');
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(24), 30, NULL, true);
UPDATE videos SET video_url = 'http://x/24?id=2' WHERE id = pg_temp.id(24);
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((pg_temp.video(24)).thumbnail_url || ' ' || pg_temp.jobs(24), 'http://elsewhere/24.jpg 1', 'regenerate: another video does not end the wish for a new one');
SELECT is(thumbnails.complete(pg_temp.id(24), (SELECT token FROM again), 'http://p/' || pg_temp.key(24, 1), pg_temp.key(24, 1), '{"method": "x"}'), 'fenced', 'regenerate: the old video''s is refused');
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(24), 30, NULL, true);
SELECT is(thumbnails.complete(pg_temp.id(24), (SELECT token FROM again), 'http://p/' || pg_temp.key(24, 1), pg_temp.key(24, 1), '{"method": "x"}'), 'ok', 'regenerate: replaces it when asked to');
SELECT is((pg_temp.video(24)).thumbnail_metadata ->> 'replaced', 'http://elsewhere/24.jpg', 'regenerate: and keeps its URL');
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(24), 30, NULL, true);
SELECT thumbnails.complete(pg_temp.id(24), (SELECT token FROM again), 'http://p/' || pg_temp.key(24, 2), pg_temp.key(24, 2), '{"method": "y"}') \g /dev/null
SELECT is(((pg_temp.video(24)).thumbnail_metadata ->> 'method', (pg_temp.video(24)).thumbnail_metadata ->> 'replaced')::text, '(y,http://elsewhere/24.jpg)', 'regenerate: also after another one');
-- A picture from outside that comes during a regeneration stands.
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(24), 30, NULL, true);
UPDATE videos SET thumbnail_url = 'http://elsewhere/24b.jpg' WHERE id = pg_temp.id(24);
SELECT is(thumbnails.complete(pg_temp.id(24), (SELECT token FROM again), 'http://p/' || pg_temp.key(24, 3), pg_temp.key(24, 3), '{}'), 'fenced', 'regenerate: a picture from outside that came meanwhile refuses it');
SELECT is((pg_temp.video(24)).thumbnail_url, 'http://elsewhere/24b.jpg', 'regenerate: and stands');
SELECT is(thumbnails.complete(pg_temp.id(8), pg_temp.token(8) - 1, 'http://p/x', pg_temp.key(8, 1), '{}'), 'fenced', 'complete: an older claim is fenced');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.key(8, 1)), 1::bigint, 'complete: its own object is put down');
SELECT is(thumbnails.complete(pg_temp.id(99), 1, 'http://p/x', pg_temp.key(99, 1), '{}'), 'fenced', 'complete: of a video that is not there');

-- fail
SELECT is((SELECT (outcome, next_attempt_at)::text FROM thumbnails.fail(pg_temp.id(9), pg_temp.token(9), 'media', 'no video stream', false)), '(ok,)', 'fail: permanent');
SELECT is(pg_temp.jobs(9), 0::bigint, 'fail: nothing left to do');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(9), 30)), '(exhausted,"no video stream")', 'fail: a repeated webhook is told why');
SELECT ok((SELECT next_attempt_at BETWEEN now() + interval '599 s' AND clock_timestamp() + interval '601 s'
             FROM thumbnails.fail(pg_temp.id(10), pg_temp.token(10), 'source', '503', true, 600)), 'fail: a longer Retry-After is kept to');
SELECT ok((pg_temp.job(10)).due_at > now() + interval '9 min' AND (pg_temp.job(10)).token IS NULL, 'fail: by the queue, too');
UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = pg_temp.id(11);
SELECT is((SELECT (next_attempt_at, attempt)::text FROM thumbnails.fail(pg_temp.id(11), pg_temp.token(11), 'source', '503', true)), '(,3)', 'fail: the third is the last');
SELECT is(pg_temp.jobs(11), 0::bigint, 'fail: and ends the job');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(12), pg_temp.token(12) - 1, 'source', '503', true)), 'fenced', 'fail: of an older claim changes nothing');
SELECT is((pg_temp.job(12)).token, pg_temp.token(12), 'fail: the holder has it still');
-- A Retry-After that is no number of seconds.
CREATE TEMP TABLE absurd (n integer, seconds float8);
INSERT INTO absurd VALUES (18, 'infinity'), (19, 'NaN'), (20, '-infinity'), (21, -7), (22, '-1e300');
SELECT ok((SELECT outcome = 'ok' AND next_attempt_at BETWEEN now() + interval '59 s' AND clock_timestamp() + interval '121 s'
             FROM thumbnails.fail(pg_temp.id(n), (thumbnails.claim(pg_temp.id(n), 30)).token, 'source', '503', true, seconds)), 'fail: Retry-After ' || seconds) FROM absurd ORDER BY n;
SELECT pg_temp.due(n) FROM absurd \g /dev/null
SELECT lives_ok(format($$ CREATE TEMP TABLE r%1$s AS SELECT * FROM thumbnails.fail(pg_temp.id(%1$s), (thumbnails.claim(pg_temp.id(%1$s), 30)).token, 'storage', '503', NULL, %2$L) $$, n, seconds),
  'release: Retry-After ' || seconds) FROM absurd ORDER BY n;
SELECT is((SELECT count(*) FROM thumbnails.jobs j JOIN absurd a ON j.video_id = pg_temp.id(a.n) WHERE j.due_at BETWEEN now() + interval '4 s' AND clock_timestamp() + interval '10 s'),
  5::bigint, 'release: each waits as if nothing had been asked');
DELETE FROM thumbnails.breakers;

-- release
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.fail(pg_temp.id(13), pg_temp.token(13), 'shutdown', 'stopping', NULL)), '(ok,0)', 'release: a stopping worker gives the attempt back');
SELECT ok((pg_temp.job(13)).due_at <= clock_timestamp(), 'release: and the video is due at once');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(13), pg_temp.token(13), 'shutdown', 'stopping', NULL)), 'already', 'release: a repeated one is recognised');
SELECT is(thumbnails.complete(pg_temp.id(13), pg_temp.token(13), 'http://p/x', pg_temp.key(13, 1), '{}'), 'fenced', 'release: who gave it back hands in nothing');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(14), pg_temp.token(14) - 1, 'storage', '503', NULL)), 'fenced', 'release: of an older claim changes nothing');
SELECT ok((SELECT next_attempt_at BETWEEN clock_timestamp() + interval '299 s' AND clock_timestamp() + interval '301 s'
             FROM thumbnails.fail(pg_temp.id(14), pg_temp.token(14), 'storage', '503', NULL, 86400)), 'release: Retry-After counts for five minutes at most');
-- One video whose upload always fails while others are completed: every tenth release counts, and the thirtieth is the end.
INSERT INTO thumbnails.events (video_id, from_status, to_status, token) VALUES (pg_temp.id(23), 'processing', 'completed', 1);
DELETE FROM thumbnails.breakers;
CREATE TEMP TABLE rounds (n integer, outcome text, attempt integer, status text);
DO $$
DECLARE
  c record;
BEGIN
  FOR n IN 1..40 LOOP
    EXIT WHEN (pg_temp.video(17)).thumbnail_generation_status = 'failed';
    PERFORM pg_temp.due(17);
    UPDATE thumbnails.breakers SET open_until = now() - interval '1 s', probe_until = NULL;
    SELECT * INTO c FROM thumbnails.claim(pg_temp.id(17), 30);
    EXIT WHEN c.outcome <> 'claimed';
    PERFORM thumbnails.fail(pg_temp.id(17), c.token, 'storage', 'the store says 403', NULL);
    INSERT INTO rounds VALUES (n, c.outcome, (pg_temp.video(17)).thumbnail_generation_attempts, (pg_temp.video(17)).thumbnail_generation_status);
  END LOOP;
END $$;
SELECT is((SELECT max(n) FROM rounds), 30, 'an upload that always fails: thirty rounds');
SELECT is((SELECT array_agg(attempt ORDER BY n) FROM rounds WHERE n IN (9, 10, 19, 20, 30)), ARRAY[0, 1, 1, 2, 3], 'every tenth counts');
SELECT is(((pg_temp.video(17)).thumbnail_generation_status, (pg_temp.video(17)).thumbnail_generation_error)::text, '(failed,"the store says 403")', 'and it ends with its reason');
SELECT is(pg_temp.jobs(17), 0::bigint, 'and without a job');
UPDATE thumbnails.breakers SET open_until = now() - interval '1 s', probe_until = NULL;
CREATE TEMP TABLE neighbour AS SELECT * FROM thumbnails.claim(pg_temp.id(23), 30);
SELECT is(thumbnails.complete(pg_temp.id(23), (SELECT token FROM neighbour), 'http://p/23', 'thumbnails/23', '{}'), 'ok', 'its neighbour completes');
SELECT is((SELECT count(*) FROM thumbnails.breakers), 0::bigint, 'which closes the breaker');
-- Rows of before this system have no class.
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts) VALUES (pg_temp.id(81), 'completed', 'http://x/81', 'failed', 3);
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(81), 30)), '(claimed,1)', 'claim: what has failed under another system is tried');
UPDATE thumbnails.jobs SET releases = 7, due_at = clock_timestamp() WHERE video_id = pg_temp.id(81);
SELECT thumbnails.claim(pg_temp.id(81), 30, NULL, true) \g /dev/null
SELECT is((pg_temp.job(81)).releases, 0::smallint, 'regenerate: what was given back does not count');
-- One that is finished no more waits until it is.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(82), 'completed', 'http://x/82'), (pg_temp.id(83), 'completed', 'http://x/83');
SELECT thumbnails.fail(pg_temp.id(82), (thumbnails.claim(pg_temp.id(82), 30)).token, 'source', '503', true), pg_temp.due(82) \g /dev/null
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(82);
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(82), 30)), 'not_finished', 'claim: a retry of a video that is finished no more');
SELECT is((pg_temp.video(82)).thumbnail_generation_status || pg_temp.jobs(82), 'pending0', 'claim: ends, and the row waits');
-- The shape that was asked for stays with the video.
SELECT thumbnails.complete(pg_temp.id(83), (thumbnails.claim(pg_temp.id(83), 30, '9:16')).token, 'http://p/' || pg_temp.key(83, 1), pg_temp.key(83, 1), '{}') \g /dev/null
UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(83);
CREATE TEMP TABLE once_more AS SELECT * FROM thumbnails.claim(pg_temp.id(83), 30);
SELECT is((SELECT aspect_ratio FROM once_more), '9:16', 'claim: the shape of an earlier request holds for the next picture');
SELECT thumbnails.complete(pg_temp.id(83), (SELECT token FROM once_more), 'http://p/' || pg_temp.key(83, 2), pg_temp.key(83, 2), '{}') \g /dev/null
SELECT is((pg_temp.video(83)).thumbnail_metadata -> 'requested', '{"aspectRatio": "9:16"}', 'claim: and for those after it');
SELECT * FROM finish();
ROLLBACK;
