BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(14);
SELECT hasnt_trigger('videos', 'trigger_auto_generate_thumbnail', 'the original''s trigger is gone');
SELECT has_trigger('videos', 'touch_updated_at', 'the platform''s own one stays');
SELECT throws_ok($$ UPDATE videos SET thumbnail_generation_status = 'nonsense' WHERE title = 'done' $$, '23514', NULL,
  'fault 1: the CHECK that rejects nothing is replaced');
SELECT lives_ok($$ INSERT INTO videos (title, status, video_url) VALUES ('new', 'completed', 'http://x/7') $$, 'status as an enum works');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE title = 'new'), 'pending', 'a new video is announced');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_metadata)::text FROM videos WHERE title = 'done'), '(,{})', 'an old thumbnail needs no mark');
SELECT is((SELECT array_agg(title) FROM videos WHERE updated_at <> '2020-01-01' AND title <> 'new'), ARRAY['odd word'], 'no row is written but the one with a word that is none');
SELECT is((SELECT avg_generation_time_seconds FROM thumbnail_generation_health), NULL, 'fault 14: which gives no mean');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep runs');
SELECT is((SELECT outcome FROM thumbnails.claim((SELECT id FROM videos WHERE title = 'done'), 30)), 'completed', 'and no work');
SELECT is((SELECT array_agg(v.title ORDER BY v.title) FROM videos v JOIN thumbnails.jobs j ON j.video_id = v.id WHERE j.due_at <= clock_timestamp()),
  ARRAY['failed once', 'new', 'odd word', 'placeholder', 'stuck', 'used up'], 'fault 6: every video without a thumbnail is set going');
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim((SELECT id FROM videos WHERE title = 'used up'), 30)), '(claimed,1)', 'with its first attempt');
SELECT is((SELECT count(*) FROM pg_policies WHERE tablename = 'videos' AND policyname = 'own'), 1::bigint, 'row security is as it was');
-- The sessions of its API refuse an UPDATE or DELETE without a condition (safeupdate), also within functions.
SELECT is((SELECT string_agg(DISTINCT p.proname, ', ')
             FROM pg_proc p CROSS JOIN LATERAL regexp_matches(regexp_replace(p.prosrc, '--[^\n]*', '', 'g'),
               '((?:UPDATE (?:thumbnails|public)\.[^;]*?SET|DELETE FROM)[^;]*?)(?:;|RETURNING|\n\s*\)|$)', 'g') AS m (statement)
            WHERE (p.pronamespace = 'thumbnails'::regnamespace OR p.proname ~ 'thumbnail') AND m.statement[1] !~ '\mWHERE\M'), NULL, 'none of ours is without one');
SELECT * FROM finish();
ROLLBACK;
