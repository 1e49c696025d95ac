-- A storyboard follows its video: another one's is made anew, one that is not finished for a moment is waited for, and a deleted one's has a day.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(31);
DELETE FROM videos;
DELETE FROM thumbnails.jobs;
DELETE FROM thumbnails.inbox;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint, extension text DEFAULT '.vtt') RETURNS text LANGUAGE sql AS $$
  SELECT format('thumbnails/%s/0123456789abcdef-%s%s', pg_temp.id(n), token, extension) $$;
CREATE FUNCTION pg_temp.next() RETURNS bigint LANGUAGE sql AS $$
  SELECT set_config('thumbnails.claim_marks', '', false);
  SELECT c.token FROM thumbnails.claim_next(30) AS c WHERE c.kind = 'storyboard' $$;
CREATE FUNCTION pg_temp.hand_in(n integer, token bigint) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete_storyboard(pg_temp.id(n), token, jsonb_build_object('url', 'http://p/' || pg_temp.key(n, token)), pg_temp.key(n, token), 0) $$;
CREATE FUNCTION pg_temp.board(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.jobs() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.jobs $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(100) > 0 LOOP NULL; END LOOP; END $$;
INSERT INTO videos (id, status, video_url, thumbnail_url) SELECT pg_temp.id(n), 'completed', format('http://x/%s.mp4', n), format('http://elsewhere/%s.jpg', n) FROM generate_series(1, 4) AS n;
SELECT pg_temp.merge() \g /dev/null
CREATE TEMP TABLE t (token bigint);
INSERT INTO t VALUES (NULL);

-- The video is not finished for a moment, just when a worker comes for it.
SELECT thumbnails.request_storyboard(pg_temp.id(1)) \g /dev/null
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.next(), NULL, 'of a video that is not finished nothing is made');
SELECT is((SELECT (token IS NULL, due_at > clock_timestamp())::text FROM thumbnails.jobs), '(t,t)', 'it waits');
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(1);
SELECT pg_temp.merge() \g /dev/null
UPDATE thumbnails.jobs SET due_at = now();
SELECT is(pg_temp.hand_in(1, pg_temp.next()), 'ok', 'and is made when the video is finished again');
SELECT is(pg_temp.jobs(), 0::bigint, 'and nothing is left to do');

-- Asked for again after the video became another one, while that of the one before is in work.
SELECT thumbnails.request_storyboard(pg_temp.id(2)) \g /dev/null
UPDATE t SET token = pg_temp.next();
UPDATE videos SET video_url = 'http://x/2-other.mp4' WHERE id = pg_temp.id(2);
SELECT is(thumbnails.request_storyboard(pg_temp.id(2)), 'busy', 'asked for while one is in work');
SELECT is((SELECT pg_temp.hand_in(2, token) FROM t), 'fenced', 'which is that of the video before, and refused');
SELECT is((SELECT (token IS NULL, due_at <= clock_timestamp(), attempts, source_url)::text FROM thumbnails.jobs), '(t,t,0,http://x/2-other.mp4)', 'it starts anew with the other one');
SELECT pg_temp.merge() \g /dev/null
UPDATE t SET token = pg_temp.next();
SELECT is((SELECT pg_temp.hand_in(2, token) FROM t), 'ok', 'and is made of that');
SELECT is(pg_temp.board(2), (SELECT 'http://p/' || pg_temp.key(2, token) FROM t), 'which is on the row');
-- A failure for good is the video's before, too.
SELECT thumbnails.request_storyboard(pg_temp.id(2)) \g /dev/null
UPDATE t SET token = pg_temp.next();
UPDATE videos SET video_url = 'http://x/2-third.mp4' WHERE id = pg_temp.id(2);
SELECT is((SELECT f.outcome FROM t, thumbnails.fail(pg_temp.id(2), token, 'media', 'no video stream', false) AS f), 'ok', 'a failure for good of the video before');
SELECT is((SELECT (token IS NULL, attempts, source_url)::text FROM thumbnails.jobs), '(t,0,http://x/2-third.mp4)', 'starts it anew, too');
UPDATE t SET token = pg_temp.next();
SELECT is((SELECT f.outcome FROM t, thumbnails.fail(pg_temp.id(2), token, 'media', 'no video stream', false) AS f), 'ok', 'one of its own');
SELECT is(pg_temp.jobs(), 0::bigint, 'ends it');

