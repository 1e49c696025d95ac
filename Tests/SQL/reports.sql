-- What the report, the metrics and the status page are told.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(80);
DELETE FROM videos;
SELECT thumbnails.merge(1000) \g /dev/null
DELETE FROM thumbnails.events;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.look() RETURNS jsonb LANGUAGE sql AS $$ SELECT thumbnails.look() $$;
CREATE FUNCTION pg_temp.queue(VARIADIC fields text[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(thumbnails.look() -> 'queue' ->> f, ' ' ORDER BY o) FROM unnest(fields) WITH ORDINALITY AS u (f, o) $$;
SELECT is(pg_temp.look() #>> '{health,successRatePercent}', NULL, 'nothing ended: no rate');
SELECT is(pg_temp.look() -> 'failures', '[]', 'no failures');
SELECT is(pg_temp.look() ->> 'lastSweep', NULL, 'no sweep yet');
SELECT is((pg_temp.look() ->> 'missingConfiguration'), 'Missing configuration in system_config: thumbnail_handlers_url / supabase_url, webhook_secret / service_role_key', 'what is missing');
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
SELECT is(pg_temp.look() ->> 'missingConfiguration', NULL, 'nothing is missing');
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, title, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
  thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, created_at)
VALUES (pg_temp.id(1), 'completed', 'done', 'https://u:p@origin.example:8443/a.mp4?sig=secret', 'http://p/1', 'completed', NULL, NULL, 1, now() - interval '10 s', now(), now(), now() - interval '1 d'),
       (pg_temp.id(2), 'completed', 'gone', 'http://x/2', NULL, 'failed', 'the origin answered 404 (not found)', 'source', 3, now(), now() - interval '3 min', NULL, now() - interval '1 d'),
       (pg_temp.id(3), 'completed', 'gone too', 'http://x/3', NULL, 'failed', 'the origin answered 404 (not found)', 'source', 1, now(), now() - interval '2 min', NULL, now() - interval '1 d'),
       (pg_temp.id(4), 'completed', 'odd', 'http://x/4', NULL, 'failed', 'no video stream', 'media', 1, now(), now() - interval '4 min', NULL, now() - interval '1 d'),
       (pg_temp.id(5), 'completed', 'lost', 'http://x/5', NULL, 'processing', NULL, NULL, 1, now() - interval '3 h', now() - interval '3 h', NULL, now() - interval '1 d'),
       (pg_temp.id(6), 'completed', 'at work', 'http://x/6', NULL, 'processing', NULL, NULL, 1, now(), now(), NULL, now() - interval '1 d'),
       (pg_temp.id(7), 'completed', 'held', 'http://x/7', NULL, 'pending', 'the store answered 403', 'storage', 0, now(), now(), NULL, now() - interval '1 d'),
       (pg_temp.id(8), 'completed', 'left behind', 'http://x/8', NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, now() - interval '1 d'),
       (pg_temp.id(9), 'processing', 'not finished', 'http://x/9', NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, now() - interval '1 d');
INSERT INTO thumbnails.jobs (video_id, lane, due_at, attempts, releases, token, claimed_at, source_url)
VALUES (pg_temp.id(3), 1, now() + interval '1 min', 1, 0, NULL, NULL, 'http://x/3'), (pg_temp.id(5), 0, now() - interval '2 h', 1, 0, 7, now() - interval '3 h', 'http://x/5'),
       (pg_temp.id(6), 0, now() + interval '1 h', 1, 0, 8, now(), 'http://x/6'), (pg_temp.id(7), 0, now() + interval '1 h', 0, 3, NULL, NULL, 'http://x/7');
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT is((SELECT (h ->> 'completedCount', h ->> 'failedCount', h ->> 'processingCount', h ->> 'pendingCount', h ->> 'needsGenerationCount', h ->> 'successRatePercent', h ->> 'avgGenerationTimeSeconds')::text
             FROM pg_temp.look() AS s, jsonb_extract_path(s, 'health') AS h), '(1,3,2,1,7,25.00,10.00)', 'the figures are those of the view');
SELECT is((SELECT h::text FROM thumbnail_generation_health AS h), '(1,3,2,1,7,25.00,10.00)', 'which are these');
SELECT is((SELECT (f ->> 'error', f ->> 'class', f ->> 'count', f ->> 'exhausted', f ->> 'restartable')::text FROM jsonb_extract_path(pg_temp.look(), 'failures', '0') AS f),
  '("the origin answered 404 (not found)",source,2,1,2)', 'failures by reason, the most frequent first');
SELECT is(pg_temp.look() #>> '{failures,0,videoIds,0}', pg_temp.id(3)::text, 'the latest first');
SELECT is(pg_temp.look() -> 'failedClasses', '[{"class": "media", "retried": 0, "exhausted": 1, "restartable": 1}, {"class": "source", "retried": 1, "exhausted": 1, "restartable": 2}]', 'failures by class');
SELECT is(pg_temp.look() -> 'held', '{"storage": 1}', 'held for a fault that is not theirs');
SELECT is(pg_temp.queue('due', 'leased', 'later', 'kept', 'overAnHour', 'expiredLeases'), '1 1 2 0 1 1', 'the queue: due, at work, later, kept; due for more than an hour; leases that ended');
SELECT ok((pg_temp.look() #>> '{queue,oldestDueSeconds}')::numeric BETWEEN 7200 AND 7300, 'how long the oldest has been due');
SELECT is((SELECT (n ->> 'count')::integer FROM thumbnails.next_sweep(10) AS n), 2, 'the dry run: how many');
SELECT is((SELECT jsonb_agg(v -> 'reason') FROM jsonb_array_elements(thumbnails.next_sweep(10) -> 'videos') AS v), '["left_behind", "lease_over"]', 'why, the longest waiting first');
SELECT is((SELECT jsonb_array_length(n -> 'videos') FROM thumbnails.next_sweep(1) AS n), 1, 'as many as asked for');
SELECT is((SELECT jsonb_array_length(n -> 'videos') FROM thumbnails.next_sweep(-1) AS n), 0, 'no fewer than none');
SELECT is((SELECT r #>> '{nextSweep,count}' || ' ' || jsonb_array_length(r #> '{nextSweep,videos}') || ' ' || jsonb_array_length(r -> 'failures') || ' ' || (r ->> 'failureReasons')
             || ' ' || (r ->> 'exhaustedCount') || ' ' || (r ->> 'restartableCount') FROM thumbnails.report(thumbnails.look(), 1) AS r), '2 1 1 2 2 3', 'the report cuts its lists, not its counts');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(thumbnails.report(thumbnails.look(), 1)) AS k WHERE k IN ('failed', 'totals', 'histogramBounds')), NULL, 'and leaves the counters to the metrics');
SELECT is((SELECT count(*) FROM thumbnails.inbox) + (SELECT count(*) FROM thumbnails.jobs), 4::bigint, 'a dry run puts nothing into the queue');
-- As on a standby.
SAVEPOINT looking;
SET LOCAL transaction_read_only = on;
SELECT lives_ok(q, 'what only looks writes nothing: ' || q) FROM unnest(ARRAY['SELECT thumbnails.report(thumbnails.look(), 10)', 'SELECT thumbnails.history(24)', 'SELECT thumbnails.timeline(pg_temp.id(1))',
  'SELECT thumbnails.find_videos(''{}'', NULL, NULL, NULL, 5), thumbnails.find_videos(''{"state": "failed"}'', NULL, NULL, NULL, 5), thumbnails.act(''dismiss'', ''{}'', 0, NULL, NULL)', 'SELECT * FROM thumbnail_generation_health, thumbnail_generation_failures',
  'SELECT * FROM thumbnails.list_deletions(5)', 'SELECT * FROM thumbnails.list_orphans(ARRAY[''thumbnails/x'']::text[])', 'SELECT thumbnails.collector_position()']) AS q;
ROLLBACK TO looking;
CREATE TEMP TABLE swept AS SELECT auto_retry_stuck_thumbnails() AS a;
SELECT is((SELECT a ->> 'retriedCount' FROM swept), '2', 'the sweep does what the dry run said');
SELECT is((pg_temp.look() #>> '{lastSweep,retriedCount}')::integer, 2, 'and is noted');
SELECT ok((pg_temp.look() #>> '{lastSweep,epoch}')::numeric BETWEEN extract(epoch FROM now()) - 1 AND extract(epoch FROM clock_timestamp()) + 1, 'with its time');
SELECT is(pg_temp.queue('due'), '2', 'the queue');
INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', 'b', 6, '{}', now() + interval '1 min', repeat('x', 300)), ('configuration', 'a', 2, '{}', NULL, 'y');
SELECT is((SELECT jsonb_agg(b - '{openUntil,lastError}'::text[] || jsonb_build_object('length', length(b ->> 'lastError'))) FROM jsonb_array_elements(pg_temp.look() -> 'breakers') AS b),
  '[{"class": "configuration", "host": "a", "faults": 2, "open": false, "length": 1}, {"class": "storage", "host": "b", "faults": 6, "open": true, "length": 200}]', 'breakers, by class and host');
DELETE FROM thumbnails.breakers;

-- One video's life.
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(8), 30);
SELECT is(thumbnails.complete(pg_temp.id(8), (SELECT token FROM c), 'http://p/8.jpg', 'thumbnails/8',
  '{"timestampSeconds": 4.2, "bytesFetched": 300000, "requests": 3, "stagesMs": {"fetch": 12}, "width": 960}'), 'ok', 'a result');
CREATE TEMP TABLE life AS SELECT thumbnails.timeline(pg_temp.id(8)) AS t;
SELECT is((SELECT jsonb_agg(e ->> 'to') FROM life, jsonb_array_elements(t -> 'events') AS e), '["completed", "processing", "pending"]', 'its events, the latest first');
SELECT is((SELECT t #> '{events,0,detail}' FROM life), '{"requests": 3, "stagesMs": {"fetch": 12}, "bytesFetched": 300000, "timestampSeconds": 4.2}', 'what the attempt cost');
SELECT is((SELECT t #>> '{metadata,width}' FROM life), '960', 'its metadata');
SELECT is(thumbnails.shown_metadata('{"width": 960, "codec": {"a": 1}, "videoUrl": "http://x/?sig=1", "stagesMs": {"fetch": 1}, "rejected": {"dark": "x"}, "height": "540"}'),
  '{"width": 960, "stagesMs": {"fetch": 1}}', 'of metadata what is known, by name and type');
SELECT is(thumbnails.timeline(pg_temp.id(99)), NULL, 'no such video');
SELECT is(thumbnails.timeline(pg_temp.id(1)) ->> 'sourceHost', 'origin.example:8443', 'of the video''s URL only the host is shown');
SELECT unalike(thumbnails.timeline(pg_temp.id(1))::text, '%secret%', 'not what signs it');
SELECT unalike(thumbnails.timeline(pg_temp.id(1))::text, '%u:p%', 'nor who may read it');

-- Lists.
CREATE FUNCTION pg_temp.listed(p_state text, p_limit integer DEFAULT 50) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(right(v ->> 'id', 1), '' ORDER BY position) FROM jsonb_array_elements(thumbnails.find_videos(jsonb_strip_nulls(jsonb_build_object('state', p_state)), NULL, NULL, NULL, p_limit) -> 'videos') WITH ORDINALITY AS l (v, position) $$;
SELECT is(pg_temp.listed('failed'), '324', 'failed, the latest first');
SELECT is(pg_temp.listed('failed', 2), '32', 'as many as asked for');
SELECT is(pg_temp.listed('processing'), '65', 'in work');
SELECT is(pg_temp.listed('pending'), '7', 'waiting');
SELECT is(pg_temp.listed('completed'), '81', 'completed: those with a history, then the others');
SELECT is(pg_temp.listed(NULL), '8123456' || '7', 'something happened to; then the others');
INSERT INTO thumbnails.events (video_id, to_status, at) SELECT gen_random_uuid(), 'completed', clock_timestamp() FROM generate_series(1, 500);
SELECT is(pg_temp.listed('completed', 1), '8', 'videos that are gone hide none');
SELECT is(thumbnails.shown_url(u), CASE WHEN position('keep' IN u) > 0 THEN u END, 'a URL as it is shown: ' || left(u, 40)) FROM unnest(ARRAY[
  'https://p/keep.jpg', 'https://p/keep.jpg?v=2', 'https://p/a.jpg?token=x', 'https://p/a.jpg?v=1&X-Amz-Signature=x', 'https://u:p@p/a.jpg',
  'data:image/svg+xml,x', 'data:image/png;base64,' || repeat('x', 3000)]) AS u;

-- Hours.
SELECT is(jsonb_array_length(thumbnails.history(24)), 24, 'one element an hour');
SELECT is((SELECT (h ->> 'completed', h ->> 'announced', h ->> 'failed')::text FROM jsonb_extract_path(thumbnails.history(24), '23') AS h), '(1,1,0)', 'the current one last');
SELECT is((SELECT sum((h ->> 'completed')::integer) FROM jsonb_array_elements(thumbnails.history(168)) AS h), 1::bigint, 'seven days');
SELECT is((SELECT (t ->> 'attempts', t ->> 'completed', t ->> 'bytes', t #>> '{le,60}')::text FROM thumbnails.totals() AS t), '(1,1,300000,1)', 'the counters');
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, class) VALUES (gen_random_uuid(), 'processing', 'processing', 1, 'lost');
SELECT is((SELECT (t ->> 'attempts', t #>> '{failed,lost}')::text FROM thumbnails.totals() AS t), '(2,1)', 'an attempt whose worker was lost has failed');

-- Starting failed ones again.
CREATE FUNCTION pg_temp.retry_failed(p_limit integer, p_error text DEFAULT NULL, p_before timestamptz DEFAULT NULL, p_class text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
  SELECT thumbnails.act('retry', jsonb_strip_nulls(jsonb_build_object('state', 'failed', 'reason', p_error, 'class', p_class)), p_limit, p_before, NULL) $$;
SELECT is(pg_temp.retry_failed(10, 'no video stream', NULL, 'source') ->> 'processed', '0', 'those of one reason and class');
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code) VALUES (pg_temp.id(10), 'completed', ' ', 'failed', 'Video URL is null', 'media');
SELECT is(pg_temp.retry_failed(10, 'Video URL is null') - 'before', '{"success": true, "processed": 0, "remaining": 0}', 'none that has no URL');
DELETE FROM videos WHERE id = pg_temp.id(10);
SELECT is(pg_temp.retry_failed(10, 'no video stream', NULL, 'media') - 'before', '{"success": true, "processed": 1, "remaining": 0}', 'those of one reason');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(4)), 'pending', 'they wait again');
CREATE TEMP TABLE first_batch AS SELECT pg_temp.retry_failed(1) AS a;
SELECT is((SELECT a - 'before' FROM first_batch), '{"success": true, "processed": 1, "remaining": 1}', 'as many as asked for');
-- The first fails again at once: who goes on with the rest does not meet it.
CREATE TEMP TABLE again AS SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
SELECT is((SELECT f.outcome FROM again, thumbnails.fail(pg_temp.id(2), token, 'media', 'no video stream', false) AS f), 'ok', 'one fails again');
SELECT is((SELECT pg_temp.retry_failed(1000, NULL, (a ->> 'before')::timestamptz) - 'before' FROM first_batch),
  '{"success": true, "processed": 1, "remaining": 0}', 'the rest, each once');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(2)), 'failed', 'not the one that failed again');
UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled';
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false') ON CONFLICT (key) DO UPDATE SET value = 'false';
SELECT is(pg_temp.retry_failed(10) ->> 'error', 'Auto thumbnail generation is disabled', 'nothing while it is switched off');
SELECT is(pg_temp.look() ->> 'enabled', 'false', 'which is said');
SELECT is(auto_retry_stuck_thumbnails() ->> 'skipped', 'true', 'the sweep does nothing either');
SELECT is(pg_temp.look() #>> '{lastSweep,retriedCount}', '0', 'but it is noted that it ran');
-- What other programs may have written stops neither the report nor the sweep.
UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled';
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, title, video_url, created_at, thumbnail_metadata) VALUES
  (pg_temp.id(40), 'completed', NULL, 'http://x/40', '-infinity', '[]'), (pg_temp.id(41), 'completed', E'a\nb"\\', 'no url', 'infinity', '"text"'),
  (pg_temp.id(42), 'completed', repeat('t', 1000000), 'http://' || repeat('h', 1000000) || '/', now(), '{}');
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = E'\t"quoted"\\ ' || repeat('字', 400) WHERE id = pg_temp.id(41);
ALTER TABLE videos ENABLE TRIGGER USER;
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, duration, detail) VALUES (pg_temp.id(40), 'processing', 'completed', 1, '1 s', '{"bytesFetched": "many"}');
SELECT cmp_ok(length(thumbnails.timeline(pg_temp.id(42))::text), '<', 3000, 'a title or a host of a million characters makes no page long');
SELECT lives_ok($$SELECT pg_temp.look()$$, 'a look');
SELECT lives_ok($$SELECT thumbnails.report(thumbnails.look(), 200)$$, 'a report');
SELECT lives_ok($$SELECT pg_temp.listed('failed', 10), pg_temp.listed('pending', 10), pg_temp.listed(NULL, 10)$$, 'lists');
SELECT is(thumbnails.timeline(pg_temp.id(41)) -> 'metadata', '{}', 'metadata that is no object');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'a sweep');
SELECT is(pg_temp.retry_failed(10, (SELECT f ->> 'error' FROM jsonb_array_elements(pg_temp.look() -> 'failures') AS f WHERE f ->> 'error' LIKE '%quoted%')) ->> 'processed', '1',
  'a reason that was cut off finds its videos');
SELECT * FROM finish();
ROLLBACK;
