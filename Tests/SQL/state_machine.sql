-- The state machine and the faults of the original that live in SQL.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(31);
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;

SELECT throws_ok($$ INSERT INTO videos (status, thumbnail_generation_status) VALUES ('completed', 'nonsense') $$, '23514', NULL,
  'fault 1: the CHECK rejects other words');
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000001', 'completed', 'http://x/1.mp4');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 'pending',
  'faults 2 and 16: a row inserted finished is pending');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = '00000000-0000-4000-8000-000000000001'), 1::bigint,
  'fault 3: one announcement');
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000002', 'processing', 'http://x/2.mp4');
UPDATE videos SET status = 'completed' WHERE id = '00000000-0000-4000-8000-000000000002';
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000002'), 'pending',
  'fault 15: an update to finished is noticed');
INSERT INTO videos (id, status) VALUES ('00000000-0000-4000-8000-000000000003', 'completed');
SELECT is((SELECT thumbnail_generation_error FROM videos WHERE id = '00000000-0000-4000-8000-000000000003'), 'Video URL is null',
  'a finished row without URL says so');

CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30);
SELECT is((SELECT outcome FROM c), 'claimed', 'a due row is claimed');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30)), 'busy', 'fault 7: one claim at a time');
SELECT ok(thumbnails.renew('00000000-0000-4000-8000-000000000001', (SELECT token FROM c), 30), 'the holder renews');
SELECT ok(NOT thumbnails.renew('00000000-0000-4000-8000-000000000001', (SELECT token FROM c) + 1000, 30), 'nobody else does');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_claim_token = thumbnail_generation_claim_token - 1 WHERE id = '00000000-0000-4000-8000-000000000001' $$,
  '23514', NULL, 'a token never goes back');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_claim_token = NULL WHERE id = '00000000-0000-4000-8000-000000000001' $$,
  '23514', NULL, 'token and lease belong together');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_status = 'failed' WHERE id = '00000000-0000-4000-8000-000000000001' $$,
  '23514', NULL, 'only a row in work holds a claim');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_status = 'completed', thumbnail_generation_claim_token = NULL, thumbnail_generation_lease_until = NULL
  WHERE id = '00000000-0000-4000-8000-000000000001' $$, '23514', NULL, 'nobody completes it without a picture');
SELECT is((SELECT outcome FROM thumbnails.fail('00000000-0000-4000-8000-000000000001', (SELECT token FROM c), 'source', 'origin', true)),
  'ok', 'a failure is recorded');
SELECT is((SELECT outcome FROM thumbnails.fail('00000000-0000-4000-8000-000000000001', (SELECT token FROM c), 'source', 'origin', true)),
  'already', 'a repeated one is recognised');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30)), 'not_due', 'it waits for its next attempt');
UPDATE videos SET thumbnail_generation_next_attempt_at = now() - interval '1 second' WHERE id = '00000000-0000-4000-8000-000000000001';
CREATE TEMP TABLE d AS SELECT * FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30);
SELECT is((SELECT attempt FROM d), 2, 'the second attempt is counted');
SELECT is(thumbnails.complete('00000000-0000-4000-8000-000000000001', (SELECT token FROM c), 'http://p/a.jpg', 'thumbnails/a', '{}'),
  'fenced', 'fault 7: a late result of the first claim is refused');
SELECT is(thumbnails.complete('00000000-0000-4000-8000-000000000001', (SELECT token FROM d), 'http://p/b.jpg', 'thumbnails/b', '{}'),
  'ok', 'the holder''s result is accepted');
SELECT is(thumbnails.complete('00000000-0000-4000-8000-000000000001', (SELECT token FROM d), 'http://p/b.jpg', 'thumbnails/b', '{}'),
  'already', 'once');
SELECT is((SELECT thumbnail_generation_error FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), NULL,
  'fault 18: no error text survives success');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30)), 'completed', 'a repeated webhook does no work');

INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at)
VALUES ('00000000-0000-4000-8000-000000000004', 'completed', 'http://x/4.mp4', 'processing', 3, now() - interval '31 minutes'),
       ('00000000-0000-4000-8000-000000000005', 'completed', 'http://x/5.mp4', 'failed', 1, now() - interval '2 hours');
SELECT is((auto_retry_stuck_thumbnails() ->> 'success')::boolean, true, 'the sweep runs');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000004'), 'pending',
  'fault 5: processing with three attempts is no dead end');
SELECT is((SELECT count(*) FROM thumbnail_webhooks WHERE video_id = '00000000-0000-4000-8000-000000000005'), 1::bigint,
  'fault 6: a failed video is announced without further conditions');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000005', 30)), 'claimed', 'and can be claimed');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-0000000000ff') ->> 'error', 'Video not found', 'manual: not found');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000003') ->> 'error', 'Video URL is null', 'manual: no URL');
-- As of transactions that ended long ago.
INSERT INTO thumbnails.events (video_id, to_status, at, xid) VALUES ('00000000-0000-4000-8000-000000000009', 'completed', now() - interval '31 days', 1),
  ('00000000-0000-4000-8000-000000000009', 'completed', now() - interval '29 days', 1);
SELECT auto_retry_stuck_thumbnails() \gset sweep_
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = '00000000-0000-4000-8000-000000000009'), 1::bigint, 'the sweep prunes events after thirty days');
INSERT INTO system_config (key, value) VALUES ('thumbnail_events_days', '7');
SELECT auto_retry_stuck_thumbnails() \gset sweep_
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = '00000000-0000-4000-8000-000000000009'), 0::bigint, 'or as system_config says');
SELECT is((SELECT count(*) FROM pg_proc WHERE proname = 'auto_retry_stuck_thumbnails'), 1::bigint, 'fault 19: the check query works');
SELECT * FROM finish();
ROLLBACK;
