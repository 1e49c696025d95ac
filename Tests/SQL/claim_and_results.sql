-- Every outcome of claim, and what complete, fail and release leave behind.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(62);
DELETE FROM videos;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.video(n integer) RETURNS videos LANGUAGE sql AS $$ SELECT v FROM videos v WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.last_event(n integer) RETURNS thumbnails.events LANGUAGE sql AS $$
  SELECT e FROM thumbnails.events e WHERE video_id = pg_temp.id(n) ORDER BY e.id DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS void LANGUAGE sql AS $$
  UPDATE videos SET thumbnail_generation_next_attempt_at = clock_timestamp() - interval '1 s' WHERE id = pg_temp.id(n) $$;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 20) AS n;

-- claim
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(99), 30)), 'not_found', 'claim: no such row');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(90), 'processing', 'http://x/90');
SELECT is((SELECT outcome || ' ' || detail FROM thumbnails.claim(pg_temp.id(90), 30)), 'not_finished processing', 'claim: the video itself is not finished');
CREATE TEMP TABLE c1 AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30, '9:16', false, 4.5);
SELECT is((SELECT (outcome, attempt, video_url, aspect_ratio, time_seconds)::text FROM c1), '(claimed,1,http://x/1,9:16,4.5)', 'claim: what the worker is told');
SELECT is((pg_temp.video(1)).thumbnail_metadata -> 'requested', '{"aspectRatio": "9:16", "timeSeconds": 4.5}', 'claim: what was asked for is stored');
SELECT ok((SELECT retry_after_seconds BETWEEN 25 AND 30 FROM thumbnails.claim(pg_temp.id(1), 30)), 'claim: busy says for how long');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = pg_temp.id(1)), 0::bigint, 'claim: the announcement has been heard');
-- A lost worker: the next claim has a greater token, and the history tells why.
UPDATE videos SET thumbnail_generation_lease_until = clock_timestamp() - interval '1 s' WHERE id = pg_temp.id(1);
SELECT is(thumbnails.recover_due(10), 1, 'claim: polling finds the lease that ended, while others wait, too');
SELECT is((SELECT due_at FROM thumbnail_webhooks WHERE video_id = pg_temp.id(1)), (pg_temp.video(1)).thumbnail_generation_started_at,
  'claim: which gets back the place in the queue it had');
UPDATE thumbnail_webhooks SET due_at = clock_timestamp() + interval '1 min', deliveries = 3 WHERE video_id = pg_temp.id(1);
SELECT thumbnails.recover_due(10);
SELECT ok((SELECT due_at > clock_timestamp() + interval '50 s' FROM thumbnail_webhooks WHERE video_id = pg_temp.id(1)),
  'claim: unless it could not be delivered and waits for that');
CREATE TEMP TABLE c2 AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT is((SELECT (outcome, attempt, aspect_ratio, time_seconds)::text FROM c2), '(claimed,2,9:16,4.5)', 'claim: an expired lease is taken over, the wishes with it');
SELECT ok((SELECT token FROM c2) > (SELECT token FROM c1), 'claim: with a greater token');
SELECT is(((pg_temp.last_event(1)).class, (pg_temp.last_event(1)).from_status)::text, '(lost,processing)', 'claim: the history says that a worker was lost');
UPDATE videos SET thumbnail_generation_lease_until = clock_timestamp() - interval '1 s', thumbnail_generation_attempts = 3 WHERE id = pg_temp.id(1);
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(exhausted,"worker lost")', 'claim: lost for the third time is the end');
SELECT is(((pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_error_code)::text, '(failed,lost)', 'claim: failed, class lost');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = pg_temp.id(1)), 0::bigint, 'claim: nothing is announced any more');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'exhausted', 'claim: and stays so');
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(1), 30, NULL, true)), '(claimed,1)', 'claim: regenerate starts anew');
-- A time is asked for once.
SELECT is((pg_temp.video(1)).thumbnail_metadata -> 'requested', '{"aspectRatio": "9:16"}', 'claim: an exact second is not kept for the next regeneration');
-- Rows that were copied without the sequence.
UPDATE videos SET thumbnail_generation_lease_until = clock_timestamp() - interval '1 s', thumbnail_generation_claim_token = thumbnail_generation_claim_token + 500000
 WHERE id = pg_temp.id(1);
CREATE TEMP TABLE behind AS SELECT (pg_temp.video(1)).thumbnail_generation_claim_token AS token;
SELECT ok((SELECT c.token > behind.token FROM behind, thumbnails.claim(pg_temp.id(1), 30) AS c), 'claim: a sequence that lags behind its rows catches up');
SELECT ok(nextval('thumbnails.tokens') > (SELECT token FROM behind), 'claim: for all that come after');
-- Metadata another program left.
UPDATE videos SET thumbnail_metadata = '[1]' WHERE id = pg_temp.id(2);
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(2), 30)), 'claimed', 'claim: metadata that is no object does not stop it');
UPDATE videos SET thumbnail_metadata = '"text"' WHERE id = pg_temp.id(3);
SELECT lives_ok($$ UPDATE videos SET video_url = 'http://x/3b' WHERE id = pg_temp.id(3) $$, 'trigger: nor the platform''s own statement');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_claim_token = 1, thumbnail_generation_lease_until = now() WHERE id = pg_temp.id(2) $$, '23514', NULL,
  'guard: an older token cannot be put back');
