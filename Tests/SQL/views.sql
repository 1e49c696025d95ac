-- The views, and the figures in them.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(11);
DELETE FROM videos;
SELECT columns_are('public', 'thumbnail_generation_health', ARRAY['completed_count', 'failed_count', 'processing_count', 'pending_count',
  'needs_generation_count', 'success_rate_percent', 'avg_generation_time_seconds'], 'columns of the health view');
SELECT columns_are('public', 'thumbnail_generation_failures', ARRAY['thumbnail_generation_error', 'failure_count', 'last_occurrence',
  'recent_video_ids'], 'columns of the failures view');
SELECT columns_are('public', 'videos_need_thumbnail_generation', ARRAY['id', 'title', 'video_url', 'status', 'thumbnail_url',
  'thumbnail_generation_status', 'thumbnail_generation_error', 'thumbnail_generation_attempts', 'thumbnail_generation_last_attempt_at',
  'minutes_since_last_attempt', 'created_at'], 'columns of the waiting view');
SELECT is((SELECT success_rate_percent FROM thumbnail_generation_health), NULL, 'no rate where nothing has ended');
INSERT INTO videos (status, video_url, thumbnail_generation_status) VALUES ('completed', 'http://x/p', 'processing');
INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/w');
SELECT is((SELECT success_rate_percent FROM thumbnail_generation_health), NULL, 'fault 14: rows in flight are no failures');
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_started_at, thumbnail_generated_at)
VALUES ('completed', 'http://x/1', 'http://p/1', 'completed', now() - interval '10 s', now()),
       ('completed', 'http://x/2', 'http://p/2', 'completed', now() - interval '20 s', now());
INSERT INTO videos (status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)
VALUES ('completed', 'http://x/3', 'failed', 'the origin answered 404 (not found)', 'source');
SELECT is((SELECT success_rate_percent FROM thumbnail_generation_health), 66.67, 'success rate over what has ended');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), 15.00, 'mean over rows we generated');
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_started_at, thumbnail_generated_at, thumbnail_metadata)
VALUES ('completed', 'http://x/4', 'http://p/4', 'completed', now() - interval '9 days', now(), '{"source": "backfill"}');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), 15.00, 'fault 14: rows that were back-filled do not bias the mean');
SELECT is((SELECT (failure_count, thumbnail_generation_error)::text FROM thumbnail_generation_failures),
  '(1,"the origin answered 404 (not found)")', 'failures by their text');
SELECT is((SELECT count(*) FROM videos_need_thumbnail_generation), 3::bigint, 'what has no thumbnail');
SELECT is((SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE (n.nspname = 'thumbnails' OR p.proname IN ('auto_retry_stuck_thumbnails', 'batch_trigger_thumbnail_generation',
                   'manually_trigger_thumbnail_generation')) AND p.prosrc ~* 'pg_sleep'), 0::bigint, 'fault 8: no function of ours sleeps');
SELECT * FROM finish();
ROLLBACK;
