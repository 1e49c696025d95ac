-- The views, and the figures in them.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(16);
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
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_started_at, thumbnail_generated_at)
VALUES ('completed', 'http://x/4', 'http://p/4', now() - interval '9 days', now()), ('completed', 'http://x/5', NULL, NULL, NULL);
UPDATE videos SET thumbnail_url = 'http://p/5', thumbnail_generation_started_at = now() - interval '9 days' WHERE video_url = 'http://x/5';
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), 15.00, 'pictures from outside do not bias the mean');
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_started_at, thumbnail_generated_at, thumbnail_metadata)
VALUES ('completed', 'http://x/6', 'http://p/6', 'completed', '-infinity', now(), '[]'), ('completed', 'http://x/7', 'http://p/7', 'completed', now(), 'infinity', '"text"'),
       ('completed', 'http://x/8', 'http://p/8', 'completed', NULL, now(), NULL);
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), 15.00, 'nor those with absurd times');
SELECT is((SELECT completed_count FROM thumbnail_generation_health), 7::bigint, 'though they are completed');
SELECT is((SELECT (failure_count, thumbnail_generation_error)::text FROM thumbnail_generation_failures),
  '(1,"the origin answered 404 (not found)")', 'failures by their text');
SELECT is((SELECT count(*) FROM videos_need_thumbnail_generation), 3::bigint, 'what has no thumbnail');
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_last_attempt_at)
VALUES ('completed', 'http://x/9', '', 'pending', 'infinity'), ('completed', 'http://x/10', 'data:image/svg+xml,x', 'pending', now() - interval '90 s'), ('processing', 'http://x/11', '', NULL, NULL);
SELECT is((SELECT count(*) FROM videos_need_thumbnail_generation), 5::bigint, 'nor is '''' one, or a placeholder');
SELECT is((SELECT needs_generation_count FROM thumbnail_generation_health), 5::bigint, 'as the health view says');
SELECT is((SELECT array_agg(minutes_since_last_attempt::text ORDER BY video_url) FROM videos_need_thumbnail_generation WHERE video_url IN ('http://x/10', 'http://x/9')), ARRAY['1.5', NULL],
  'minutes since the last attempt; none since an absurd time');
SELECT is((SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE (n.nspname = 'thumbnails' OR p.proname IN ('auto_retry_stuck_thumbnails', 'batch_trigger_thumbnail_generation',
                   'manually_trigger_thumbnail_generation')) AND p.prosrc ~* 'pg_sleep' AND NOT (p.proname = 'settle' AND p.prosrc ~ 'pg_sleep\(0\.0\d \* round\)')), 0::bigint,
  'fault 8: no function of ours sleeps, but for a moment in which another one shall have its turn at a row');
SELECT * FROM finish();
ROLLBACK;
