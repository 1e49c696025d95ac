-- Storyboards: asked for, handed in, and collected when they are nobody's any more.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(49);
DELETE FROM videos;
DELETE FROM thumbnails.jobs;
DELETE FROM thumbnails.inbox;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint, extension text DEFAULT '.vtt') RETURNS text LANGUAGE sql AS $$
  SELECT format('thumbnails/%s/0123456789abcdef-%s%s', pg_temp.id(n), token, extension) $$;
CREATE FUNCTION pg_temp.entry(n integer, token bigint) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('url', 'http://p/' || pg_temp.key(n, token), 'sheets', jsonb_build_array('http://p/' || pg_temp.key(n, token, '-1.jpg'))) $$;
CREATE FUNCTION pg_temp.next() RETURNS bigint LANGUAGE sql AS $$
  SELECT set_config('thumbnails.claim_marks', '', false);
  SELECT c.token FROM thumbnails.claim_next(30) AS c WHERE c.kind = 'storyboard' $$;
CREATE FUNCTION pg_temp.made(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos WHERE id = pg_temp.id(n) $$;
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1.mp4', 'http://elsewhere/1.jpg'),
  (pg_temp.id(2), 'processing', 'http://x/2.mp4', NULL), (pg_temp.id(3), 'completed', NULL, 'http://elsewhere/3.jpg'),
  (pg_temp.id(4), 'completed', 'http://x/4.mp4', 'http://elsewhere/4.jpg');
SELECT thumbnails.merge(10) \g /dev/null
DELETE FROM thumbnails.jobs;

SELECT is((SELECT (v.status, v.video_url, v.aspect_ratio, v.tenant)::text FROM thumbnails.video_to_read(pg_temp.id(1)) AS v), '(completed,http://x/1.mp4,,"")', 'what is read of a video');
SELECT is((SELECT count(*) FROM thumbnails.video_to_read(pg_temp.id(99))), 0::bigint, 'nothing of one that is not there');
SELECT is(thumbnails.request_storyboard(pg_temp.id(99)), 'not_found', 'asked for: a video that is not there');
SELECT is(thumbnails.request_storyboard(pg_temp.id(2)), 'not_finished', 'one that is not finished');
SELECT is(thumbnails.request_storyboard(pg_temp.id(3)), 'no_source', 'one without a URL');
SELECT is(thumbnails.request_storyboard(pg_temp.id(1)), 'queued', 'one that has both');
SELECT is((SELECT (kind, lane, tenant)::text FROM thumbnails.jobs WHERE video_id = pg_temp.id(1)), '(storyboard,3,"")', 'is queued in the lowest lane, of no tenant');
UPDATE thumbnails.jobs SET due_at = 'infinity', attempts = 2, releases = 5, source_url = 'http://x/old' WHERE kind = 'storyboard';
SELECT is(thumbnails.request_storyboard(pg_temp.id(1)), 'queued', 'again, it is queued once');
SELECT is((SELECT (j.attempts, j.releases, j.source_url = v.video_url, j.due_at <= clock_timestamp())::text FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE j.kind = 'storyboard'), '(0,0,t,t)', 'as if it had never been tried');
SELECT is((SELECT count(*) FROM thumbnails.jobs), 1::bigint, 'in one job');

CREATE TEMP TABLE t AS SELECT pg_temp.next() AS token;
SELECT ok((SELECT token FROM t) IS NOT NULL, 'a worker takes it');
SELECT is(thumbnails.request_storyboard(pg_temp.id(1)), 'busy', 'meanwhile it is not asked for again');
SELECT is(thumbnails.complete_storyboard(pg_temp.id(1), -1, pg_temp.entry(1, 1), pg_temp.key(1, 1), 0), 'fenced', 'a stranger''s is refused');
SELECT is((SELECT key FROM thumbnails.object_deletions), pg_temp.key(1, 1), 'and put down');
SELECT is(pg_temp.made(1), NULL, 'and is not on the row');
SELECT is(thumbnails.complete_storyboard(pg_temp.id(1), (SELECT token FROM t), pg_temp.entry(1, 5), pg_temp.key(1, 5), 0), 'ok', 'the claim''s own is taken');
SELECT is(thumbnails.complete_storyboard(pg_temp.id(1), (SELECT token FROM t), pg_temp.entry(1, 5), pg_temp.key(1, 5), 0), 'already', 'once');
SELECT is(pg_temp.made(1), 'http://p/' || pg_temp.key(1, 5), 'it is on the row');
SELECT is((SELECT (thumbnail_url, thumbnail_generation_status, thumbnail_metadata ->> 'source')::text FROM videos WHERE id = pg_temp.id(1)),
  '(http://elsewhere/1.jpg,completed,external)', 'where nothing else has changed');
SELECT is((SELECT count(*) FROM thumbnails.jobs) + (SELECT count(*) FROM thumbnails.inbox), 0::bigint, 'and nothing is left to do');
SELECT is(thumbnails.request_storyboard(pg_temp.id(1), true), 'there', 'who only wants it where there is none does not have it made again');
SELECT is(thumbnails.request_storyboard(pg_temp.id(4), true), 'queued', 'who has none');
SELECT is(thumbnails.request_storyboard(pg_temp.id(4), true), 'there', 'does not have it queued twice');
DELETE FROM thumbnails.jobs;

-- Named, it stays; replaced, it goes.
SELECT is((SELECT count(*) FROM thumbnails.unneeded_objects(ARRAY[pg_temp.key(1, 5), pg_temp.key(1, 5, '-1.jpg')])), 0::bigint, 'list and sheets are needed');
SELECT is(thumbnails.request_storyboard(pg_temp.id(1)), 'queued', 'made again');
SELECT is(thumbnails.complete_storyboard(pg_temp.id(1), pg_temp.next(), pg_temp.entry(1, 6), pg_temp.key(1, 6), 0), 'ok', 'it replaces the one before');
SELECT set_eq('SELECT key FROM thumbnails.object_deletions', ARRAY[pg_temp.key(1, 1), pg_temp.key(1, 5)], 'which is put down');

-- The video becomes another one while it is made.
SELECT is(thumbnails.request_storyboard(pg_temp.id(4)), 'queued', 'one more');
UPDATE t SET token = pg_temp.next();
UPDATE videos SET video_url = 'http://x/4-other.mp4' WHERE id = pg_temp.id(4);
SELECT is(thumbnails.complete_storyboard(pg_temp.id(4), (SELECT token FROM t), pg_temp.entry(4, 7), pg_temp.key(4, 7), 0), 'fenced', 'of the video before it is not taken');
SELECT is(pg_temp.made(4), NULL, 'and is not on the row');

-- A copy of the row, and the row itself under another id, show it, too: it stays as long as one of them does.
INSERT INTO videos (id, status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata)
SELECT pg_temp.id(5), 'completed', video_url, thumbnail_url, thumbnail_generation_status, jsonb_build_object('storyboard', pg_temp.entry(1, 6)) FROM videos WHERE id = pg_temp.id(1);
UPDATE videos SET id = pg_temp.id(6), thumbnail_metadata = jsonb_build_object('storyboard', pg_temp.entry(1, 6)) WHERE id = pg_temp.id(1);
SELECT thumbnails.merge(10) \g /dev/null
CREATE FUNCTION pg_temp.unneeded() RETURNS SETOF text LANGUAGE sql AS $$ SELECT u.key FROM thumbnails.unneeded_objects(ARRAY[pg_temp.key(1, 6), pg_temp.key(1, 6, '-1.jpg')]) AS u $$;
SELECT is_empty('SELECT pg_temp.unneeded()', 'what two other rows show');
DELETE FROM videos WHERE id = pg_temp.id(6);
SELECT is_empty('SELECT pg_temp.unneeded()', 'what one of them shows');
UPDATE videos SET thumbnail_metadata = '{}' WHERE id = pg_temp.id(5);
SELECT set_eq('SELECT pg_temp.unneeded()', ARRAY[pg_temp.key(1, 6), pg_temp.key(1, 6, '-1.jpg')], 'what no other row shows any more');
SELECT is((SELECT count(*) FROM thumbnails.borrowed), 2::bigint, 'it is known of both');

-- A platform that does not take it.
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON videos FOR EACH ROW WHEN (NEW.thumbnail_metadata ? 'storyboard') EXECUTE FUNCTION pg_temp.refuse();
DELETE FROM thumbnails.jobs;
SELECT is(thumbnails.request_storyboard(pg_temp.id(4)), 'queued', 'and another');
SELECT is(thumbnails.complete_storyboard(pg_temp.id(4), pg_temp.next(), pg_temp.entry(4, 8), pg_temp.key(4, 8), 0), 'refused', 'refused by the platform');
SELECT ok((SELECT token IS NULL AND due_at > clock_timestamp() FROM thumbnails.jobs WHERE video_id = pg_temp.id(4)), 'it is made again later');
SELECT is((SELECT coalesce(class, 'none') || ': ' || text FROM thumbnails.events WHERE video_id = pg_temp.id(4) AND text LIKE 'storyboard%'),
  'none: storyboard: the platform refuses it: not today (P0001)', 'and the history says why');
-- Somebody is woken for it when its time has come, but not for others while one is being made.
UPDATE thumbnails.jobs SET due_at = now() - interval '1 minute' WHERE video_id = pg_temp.id(4);
SELECT thumbnails.request_storyboard(pg_temp.id(5)) \g /dev/null
SELECT is(thumbnails.sweep(false) ->> 'waitingCount', '2', 'the sweep counts those that wait');
SELECT results_eq('SELECT thumbnails.due_videos(10, ''{}'')', ARRAY[pg_temp.id(4), pg_temp.id(5)], 'workers are woken for them');
SELECT is_empty('SELECT thumbnails.due_videos(10, ''{}'')', 'and not again at once');
CREATE FUNCTION pg_temp.later() RETURNS void LANGUAGE sql AS $$ SELECT set_config('thumbnails.storyboards_woken', extract(epoch FROM now() - interval '11 s')::text, false) $$;
SELECT pg_temp.later() \g /dev/null
SELECT results_eq('SELECT thumbnails.due_videos(1, ''{}'')', ARRAY[pg_temp.id(4)], 'but again later');
SELECT pg_temp.next(), pg_temp.later() \g /dev/null
SELECT is_empty('SELECT thumbnails.due_videos(10, ''{}'')', 'not while one is being made, which would give way');
UPDATE thumbnails.jobs SET due_at = now() - interval '1 s' WHERE token IS NOT NULL;
SELECT pg_temp.later() \g /dev/null
SELECT set_eq('SELECT thumbnails.due_videos(10, ''{}'')', ARRAY[pg_temp.id(4), pg_temp.id(5)], 'and again when its worker is lost');
DELETE FROM thumbnails.jobs WHERE video_id = pg_temp.id(5);

-- Its worker is lost, time and again: it ends, and the history says so.
UPDATE thumbnails.jobs SET attempts = thumbnails.max_attempts(), token = 1, due_at = now() - interval '1 minute' WHERE video_id = pg_temp.id(4);
SELECT is(thumbnails.sweep(false) ->> 'lostCount', '1', 'a storyboard whose worker was lost for the last time is given up');
SELECT is((SELECT class || ': ' || text FROM thumbnails.events WHERE video_id = pg_temp.id(4) ORDER BY id DESC LIMIT 1),
  'lost: storyboard: worker lost: the attempt ended without a result 3 times', 'the history says why');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(4)), 'completed', 'and the row says nothing of it');

-- The row is gone: what a worker left behind is found by what the store lists.
SELECT setval('thumbnails.tokens', greatest(9, last_value)) FROM thumbnails.tokens \g /dev/null
DROP TRIGGER refuse ON videos;
DELETE FROM videos WHERE id = pg_temp.id(4);
SELECT thumbnails.merge(10) \g /dev/null
SELECT set_eq(format('SELECT * FROM thumbnails.list_orphans(ARRAY[%L, %L])', pg_temp.key(4, 9), pg_temp.key(4, 9, '-1.jpg')),
  ARRAY[pg_temp.key(4, 9), pg_temp.key(4, 9, '-1.jpg')], 'a deleted video''s sheets are ours to collect');
SELECT is((SELECT count(*) FROM thumbnails.list_orphans(ARRAY[pg_temp.key(77, 1)])), 0::bigint, 'those of a video nobody knows are not');
SELECT * FROM finish();
ROLLBACK;
