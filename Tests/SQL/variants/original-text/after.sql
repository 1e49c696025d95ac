BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(20);
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND tgfoid = 'old_work'::regproc), 0::bigint, 'the original''s triggers are gone, by what they call');
SELECT has_trigger('videos', 'trigger_generate_thumbnail', 'the platform''s own stays, though it has such a name and talks of it');
SELECT is((SELECT count(*) FROM notices), 0::bigint, 'the migration has not fired it');
SELECT lives_ok('INSERT INTO videos (title, status, video_url, created_at) VALUES (''added'', ''completed'', ''http://x/7'', now())', 'no old trigger fires');
SELECT is((SELECT array_agg(title) FROM notices), ARRAY['added'], 'the platform''s own does');
SELECT function_returns('public', 'auto_retry_stuck_thumbnails', '{}'::name[], 'json');
SELECT function_returns('public', 'manually_trigger_thumbnail_generation', '{uuid}'::name[], 'json');
SELECT function_returns('public', 'batch_trigger_thumbnail_generation', '{integer}'::name[], 'json');
SELECT columns_are('public', 'thumbnail_generation_health', ARRAY['completed_count', 'failed_count', 'processing_count', 'pending_count',
  'needs_generation_count', 'success_rate_percent', 'avg_generation_time_seconds'], 'views that had other columns are replaced');
SELECT is((SELECT array_agg(v.title || ' ' || i.reason ORDER BY v.title) FROM thumbnails.inbox i JOIN videos v ON v.id = i.video_id), ARRAY['added finished', 'failed with its thumbnail found', 'waiting with its thumbnail found'],
  'what has its thumbnail and does not say so is in the inbox, once');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE title = 'waiting with its thumbnail'), 'pending', 'and as it was');
SELECT is(thumbnails.merge(10), 3, 'it is merged');
SELECT is((SELECT array_agg((thumbnail_generation_status, thumbnail_generation_error, thumbnail_url)::text ORDER BY title) FROM videos WHERE thumbnail_url IS NOT NULL),
  ARRAY['(completed,,http://p/3.jpg)', '(completed,,http://p/2.jpg)', '(completed,,http://p/1.jpg)'], 'what has its thumbnail is completed');
SELECT is((SELECT array_agg(v.title) FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id), ARRAY['added'], 'and no work');
SELECT is((SELECT thumbnail_metadata FROM videos WHERE title = 'completed'), '{"by": "original"}', 'what the original knew of it stays');
SELECT is(thumbnails.look() #>> '{failures,0,error}', 'failed before this system, no reason was recorded', 'every failure says why');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE to_status = 'completed'), 0::bigint, 'which is no event');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), NULL, 'nor does it count in the mean');
SELECT is(auto_retry_stuck_thumbnails() ->> 'retriedCount', '3', 'the rest is set going, without a created_at, too');
SELECT is((SELECT array_agg(v.title ORDER BY v.title) FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE j.due_at <= clock_timestamp()),
  ARRAY['added', 'completed without', 'failed without a word', 'new'], 'all of it');
SELECT * FROM finish();
ROLLBACK;
