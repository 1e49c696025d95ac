BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(12);
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND tgfoid = 'old_work'::regproc), 0::bigint, 'the original''s triggers are gone, by their names');
SELECT lives_ok('INSERT INTO videos (title, status, video_url, created_at) VALUES (''added'', ''completed'', ''http://x/7'', now())', 'no old trigger fires');
SELECT function_returns('public', 'auto_retry_stuck_thumbnails', '{}'::name[], 'json');
SELECT function_returns('public', 'manually_trigger_thumbnail_generation', '{uuid}'::name[], 'json');
SELECT function_returns('public', 'batch_trigger_thumbnail_generation', '{integer}'::name[], 'json');
SELECT columns_are('public', 'thumbnail_generation_health', ARRAY['completed_count', 'failed_count', 'processing_count', 'pending_count',
  'needs_generation_count', 'success_rate_percent', 'avg_generation_time_seconds'], 'views that had other columns are replaced');
SELECT is((SELECT array_agg(concat_ws(' ', thumbnail_generation_status, thumbnail_metadata ->> 'source') ORDER BY title) FROM videos WHERE thumbnail_url IS NOT NULL),
  ARRAY['completed', 'completed backfill', 'completed backfill'], 'what has its thumbnail is completed');
SELECT is((SELECT thumbnail_metadata FROM videos WHERE title = 'completed'), '{"by": "original"}', 'what the original knew of it stays');
SELECT is((SELECT thumbnail_generation_error FROM videos WHERE title = 'failed without a word'), 'failed before this system, no reason was recorded', 'every failure says why');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE to_status = 'completed'), 0::bigint, 'a back-fill is no event');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), NULL, 'nor does it count in the mean');
SELECT is(auto_retry_stuck_thumbnails() ->> 'retriedCount', '3', 'the rest is set going, without a created_at, too');
SELECT * FROM finish();
ROLLBACK;
