-- Which objects the garbage collector may take.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(56);
DELETE FROM videos;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token integer) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
CREATE FUNCTION pg_temp.due(VARIADIC keys text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO thumbnails.object_deletions SELECT k, thumbnails.key_video(k), now() - interval '1 s' FROM unnest(keys) AS k ON CONFLICT (key) DO UPDATE SET not_before = excluded.not_before $$;
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1', 'http://p/' || pg_temp.key(1, 5));
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(2), 'completed', 'http://x/2'), (pg_temp.id(3), 'completed', 'http://x/3');

SELECT is(thumbnails.key_video(pg_temp.key(1, 5)), pg_temp.id(1), 'key_video: of a key');
SELECT is(thumbnails.key_video(format('thumbnails/%s/.0123456789abcdef-5.jpg.4711.part', pg_temp.id(1))), pg_temp.id(1), 'key_video: of what was half-written');
SELECT is(thumbnails.key_video(k), NULL, 'key_video: none of ' || k)
  FROM unnest(ARRAY['thumbnails/check/probe-1.txt', 'other/' || pg_temp.id(1) || '/0123456789abcdef-5.jpg', 'thumbnails/' || pg_temp.id(1) || '/by-hand.jpg']) AS k;

DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(1, 4), pg_temp.key(1, 5)); END $$;
SELECT set_eq('SELECT * FROM thumbnails.list_deletions(10)', ARRAY[pg_temp.key(1, 4)], 'a dry run lists the replaced one');
SELECT set_eq('SELECT * FROM thumbnails.take_deletions(10)', ARRAY[pg_temp.key(1, 4)], 'the replaced one may go, the current one not');
SELECT is((SELECT array_agg(key) FROM thumbnails.object_deletions), ARRAY[pg_temp.key(1, 4)], 'which is struck off');
SELECT ok((SELECT not_before BETWEEN clock_timestamp() + interval '59 min' AND clock_timestamp() + interval '60 min' FROM thumbnails.object_deletions), 'which has an hour to go');
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'what is taken is nobody else''s');
UPDATE thumbnails.object_deletions SET not_before = now() - interval '1 s';
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 1::bigint, 'until its collector is taken for dead');
-- A store that does not delete it.
SELECT is(thumbnails.forget_objects('{}', ARRAY[pg_temp.key(1, 4)], 'AccessDenied'), 0, 'what is refused is kept');
SELECT is(thumbnails.look() -> 'objectsRefused', '{"count": 1, "lastError": "AccessDenied"}', 'and the report says so');
UPDATE thumbnails.object_deletions SET not_before = now() - interval '1 s';
DO $$ BEGIN PERFORM thumbnails.take_deletions(10); END $$;
SELECT is(thumbnails.look() -> 'objectsRefused', '{"count": 0, "lastError": null}', 'until it is tried again');
SELECT is(thumbnails.forget_objects(ARRAY[pg_temp.key(1, 4)]), 1, 'deleted is forgotten');

-- What a platform appends to the URL changes nothing.
UPDATE videos SET thumbnail_url = 'http://p/' || pg_temp.key(1, 5) || '?width=320' WHERE id = pg_temp.id(1);
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(1, 5)); END $$;
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'a URL with a query still names its object');
SELECT is(thumbnails.put_down_orphans(ARRAY[pg_temp.key(1, 5)]), 0, 'which is no orphan either');
UPDATE videos SET thumbnail_url = 'https://proxy/?url=' || replace('http://p/' || pg_temp.key(1, 5), '/', '%2f') WHERE id = pg_temp.id(1);
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(1, 5)); END $$;
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'nor does it where the URL has its key percent-encoded');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions), 0::bigint, 'and it is struck off');

