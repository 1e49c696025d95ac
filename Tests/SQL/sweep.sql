-- The sweep, the triggers by hand and the batch: whom they take, whom they leave, what they answer.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(38);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.taken() RETURNS integer[] LANGUAGE sql AS $$
  SELECT array_agg(right(video_id::text, 12)::integer ORDER BY video_id) FROM thumbnail_webhooks WHERE due_at <= clock_timestamp() $$;
ALTER TABLE videos DISABLE TRIGGER USER;
-- Pairs: the first is due, the second not yet.
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at,
  thumbnail_generation_last_attempt_at, thumbnail_generation_next_attempt_at, thumbnail_generation_claim_token, thumbnail_generation_lease_until, created_at)
SELECT pg_temp.id(n), 'completed', 'http://x/' || n, state, attempts, now() - started, now() - started, now() - due, token, now() - lease, now() - created
  FROM (VALUES
    (1, 'processing', 1, interval '1 min', NULL, 1, interval '1 s', interval '1 day'), -- its lease is over
    (2, 'processing', 1, interval '1 min', NULL, 2, interval '-9 s', interval '1 day'),
    (3, 'processing', 1, interval '31 min', NULL, NULL, NULL, interval '1 day'), -- an old writer's
    (4, 'processing', 1, interval '29 min', NULL, NULL, NULL, interval '1 day'),
    (5, 'failed', 1, interval '1 min', interval '1 s', NULL, NULL, interval '1 day'), -- its time has come
    (6, 'failed', 1, interval '1 min', interval '-9 s', NULL, NULL, interval '1 day'),
    (7, 'failed', 2, interval '1 min', NULL, NULL, NULL, interval '1 day'), -- an old writer's, attempts left
    (8, 'failed', 3, interval '1 min', NULL, NULL, NULL, interval '1 day'),
    (9, 'pending', 0, NULL, NULL, NULL, NULL, interval '11 min'), -- never announced
    (10, 'pending', 0, NULL, NULL, NULL, NULL, interval '9 min'),
    (11, NULL, 0, NULL, NULL, NULL, NULL, interval '11 min'),
    (12, NULL, 0, NULL, NULL, NULL, NULL, interval '9 min'),
    (13, 'processing', 3, interval '1 min', NULL, 13, interval '1 s', interval '1 day')) -- lost for the third time
    AS v (n, state, attempts, started, due, token, lease, created);
INSERT INTO videos (id, status, video_url, created_at) VALUES (pg_temp.id(14), 'processing', 'http://x/14', now() - interval '1 day');
ALTER TABLE videos ENABLE TRIGGER USER;

CREATE TEMP TABLE poll AS SELECT * FROM thumbnails.enqueue_due(100, false);
SELECT is(pg_temp.taken(), ARRAY[1, 5], 'polling takes ended leases and times that have come');
SELECT is((SELECT (retried, lost)::text FROM poll), '(2,1)', 'and ends who was lost for the third time');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_error)::text FROM videos WHERE id = pg_temp.id(13)),
  '(failed,lost,"worker lost: the attempt ended without a result 3 times")', 'with a reason');
CREATE TEMP TABLE answer AS SELECT auto_retry_stuck_thumbnails() AS a;
SELECT is(pg_temp.taken(), ARRAY[1, 3, 5, 7, 9, 11], 'the hourly net takes what other programs left behind');
SELECT is((SELECT (a ->> 'success', a ->> 'retriedCount', a ->> 'skippedCount', a ->> 'lostCount', a ->> 'waitingCount')::text FROM answer), '(true,6,0,0,6)', 'and counts them');
SELECT matches((SELECT a ->> 'timestamp' FROM answer), '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$', 'its time is ISO 8601 with milliseconds and Z');
SELECT is((SELECT array_agg(thumbnail_generation_status ORDER BY id) FROM videos WHERE id IN (pg_temp.id(3), pg_temp.id(7), pg_temp.id(9), pg_temp.id(11))),
  ARRAY['pending', 'failed', 'pending', 'pending'], 'they are ordinary waiting rows now');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE text = 'found by the sweep'), 4::bigint, 'which the history tells');
SELECT is((SELECT count(*) FROM thumbnails.events), 5::bigint, 'each once');
SELECT is((SELECT count(*) FROM videos WHERE id = pg_temp.id(14) AND thumbnail_generation_status IS NULL), 1::bigint, 'an unfinished video is left alone');
CREATE TEMP TABLE before AS SELECT video_id, version FROM thumbnail_webhooks;
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT set_eq('SELECT video_id, version FROM thumbnail_webhooks', 'TABLE before', 'a second sweep leaves what is due already');
SELECT is((SELECT count(*) FROM thumbnails.events), 5::bigint, 'finds nothing new to tell');
-- One in delivery is not announced over the deliverer's head.
CREATE TEMP TABLE leased AS SELECT * FROM thumbnails.lease_webhooks(100, 60);
SELECT is((SELECT count(*) FROM leased), 6::bigint, 'all are delivered');
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT count(*) FROM thumbnail_webhooks w JOIN leased l USING (video_id, version) WHERE w.leased_until IS NOT NULL), 6::bigint, 'a sweep does not take them from their deliverer');
DELETE FROM videos;

