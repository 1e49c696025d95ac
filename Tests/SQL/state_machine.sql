-- The state machine and the faults of the original that live in SQL.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(46);
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.state(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.hints(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.inbox WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;

SELECT throws_ok($$ INSERT INTO videos (status, thumbnail_generation_status) VALUES ('completed', 'nonsense') $$, '23514', NULL,
  'fault 1: the CHECK rejects other words');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1.mp4');
SELECT is(pg_temp.state(1), 'pending', 'faults 2 and 16: a row inserted finished is pending');
SELECT is(pg_temp.hints(1), 1::bigint, 'fault 3: one hint');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(2), 'processing', 'http://x/2.mp4');
SELECT is(pg_temp.hints(2), 0::bigint, 'a row that is not finished gives none');
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(2);
SELECT is(pg_temp.state(2), 'pending', 'fault 15: an update to finished is noticed');
SELECT is(pg_temp.hints(2), 1::bigint, 'once');
ALTER TABLE videos ALTER status DROP NOT NULL;
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(6), NULL, 'http://x/6.mp4');
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(6);
SELECT is(pg_temp.state(6) || pg_temp.hints(6), 'pending1', 'fault 15: also from no status at all');
INSERT INTO videos (id, status) VALUES (pg_temp.id(3), 'completed');
SELECT is(thumbnails.merge(100), 4, 'the hints are merged');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(3)),
  '(failed,"Video URL is null",media)', 'a finished row without URL says so');
SELECT is((SELECT array_agg(right(video_id::text, 1) ORDER BY video_id) FROM thumbnails.jobs), ARRAY['1', '2', '6'], 'the others have one job each');

CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT is((SELECT outcome FROM c), 'claimed', 'a due row is claimed');
SELECT is(pg_temp.state(1), 'processing', 'and says so');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'busy', 'fault 7: one claim at a time');
SELECT ok(thumbnails.renew(pg_temp.id(1), (SELECT token FROM c), 60), 'the holder renews');
SELECT ok((pg_temp.job(1)).due_at > clock_timestamp() + interval '59 s', 'its lease');
SELECT ok(NOT thumbnails.renew(pg_temp.id(1), (SELECT token FROM c) + 1000, 600), 'nobody else does');
SELECT ok((pg_temp.job(1)).due_at < clock_timestamp() + interval '61 s', 'and changes nothing');
-- The row shows the state, it does not hold it: whoever overwrites it takes no job from its worker.
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_attempts = 3, thumbnail_generation_error = 'x', thumbnail_generation_error_code = 'media'
 WHERE id = pg_temp.id(1);
UPDATE videos SET thumbnail_generation_status = 'completed' WHERE id = pg_temp.id(1);
SELECT thumbnails.merge(100) \g /dev/null
SELECT is(((pg_temp.job(1)).token, (pg_temp.job(1)).attempts)::text, (SELECT format('(%s,1)', token) FROM c), 'a state written over it takes no job from its worker');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'busy', 'who still has it');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), (SELECT token FROM c), 'source', 'origin', true)), 'ok', 'a failure is recorded');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts)::text FROM videos WHERE id = pg_temp.id(1)),
  '(failed,origin,source,1)', 'on the row, with nothing of what stood there');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), (SELECT token FROM c), 'source', 'origin', true)), 'already', 'a repeated one is recognised');
SELECT is((pg_temp.job(1)).attempts, 1::smallint, 'and counts once');
SELECT ok(NOT thumbnails.renew(pg_temp.id(1), (SELECT token FROM c), 30), 'what has ended is not renewed');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(not_due,origin)', 'it waits for its next attempt');
SELECT ok((SELECT retry_after_seconds BETWEEN 50 AND 120 FROM thumbnails.claim(pg_temp.id(1), 30)), 'a minute or two');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 second' WHERE video_id = pg_temp.id(1);
CREATE TEMP TABLE d AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT is((SELECT attempt FROM d), 2, 'the second attempt is counted');
SELECT is(thumbnails.complete(pg_temp.id(1), (SELECT token FROM c), 'http://p/a.jpg', 'thumbnails/a', '{}'),
  'fenced', 'fault 7: a late result of the first claim is refused');
SELECT is(thumbnails.complete(pg_temp.id(1), (SELECT token FROM d), 'http://p/b.jpg', 'thumbnails/b', '{}'),
  'ok', 'the holder''s result is accepted');
SELECT is(thumbnails.complete(pg_temp.id(1), (SELECT token FROM d), 'http://p/b.jpg', 'thumbnails/b', '{}'), 'already', 'once');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), (SELECT token FROM d), 'source', 'late', false)), 'fenced', 'fault 7: a late failure overwrites nothing');
SELECT is((SELECT (thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(1)),
  '(http://p/b.jpg,completed,,)', 'fault 18: no error text survives success');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(completed,http://p/b.jpg)', 'a repeated webhook does no work');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(1)), 0::bigint, 'nor makes any');

INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at)
VALUES (pg_temp.id(4), 'completed', 'http://x/4.mp4', 'processing', 3, now() - interval '31 minutes'),
       (pg_temp.id(5), 'completed', 'http://x/5.mp4', 'failed', 1, now() - interval '2 hours');
SELECT is((auto_retry_stuck_thumbnails() ->> 'success')::boolean, true, 'the sweep runs');
SELECT is(pg_temp.state(4), 'pending', 'fault 5: processing with three attempts is no dead end');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(4), pg_temp.id(5)) AND due_at <= clock_timestamp()), 2::bigint,
  'fault 6: a failed video is queued without further conditions');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(n), 30)), 'claimed', 'and can be claimed: ' || n) FROM unnest(ARRAY[4, 5]) AS n;
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(99)) ->> 'error', 'Video not found', 'manual: not found');
SELECT is(thumbnails.start_anew(pg_temp.id(99), 0), false, 'manual: gone while it was looked at');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(99)), 0::bigint, 'manual: and nothing is said of it');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(3)) ->> 'error', 'Video URL is null', 'manual: no URL');
-- As of transactions that ended long ago.
UPDATE thumbnails.positions SET pruned_before = NULL;
INSERT INTO thumbnails.events (video_id, to_status, at, xid) VALUES (pg_temp.id(9), 'completed', now() - interval '31 days', 1),
  (pg_temp.id(9), 'completed', now() - interval '29 days', 1);
SELECT auto_retry_stuck_thumbnails() \gset sweep_
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(9)), 1::bigint, 'the sweep prunes events after thirty days');
INSERT INTO system_config (key, value) VALUES ('thumbnail_events_days', '7');
SELECT auto_retry_stuck_thumbnails() \gset sweep_
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(9)), 0::bigint, 'or as system_config says');
SELECT is((SELECT count(*) FROM pg_proc WHERE proname = 'auto_retry_stuck_thumbnails'), 1::bigint, 'fault 19: the check query works');
SELECT * FROM finish();
ROLLBACK;