-- A video somebody works on.
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(2, 1)); END $$;
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'nothing goes of a video that is at work');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE not_before > now()), 1::bigint, 'it waits');
SELECT is(thumbnails.put_down_orphans(ARRAY[pg_temp.key(2, 2)]), 0, 'nor is anything of it an orphan');
-- Its lease is over: its worker may hand it in still.
UPDATE thumbnails.jobs SET due_at = now() - interval '1 s' WHERE video_id = pg_temp.id(2);
UPDATE thumbnails.object_deletions SET not_before = now() - interval '1 s';
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'nor of one whose worker seems to be lost');
SELECT is(thumbnails.complete(pg_temp.id(2), (SELECT token FROM c), 'http://p/' || pg_temp.key(2, 1), pg_temp.key(2, 1), '{}'), 'ok', 'who comes back after all');
UPDATE thumbnails.object_deletions SET not_before = now() - interval '1 s';
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'its object is needed');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions), 0::bigint, 'and struck off');
-- One that only waits stops nothing.
DO $$ BEGIN PERFORM thumbnails.merge(10), pg_temp.due(pg_temp.key(3, 7)); END $$;
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(3)), 1::bigint, 'a video that waits for its picture');
SELECT set_eq('SELECT * FROM thumbnails.take_deletions(10)', ARRAY[pg_temp.key(3, 7)], 'has nothing that is needed');
-- What is named beside the picture.
UPDATE videos SET thumbnail_metadata = jsonb_build_object('sizes', jsonb_build_array('http://p/' || pg_temp.key(1, 8)), 'storyboard', jsonb_build_object('vtt', 'http://p/' || pg_temp.key(1, 9)))
 WHERE id = pg_temp.id(1);
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(1, 8), pg_temp.key(1, 9)); END $$;
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'other sizes and storyboards that the row names stay');
SELECT is((SELECT count(*) FROM thumbnails.list_orphans(ARRAY[pg_temp.key(1, 8), pg_temp.key(1, 9)])), 0::bigint, 'and are no orphans');
DELETE FROM thumbnails.object_deletions;
-- A video that is gone.
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(90, 1)); END $$;
SELECT set_eq('SELECT * FROM thumbnails.take_deletions(10)', ARRAY[pg_temp.key(90, 1)], 'what is left of a deleted video may go');
SELECT is(thumbnails.forget_objects('{}', p_left := ARRAY[pg_temp.key(90, 1)]), 0, 'what was not tried in time is kept');
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 1::bigint, 'and due again at once');
-- What is needed is passed over, however much of it there is, and what another row shows is not looked at again within the hour.
DELETE FROM thumbnails.object_deletions;
UPDATE videos SET thumbnail_url = 'http://p/' || pg_temp.key(92, 1) WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(10) \g /dev/null
SELECT pg_temp.due(format('thumbnails/%s/0123456789abcdef-1-%s.jpg', pg_temp.id(92), n)) FROM generate_series(1, 25) AS n \g /dev/null
INSERT INTO thumbnails.object_deletions VALUES (pg_temp.key(90, 2), pg_temp.id(90), now());
SELECT set_eq('SELECT * FROM thumbnails.take_deletions(10)', ARRAY[pg_temp.key(90, 2)], 'what is needed hides nothing behind it');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE not_before > now() + interval '23 h'), 25::bigint, 'and has a day');

-- The collector does not keep up.
SELECT unalike(thumbnails.look() ->> 'processProblems', '%objects%', 'nothing is said while it does');
UPDATE thumbnails.object_deletions SET not_before = now() - interval '23 h';
SELECT unalike(thumbnails.look() ->> 'processProblems', '%objects%', 'nor of what waits for less than a day');
UPDATE thumbnails.object_deletions SET not_before = '2026-01-02 03:04:05Z' WHERE key = pg_temp.key(90, 2);
SELECT alike(thumbnails.look() ->> 'processProblems', '%objects that no row shows should have been deleted since 2026-01-02T03:04:05.000Z: %', 'but of what waits for longer');
DELETE FROM thumbnails.object_deletions;
UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(3);
DO $$ BEGIN PERFORM pg_temp.due(pg_temp.key(90, 1)); END $$;

-- What the store lists. A token that was not given out yet is another database's.
DO $$ BEGIN PERFORM setval('thumbnails.tokens', 9); END $$;
CREATE TEMP TABLE listed AS SELECT ARRAY[pg_temp.key(1, 5), pg_temp.key(1, 3), pg_temp.key(3, 1), pg_temp.key(3, 10), pg_temp.key(91, 1), pg_temp.key(90, 1), 'thumbnails/check/probe-1.txt',
  format('thumbnails/%s/.0123456789abcdef-9.jpg.4711.part', pg_temp.id(1)), 'thumbnails/"; DROP TABLE videos; --'] AS keys;
SELECT set_eq('SELECT l.* FROM listed, thumbnails.list_orphans(keys) AS l',
  ARRAY[pg_temp.key(1, 3), pg_temp.key(3, 1), format('thumbnails/%s/.0123456789abcdef-9.jpg.4711.part', pg_temp.id(1))], 'orphans: of this database''s videos, named by no row, not put down yet');
-- Older than a day, but replaced a moment ago: the other sizes stay as long as the main object, which is all that is put down of a claim.
INSERT INTO thumbnails.object_deletions VALUES (pg_temp.key(1, 2), pg_temp.id(1), now() + interval '1 d'), (replace(pg_temp.key(1, 1), '.jpg', '-480.jpg'), pg_temp.id(1), now());
SELECT is((SELECT count(*) FROM thumbnails.list_orphans(ARRAY[replace(pg_temp.key(1, 2), '.jpg', '-480.jpg')])), 0::bigint, 'other sizes of what is put down are no orphans');
SELECT is((SELECT count(*) FROM thumbnails.list_orphans(ARRAY[replace(pg_temp.key(1, 1), '.jpg', '-960.webp')])), 1::bigint, 'those beside an orphan without its main object are');
SELECT is((SELECT thumbnails.put_down_orphans(keys) FROM listed), 3, 'they are put down');
SELECT is((SELECT thumbnails.put_down_orphans(keys) FROM listed), 0, 'once');
-- What a worker left that died, of a video that another one made and that was deleted then.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(80), 'completed', 'http://x/80');
CREATE TEMP TABLE d AS SELECT (thumbnails.claim(pg_temp.id(80), 30)).token AS lost;
UPDATE thumbnails.jobs SET due_at = now() - interval '1 s' WHERE video_id = pg_temp.id(80);
ALTER TABLE d ADD made bigint;
UPDATE d SET made = (thumbnails.claim(pg_temp.id(80), 30)).token;
SELECT is((SELECT thumbnails.complete(pg_temp.id(80), made, 'http://p/' || pg_temp.key(80, made::integer), pg_temp.key(80, made::integer), '{}') FROM d), 'ok', 'a second worker makes it');
CREATE FUNCTION pg_temp.left_behind() RETURNS TABLE (key text) LANGUAGE sql AS $$
  SELECT o.key FROM d, thumbnails.list_orphans(ARRAY[pg_temp.key(80, lost::integer), replace(pg_temp.key(80, lost::integer), '.jpg', '-480.jpg'),
    pg_temp.key(80, made::integer), pg_temp.key(80, made::integer + 1)]) AS o $$;