-- An old writer's `failed` with its attempts used up and a time: anew, not a fourth attempt.
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_attempts = 3, thumbnail_generation_next_attempt_at = now() WHERE id = pg_temp.id(4);
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(4), 30)), '(claimed,1)', 'claim: three attempts at most, whoever wrote them');

-- The table's own column for the shape, where it has one.
ALTER TABLE videos ADD COLUMN IF NOT EXISTS aspect_ratio text;
UPDATE videos SET aspect_ratio = '9:16' WHERE id = pg_temp.id(5);
SELECT is((SELECT aspect_ratio FROM thumbnails.claim(pg_temp.id(5), 30)), '9:16', 'claim: the row''s own shape');
SELECT is((SELECT aspect_ratio FROM thumbnails.claim(pg_temp.id(6), 30, '16:9')), '16:9', 'claim: the caller''s');

-- complete
CREATE TEMP TABLE t AS SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(7, 16) AS n;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM t WHERE t.n = $1 $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/abcdef-%s.jpg', pg_temp.id(n), token) $$;
SELECT is(thumbnails.object_key('http://p/store/' || pg_temp.key(7, 8)), pg_temp.key(7, 8), 'object_key: of a URL of ours');
SELECT is(thumbnails.object_key('http://p/thumbnails/by-hand.jpg'), NULL, 'object_key: none of anything else');
SELECT is(thumbnails.object_key(NULL), NULL, 'object_key: none of nothing');
SELECT is(thumbnails.complete(pg_temp.id(7), pg_temp.token(7), 'http://p/' || pg_temp.key(7, pg_temp.token(7)), pg_temp.key(7, pg_temp.token(7)), '{"method": "x"}'), 'ok', 'complete');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions), 0::bigint, 'complete: a first thumbnail replaces none');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = pg_temp.id(7)), 0::bigint, 'complete: nothing left to announce');
SELECT is(((pg_temp.last_event(7)).from_status, (pg_temp.last_event(7)).to_status, (pg_temp.last_event(7)).token, (pg_temp.last_event(7)).attempt)::text,
  format('(processing,completed,%s,1)', pg_temp.token(7)), 'complete: in the history');
SELECT ok((pg_temp.last_event(7)).duration < interval '1 min', 'complete: with its duration');
-- Regenerate: the old one stands until the new one is there, and its object is left to the collector.
CREATE TEMP TABLE again AS SELECT * FROM thumbnails.claim(pg_temp.id(7), 30, NULL, true, 2);
SELECT is((pg_temp.video(7)).thumbnail_url, 'http://p/' || pg_temp.key(7, pg_temp.token(7)), 'regenerate: the old picture stands while the new one is made');
SELECT is((SELECT array_agg(e.from_status || '>' || e.to_status ORDER BY e.id DESC) FROM (SELECT * FROM thumbnails.events WHERE video_id = pg_temp.id(7) ORDER BY id DESC LIMIT 2) AS e),
  ARRAY['pending>processing', 'completed>pending'], 'regenerate: it waits and is taken like any other');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(7), (SELECT token FROM again), 'source', 'origin', true)), 'ok', 'regenerate: its failure');
SELECT is((pg_temp.video(7)).thumbnail_url, 'http://p/' || pg_temp.key(7, pg_temp.token(7)), 'regenerate: leaves the old one');
SELECT pg_temp.due(7);
TRUNCATE again;
INSERT INTO again SELECT * FROM thumbnails.claim(pg_temp.id(7), 30);
SELECT is((SELECT (outcome, attempt, time_seconds)::text FROM again), '(claimed,2,2)', 'regenerate: its retry asks for the same second');
SELECT is(thumbnails.complete(pg_temp.id(7), (SELECT token FROM again), 'http://p/' || pg_temp.key(7, (SELECT token FROM again)), pg_temp.key(7, (SELECT token FROM again)), '{}', 60),
  'ok', 'regenerate: done');
SELECT is((SELECT key FROM thumbnails.object_deletions), pg_temp.key(7, pg_temp.token(7)), 'regenerate: the replaced object is put down for the collector');
SELECT ok((SELECT not_before BETWEEN now() + interval '59 s' AND clock_timestamp() + interval '61 s' FROM thumbnails.object_deletions), 'regenerate: for as long as it is to be kept');
-- Asked for while the store is down: nobody has to ask twice.
INSERT INTO thumbnails.breakers (class, consecutive, video_ids, open_until, last_error) VALUES ('storage', 5, '{}', now() + interval '9 s', 'the store is gone');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(7), 30, NULL, true, 3)), 'paused', 'regenerate: not while a breaker is open');
DELETE FROM thumbnails.breakers;
SELECT pg_temp.due(7);
SELECT is((SELECT (c.outcome, c.attempt, c.time_seconds, w.due_at > now() + interval '5 s')::text
  FROM (SELECT due_at FROM thumbnail_webhooks WHERE video_id = pg_temp.id(7)) AS w, thumbnails.claim(pg_temp.id(7), 30) AS c), '(claimed,1,3,t)', 'regenerate: but afterwards, by itself');