-- Another video, under a thumbnail of the user's own, which is not made again.
SELECT thumbnails.request_storyboard(pg_temp.id(3)) \g /dev/null
UPDATE t SET token = pg_temp.next();
SELECT is((SELECT pg_temp.hand_in(3, token) FROM t), 'ok', 'a storyboard beside a user''s own thumbnail');
UPDATE videos SET video_url = 'http://x/3.mp4?Signature=y' WHERE id = pg_temp.id(3);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(), 0::bigint, 'is not made anew under a fresh signature');
UPDATE videos SET video_url = 'http://x/3-other.mp4' WHERE id = pg_temp.id(3);
UPDATE videos SET video_url = 'http://x/3.mp4' WHERE id = pg_temp.id(3);
SELECT is(pg_temp.board(3), NULL, 'another video, and back: it is off the row');
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT (kind, lane, source_url)::text FROM thumbnails.jobs), '(storyboard,3,http://x/3.mp4)', 'and made anew');
SELECT is((SELECT not_before > now() + interval '23 h' FROM thumbnails.object_deletions, t WHERE key = pg_temp.key(3, token)), true, 'the one before has a day');
UPDATE t SET token = pg_temp.next();
SELECT is((SELECT pg_temp.hand_in(3, token) FROM t), 'ok', 'it is made');
SELECT ok(pg_temp.board(3) IS NOT NULL, 'and on the row');

-- The row is deleted, and comes back.
DELETE FROM thumbnails.object_deletions;
CREATE TEMP TABLE kept AS SELECT * FROM videos WHERE id = pg_temp.id(3);
SELECT thumbnails.request_storyboard(pg_temp.id(3)) \g /dev/null
DELETE FROM videos WHERE id = pg_temp.id(3);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(), 0::bigint, 'a deleted video has no job');
SELECT is((SELECT array_agg(key) FROM thumbnails.object_deletions), (SELECT ARRAY[pg_temp.key(3, token)] FROM t), 'its storyboard is put down');
SELECT is_empty('SELECT o.* FROM t, thumbnails.list_orphans(ARRAY[pg_temp.key(3, token), pg_temp.key(3, token, ''-1.jpg'')]) AS o', 'for all of its objects');
SELECT ok((SELECT not_before > now() + interval '23 h' FROM thumbnails.object_deletions), 'for a day');
SELECT is((SELECT count(*) FROM thumbnails.storyboards WHERE video_id = pg_temp.id(3)), 0::bigint, 'and nothing else is remembered');
INSERT INTO videos SELECT * FROM kept;
UPDATE thumbnails.object_deletions SET not_before = now() - interval '1 s';
SELECT is_empty('SELECT thumbnails.take_deletions(10)', 'when the row is back, it is needed');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions), 0::bigint, 'and struck off');
-- What only the store knows of, as what a worker left that died.
DELETE FROM videos WHERE id = pg_temp.id(3);
SELECT pg_temp.merge() \g /dev/null
DELETE FROM thumbnails.object_deletions;
SELECT is((SELECT thumbnails.put_down_orphans(ARRAY[pg_temp.key(3, token)]) FROM t), 1, 'what the store lists of a deleted video');
SELECT ok((SELECT not_before > now() + interval '23 h' FROM thumbnails.object_deletions), 'has a day, too');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(3) AND text = 'the video was deleted'), 2::bigint, 'the history tells of each deletion');
-- All rows are, at once.
CREATE TEMP TABLE boards AS SELECT substring(pg_temp.board(n) FROM 'thumbnails/.*') AS key FROM generate_series(1, 2) AS n;
DELETE FROM thumbnails.object_deletions;
TRUNCATE videos;
SELECT pg_temp.merge() \g /dev/null
SELECT set_eq('SELECT key FROM thumbnails.object_deletions', 'SELECT key FROM boards WHERE key IS NOT NULL', 'a table that is emptied has its storyboards put down');
SELECT * FROM finish();
ROLLBACK;