SELECT results_eq('SELECT count(*) FROM pg_temp.left_behind()', ARRAY[2::bigint], 'what the first one left is an orphan');
SET LOCAL session_replication_role = replica;
DELETE FROM videos WHERE id = pg_temp.id(80);
SET LOCAL session_replication_role = origin;
SELECT is_empty('SELECT * FROM pg_temp.left_behind()', 'not while the video is where we do not see it, as in a partition that was detached');
INSERT INTO videos (id, status, video_url, thumbnail_url, thumbnail_generation_status) SELECT pg_temp.id(80), 'completed', 'http://x/80', 'http://p/' || pg_temp.key(80, made::integer), 'completed' FROM d;
DELETE FROM videos WHERE id = pg_temp.id(80);
SELECT thumbnails.merge(10) \g /dev/null
DO $$ BEGIN PERFORM setval('thumbnails.tokens', last_value + 9) FROM thumbnails.tokens; END $$;
SELECT set_eq('SELECT * FROM pg_temp.left_behind()', 'SELECT pg_temp.key(80, lost::integer) FROM d UNION SELECT replace(pg_temp.key(80, lost::integer), ''.jpg'', ''-480.jpg'') FROM d',
  'it is one after the video was deleted, but not what came later');
SELECT is((SELECT text FROM thumbnails.events WHERE video_id = pg_temp.id(80) ORDER BY id DESC LIMIT 1), 'the video was deleted', 'of which the history tells');
SELECT is((SELECT thumbnails.put_down_orphans(ARRAY[pg_temp.key(80, lost::integer)]) FROM d), 1, 'it is put down');
-- Put down, shown again, and put down once more just before its time: it has all of its time again.
INSERT INTO videos (id, status, video_url, thumbnail_url, thumbnail_generation_status) VALUES (pg_temp.id(81), 'completed', 'http://x/81', 'http://p/' || pg_temp.key(81, 1), 'completed');
INSERT INTO thumbnails.object_deletions VALUES (pg_temp.key(81, 1), pg_temp.id(81), now() + interval '59 s');
UPDATE videos SET thumbnail_url = 'http://elsewhere/81.jpg' WHERE id = pg_temp.id(81);
SELECT thumbnails.merge(10) \g /dev/null
SELECT ok((SELECT not_before > now() + interval '23 h' FROM thumbnails.object_deletions WHERE key = pg_temp.key(81, 1)), 'replaced by the platform');
UPDATE thumbnails.object_deletions SET not_before = now() + interval '59 s' WHERE key = pg_temp.key(81, 1);
DO $$ BEGIN PERFORM thumbnails.put_down(pg_temp.key(81, 1), pg_temp.id(81), 7200); END $$;
SELECT ok((SELECT not_before > now() + interval '1 h' FROM thumbnails.object_deletions WHERE key = pg_temp.key(81, 1)), 'or by a worker');
-- The walk goes on where it ended.
SELECT is(thumbnails.collector_position(), '', 'it begins at the beginning');
SELECT thumbnails.move_collector('thumbnails/x') \g /dev/null
SELECT is(thumbnails.collector_position(), 'thumbnails/x', 'and remembers where it is');
-- Whose object it was is forgotten with it, and an object that is put down twice stays for the longer time.
INSERT INTO thumbnails.borrowed (key, video_id) SELECT '0123456789abcdef-' || n, gen_random_uuid() FROM generate_series(77771, 77772) AS n;
SELECT thumbnails.put_down(k.key, v.id, s.seconds) FROM (SELECT gen_random_uuid() AS id) AS v CROSS JOIN LATERAL (SELECT format('thumbnails/%s/0123456789abcdef-77771.jpg', v.id) AS key) AS k,
  (VALUES (86400), (60)) AS s (seconds) \g /dev/null
SELECT ok((SELECT d.not_before > now() + interval '1 hour' FROM thumbnails.object_deletions AS d WHERE d.key LIKE '%-77771.jpg'), 'an object stays for the longest time it was put down for');
SELECT is(thumbnails.forget_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions AS d WHERE d.key LIKE '%-77771.jpg')), 1, 'one that is forgotten');
SELECT is((SELECT array_agg(b.key) FROM thumbnails.borrowed AS b WHERE b.key LIKE '%-7777_'), ARRAY['0123456789abcdef-77772'], 'is borrowed by nobody');

