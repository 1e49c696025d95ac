-- A video that has an earlier picture of ours, and for which no new one could be made, is among what failed: whoever looks finds it, and gets it out of
-- there by retrying, by dismissing, and by finishing it once more.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(27);
DELETE FROM videos;
SELECT thumbnails.merge(1000) \g /dev/null
DELETE FROM thumbnails.events;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder') ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.make(n integer, again boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete(pg_temp.id(n), c.token, k.url, substr(k.url, 10), '{"method": "keyframe"}')
    FROM thumbnails.claim(pg_temp.id(n), 30, NULL, again) AS c CROSS JOIN LATERAL (SELECT format('http://p/thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), c.token) AS url) AS k $$;
CREATE FUNCTION pg_temp.break(n integer, again boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
  SELECT f.outcome FROM thumbnails.claim(pg_temp.id(n), 30, NULL, again) AS c CROSS JOIN LATERAL thumbnails.fail(pg_temp.id(n), c.token, 'media', 'no video stream', false) AS f $$;
CREATE FUNCTION pg_temp.act(p_action text, n integer) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.act(p_action, jsonb_build_object('ids', ARRAY[pg_temp.id(n)]), 10, NULL, 'Ann') ->> 'processed' $$;
CREATE FUNCTION pg_temp.state(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', v.thumbnail_generation_status, (SELECT 'job' FROM thumbnails.jobs j WHERE j.video_id = v.id)) FROM videos v WHERE v.id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.listed(p_state text) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(right(v ->> 'id', 1) || ' ' || (v ->> 'canRestart') || ' ' || (v ->> 'canDismiss'), ', ' ORDER BY v ->> 'id'), '')
    FROM jsonb_array_elements(thumbnails.find_videos(jsonb_build_object('state', p_state), NULL, NULL, NULL, 9) -> 'videos') AS v $$;
CREATE FUNCTION pg_temp.looked() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', l #> '{health,failedCount}', l #> '{health,dismissedCount}', jsonb_path_query_array(l, '$.failures[*].count'), l -> 'exhaustedCount', l -> 'restartableCount')
    FROM thumbnails.look() AS l $$;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', format('http://x/%s.mp4', n) FROM generate_series(1, 3) AS n;
SELECT is(pg_temp.make(n), 'ok', 'a picture of ' || n) FROM generate_series(1, 3) AS n;

-- One was asked for by hand, the other for another video.
SELECT is(pg_temp.break(1, true), 'ok', 'asked for again, it fails for good');
UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = pg_temp.id(2);
SELECT is(pg_temp.break(2), 'ok', 'another video in its place fails for good');
SELECT is(pg_temp.state(1) || ', ' || pg_temp.state(2), 'failed, failed', 'both rows say so');
SELECT is((SELECT count(*) FROM videos WHERE thumbnail_url LIKE 'http://p/%'), 3::bigint, 'beside their pictures');
SELECT is(pg_temp.listed('failed'), '1 true true, 2 true true', 'they are listed');
SELECT is(pg_temp.looked(), '2 0 [2] 2 2', 'and counted');
-- Dismissed and brought back.
SELECT is(pg_temp.act('dismiss', 1), '1', 'one is dismissed');
SELECT is(pg_temp.listed('failed') || '; ' || pg_temp.listed('dismissed'), '2 true true; 1 true false', 'and out of the list');
SELECT is(pg_temp.looked(), '1 1 [1] 1 1', 'and of the figures');
SELECT is(pg_temp.act('restore', 1), '1', 'it is brought back');
SELECT is(pg_temp.looked(), '2 0 [2] 2 2', 'and counts again');
-- Started again: from the list, and as the button of one does.
SELECT is(pg_temp.act('retry', 1), '1', 'one is started again');
SELECT is(pg_temp.state(1), 'pending job', 'it waits');
SELECT is(pg_temp.make(1), 'ok', 'and is made');
SELECT is((manually_trigger_thumbnail_generation(pg_temp.id(1)) ->> 'error', pg_temp.state(1))::text, '("Thumbnail already exists",completed)', 'once it is, there is nothing to start');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(2)) ->> 'success', 'true', 'the other one by hand');
SELECT is(pg_temp.make(2), 'ok', 'is made, too');
SELECT is(pg_temp.looked(), '0 0 [] 0 0', 'nothing is left');

-- Uploaded once more, under the same URL or with a new signature: at rest, and while it is being tried.
SELECT is(pg_temp.break(3, true), 'ok', 'it fails for good');
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(3);
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is(pg_temp.state(3), 'pending job', 'finished once more, it is tried again');
SELECT is(pg_temp.break(3), 'ok', 'and fails again');
UPDATE videos SET video_url = 'http://x/3.mp4?token=2' WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is(pg_temp.state(3), 'pending job', 'signed anew, too');
CREATE TEMP TABLE c AS SELECT token FROM thumbnails.claim(pg_temp.id(3), 30);
UPDATE videos SET video_url = 'http://x/3.mp4?token=3' WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(10) \g /dev/null
SELECT is((SELECT f.outcome FROM c, thumbnails.fail(pg_temp.id(3), token, 'media', 'no video stream', false) AS f), 'ok', 'while it is tried with the old one, which fails');
SELECT is(pg_temp.state(3), 'pending job', 'it is not the last attempt');
SELECT * FROM finish();
ROLLBACK;
