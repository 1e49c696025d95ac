BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(10);
SELECT hasnt_trigger('videos', 'trigger_auto_generate_thumbnail', 'the original''s trigger is gone');
SELECT has_trigger('videos', 'touch_updated_at', 'the platform''s own one stays');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_status = 'nonsense' WHERE title = 'done' $$, '23514', NULL,
  'fault 1: the CHECK that rejects nothing is replaced');
SELECT lives_ok($$ INSERT INTO videos (title, status, video_url) VALUES ('new', 'completed', 'http://x/7') $$, 'status as an enum works');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE title = 'new'), 'pending', 'a new video is announced');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_metadata ->> 'source')::text FROM videos WHERE title = 'done'), '(completed,backfill)',
  'an old thumbnail is back-filled and marked');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), NULL, 'fault 14: which gives no mean');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep runs');
SELECT is((SELECT array_agg(v.title ORDER BY v.title) FROM videos v JOIN thumbnail_webhooks w ON w.video_id = v.id),
  ARRAY['failed once', 'new', 'odd word', 'placeholder', 'stuck', 'used up'], 'fault 6: every video without a thumbnail is set going');
SELECT is((SELECT count(*) FROM pg_policies WHERE tablename = 'videos' AND policyname = 'own'), 1::bigint, 'row security is as it was');
SELECT * FROM finish();
ROLLBACK;