SELECT is(thumbnails.complete(pg_temp.id(8), pg_temp.token(8) - 1, 'http://p/x', pg_temp.key(8, 1), '{}'), 'fenced', 'complete: an older claim is fenced');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.key(8, 1)), 1::bigint, 'complete: its own object is put down');

-- fail
SELECT is((SELECT (outcome, next_attempt_at)::text FROM thumbnails.fail(pg_temp.id(9), pg_temp.token(9), 'media', 'no video stream', false)), '(ok,)', 'fail: permanent');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = pg_temp.id(9)), 0::bigint, 'fail: nothing left to announce');
SELECT ok((SELECT next_attempt_at BETWEEN now() + interval '599 s' AND clock_timestamp() + interval '601 s'
             FROM thumbnails.fail(pg_temp.id(10), pg_temp.token(10), 'source', '503', true, 600)), 'fail: a longer Retry-After is kept to');
SELECT ok((SELECT due_at > now() + interval '9 min' FROM thumbnail_webhooks WHERE video_id = pg_temp.id(10)), 'fail: by the outbox, too');
UPDATE videos SET thumbnail_generation_attempts = 3 WHERE id = pg_temp.id(11);
SELECT is((SELECT next_attempt_at FROM thumbnails.fail(pg_temp.id(11), pg_temp.token(11), 'source', '503', true)), NULL, 'fail: the third is the last');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(12), pg_temp.token(12) - 1, 'source', '503', true)), 'fenced', 'fail: of an older claim changes nothing');

-- release
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.release(pg_temp.id(13), pg_temp.token(13), 'shutdown', 'stopping')), '(ok,0)', 'release: a stopping worker gives the attempt back');
SELECT ok((SELECT due_at <= clock_timestamp() FROM thumbnail_webhooks WHERE video_id = pg_temp.id(13)), 'release: and the video is due at once');
SELECT is((SELECT outcome FROM thumbnails.release(pg_temp.id(13), pg_temp.token(13), 'shutdown', 'stopping')), 'already', 'release: a repeated one is recognised');
SELECT is((SELECT outcome FROM thumbnails.release(pg_temp.id(14), pg_temp.token(14) - 1, 'storage', '503')), 'fenced', 'release: of an older claim changes nothing');
SELECT ok((SELECT next_attempt_at <= clock_timestamp() + interval '301 s' FROM thumbnails.release(pg_temp.id(14), pg_temp.token(14), 'storage', '503', 86400)),
  'release: Retry-After counts for five minutes at most');
-- One video whose upload always fails: every tenth release counts, and the thirtieth is the end.
DELETE FROM thumbnails.breakers;
CREATE TEMP TABLE rounds (n integer, outcome text, attempt integer, status text);
DO $$
DECLARE
  c record;
BEGIN
  UPDATE videos SET thumbnail_generation_releases = 0, thumbnail_generation_next_attempt_at = now() WHERE id = pg_temp.id(17);
  FOR n IN 1..40 LOOP
    EXIT WHEN (pg_temp.video(17)).thumbnail_generation_status = 'failed';
    PERFORM pg_temp.due(17);
    UPDATE thumbnails.breakers SET open_until = now() - interval '1 s', probe_until = NULL;
    SELECT * INTO c FROM thumbnails.claim(pg_temp.id(17), 30);
    EXIT WHEN c.outcome <> 'claimed';
    PERFORM thumbnails.release(pg_temp.id(17), c.token, 'storage', 'the store says 403');
    INSERT INTO rounds VALUES (n, c.outcome, (pg_temp.video(17)).thumbnail_generation_attempts, (pg_temp.video(17)).thumbnail_generation_status);
  END LOOP;
END $$;
SELECT is((SELECT max(n) FROM rounds), 30, 'an upload that always fails: thirty rounds');
SELECT is((SELECT array_agg(attempt ORDER BY n) FROM rounds WHERE n IN (9, 10, 19, 20, 30)), ARRAY[0, 1, 1, 2, 3], 'every tenth counts');
SELECT is(((pg_temp.video(17)).thumbnail_generation_status, (pg_temp.video(17)).thumbnail_generation_error)::text, '(failed,"the store says 403")', 'and it ends with its reason');
UPDATE thumbnails.breakers SET open_until = now() - interval '1 s', probe_until = NULL;
CREATE TEMP TABLE neighbour AS SELECT * FROM thumbnails.claim(pg_temp.id(18), 30);
SELECT is(thumbnails.complete(pg_temp.id(18), (SELECT token FROM neighbour), 'http://p/18', 'thumbnails/18', '{}'), 'ok', 'its neighbour completes');
SELECT is((SELECT count(*) FROM thumbnails.breakers), 0::bigint, 'which closes the breaker');
SELECT * FROM finish();
ROLLBACK;