-- Limits and answers.
UPDATE system_config SET value = 'off' WHERE key = 'auto_thumbnail_enabled';
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'off');
SELECT is((SELECT (a ->> 'success', a ->> 'skipped', a ->> 'reason')::text FROM auto_retry_stuck_thumbnails() AS a), '(true,true,"Auto thumbnail generation is disabled")', 'switched off');
SELECT is(batch_trigger_thumbnail_generation(5) ->> 'error', 'Auto thumbnail generation is disabled', 'for the batch, too');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(1)) ->> 'error', 'Auto thumbnail generation is disabled', 'and by hand');
DELETE FROM system_config WHERE key = 'auto_thumbnail_enabled';
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(99)) ->> 'error', 'Video not found', 'by hand: none');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(20), 'processing', 'http://x/20'), (pg_temp.id(21), 'completed', NULL);
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(22), 'completed', 'http://x/22', 'http://p/22');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(20)) ->> 'error', 'Video is not completed', 'by hand: not finished');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(21)) ->> 'error', 'Video URL is null', 'by hand: no URL');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(22)) ->> 'error', 'Thumbnail already exists', 'by hand: there is one');
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(30, 34) AS n;
DELETE FROM system_config WHERE key = 'service_role_key';
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(30)) ->> 'error', 'Missing configuration in system_config', 'by hand: no configuration');
SELECT is(thumbnails.missing_configuration(), 'Missing configuration in system_config: service_role_key', 'and which');
INSERT INTO system_config (key, value) VALUES ('service_role_key', 'placeholder');
SELECT is(thumbnails.setting('supabase_url'), 'http://127.0.0.1', 'setting: a value');
SELECT is(thumbnails.setting('nonsense'), NULL, 'setting: none');
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_attempts = 3, thumbnail_generation_error = 'x', thumbnail_generation_error_code = 'media',
  thumbnail_generation_next_attempt_at = NULL WHERE id = pg_temp.id(30);
DELETE FROM thumbnail_webhooks;
SELECT is((SELECT (a ->> 'success', a ->> 'videoId', a ->> 'message')::text FROM manually_trigger_thumbnail_generation(pg_temp.id(30)) AS a),
  format('(true,%s,"Thumbnail generation triggered")', pg_temp.id(30)), 'by hand: triggered');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_error)::text FROM videos WHERE id = pg_temp.id(30)), '(pending,0,)', 'the attempts start anew');
SELECT is(pg_temp.taken(), ARRAY[30], 'it is announced');
-- While a worker has it, it goes on, and this attempt is the first.
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(31), 30);
UPDATE videos SET thumbnail_generation_attempts = 3 WHERE id = pg_temp.id(31);
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(31)) ->> 'success', 'true', 'by hand: a video in work');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_claim_token)::text FROM videos WHERE id = pg_temp.id(31)),
  (SELECT format('(processing,1,%s)', token) FROM c), 'stays with its worker, as its first attempt');
-- The batch.
UPDATE videos SET thumbnail_generation_last_attempt_at = now() - interval '1 h' WHERE id = pg_temp.id(32);
UPDATE videos SET thumbnail_generation_last_attempt_at = now() - interval '2 h' WHERE id IN (pg_temp.id(30), pg_temp.id(33));
UPDATE videos SET thumbnail_generation_last_attempt_at = now() - interval '3 h' WHERE id = pg_temp.id(34);
CREATE TEMP TABLE batch AS SELECT batch_trigger_thumbnail_generation(3) AS a;
SELECT is((SELECT (a ->> 'success', a ->> 'processed', json_array_length(a -> 'results'))::text FROM batch), '(true,3,3)', 'batch: as many as asked for');
SELECT is((SELECT array_agg(right(r ->> 'videoId', 2) ORDER BY r ->> 'videoId') FROM batch, json_array_elements(a -> 'results') AS r), ARRAY['30', '33', '34'], 'batch: the longest waiting');
SELECT is((SELECT array_agg(DISTINCT r ->> 'success') FROM batch, json_array_elements(a -> 'results') AS r), ARRAY['true'], 'batch: each says how it went');
SELECT is(batch_trigger_thumbnail_generation(0) ->> 'processed', '0', 'batch: none');
SELECT is(batch_trigger_thumbnail_generation(-5) ->> 'processed', '0', 'batch: nor fewer than none');
SELECT is(batch_trigger_thumbnail_generation() ->> 'processed', '4', 'batch: ten by default, of those there are');
-- A setting that is no number does not stop the sweep.
INSERT INTO system_config (key, value) VALUES ('thumbnail_events_days', 'a month');
INSERT INTO thumbnails.events (video_id, to_status, at, xid) VALUES (pg_temp.id(30), 'pending', now() - interval '31 days', 1), (pg_temp.id(30), 'pending', now() - interval '29 days', 1);
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'an unusable setting does not stop the sweep');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE at < now() - interval '1 day'), 1::bigint, 'thirty days are kept instead');
SELECT * FROM finish();
ROLLBACK;
