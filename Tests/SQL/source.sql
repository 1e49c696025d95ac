-- Which URLs name the same video, and what becomes of a row whose URL changes.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(95);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.state(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.hints() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.inbox $$;
CREATE FUNCTION pg_temp.move(n integer, url text) RETURNS void LANGUAGE sql AS $$ UPDATE videos SET video_url = url WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(100) > 0 LOOP NULL; END LOOP; END $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS void LANGUAGE sql AS $$
  UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.finish(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  SELECT * INTO c FROM thumbnails.claim(pg_temp.id(n), 30);
  RETURN CASE WHEN c.token IS NULL THEN c.outcome
              ELSE thumbnails.complete(pg_temp.id(n), c.token, 'http://p/' || pg_temp.key(n, c.token), pg_temp.key(n, c.token), '{"method": "x"}') END;
END $$;

-- The same video.
SELECT ok(thumbnails.is_same_source(a, b), translate(concat_ws(' is ', quote_nullable(a), quote_nullable(b)), E'\r\n', '')) FROM (VALUES
  (NULL, NULL), ('http://x/v.mp4', 'http://x/v.mp4'), ('http://x/v.mp4', 'http://x/v.mp4#t=10'), ('http://x/v.mp4#a', 'http://x/v.mp4#b'), ('http://x/v.mp4', E' http://x/v.mp4\r\n'),
  ('http://x/v.mp4', 'http://x/v.mp4?'), ('http://x/v.mp4?a=1', 'http://x/v.mp4?a=1&'),
  ('http://x/v.mp4', 'http://x/v.mp4?X-Amz-Signature=1&X-Amz-Date=2&X-Amz-Security-Token=3'), ('http://x/v.mp4?x-amz-date=1', 'http://x/v.mp4?X-AMZ-DATE=2'),
  ('http://x/v.mp4?X-Goog-Signature=1', 'http://x/v.mp4?X-Goog-Signature=2&X-Goog-Expires=3'), ('http://x/v.mp4?Expires=1&Signature=2&Key-Pair-Id=3', 'http://x/v.mp4?Policy=1'),
  ('http://x/v.mp4?sv=1&se=2&st=3&sp=r&sig=5', 'http://x/v.mp4'), ('http://x/v.mp4?token=1', 'http://x/v.mp4?token=2'), ('http://x/v.mp4?token', 'http://x/v.mp4'),
  ('http://x/play?id=7&token=1', 'http://x/play?token=2&id=7'), ('http://x/play?id=7&token=1#t', 'http://x/play?id=7'), ('http://x/v?u=http://y/?token', 'http://x/v?u=http://y/?token&sig=1'))
  AS v (a, b);
-- Another one.
SELECT ok(NOT thumbnails.is_same_source(a, b), concat_ws(' is not ', quote_nullable(a), quote_nullable(b))) FROM (VALUES
  (NULL, 'http://x/v.mp4'), ('http://x/v.mp4', NULL), ('http://x/v.mp4', ''), ('http://x/v.mp4', 'http://x/w.mp4'), ('http://x/v.mp4', 'http://y/v.mp4'), ('http://x/v.mp4', 'https://x/v.mp4'),
  ('http://x/V.mp4', 'http://x/v.mp4'), ('http://x/play?id=7', 'http://x/play?id=8'), ('http://x/play?id=7&token=1', 'http://x/play?id=8&token=1'), ('http://x/play', 'http://x/play?id=7'),
  ('http://x/play?ID=a', 'http://x/play?ID=A'), ('http://x/play?a=1&b=2', 'http://x/play?a=1&b=3'), ('http://x/v.mp4?tokens=1', 'http://x/v.mp4?tokens=2'),
  ('http://x/v.mp4?my-token=1', 'http://x/v.mp4?my-token=2'), ('http://x/v.mp4?id=token', 'http://x/v.mp4?id=sig'), ('http://x/token=1', 'http://x/token=2')) AS v (a, b);
-- The setting names others.
INSERT INTO system_config (key, value) VALUES ('thumbnail_signing_parameters', ' auth_*, Verify ,, x.y');
SELECT is(thumbnails.is_same_source(a, b), expected, format('as the setting says: %s and %s', a, b)) FROM (VALUES
  ('http://x/v?verify=1', 'http://x/v?verify=2', true), ('http://x/v?auth_key=1', 'http://x/v?AUTH_time=2', true), ('http://x/v?auth=1', 'http://x/v?auth=2', false),
  ('http://x/v?verify2=1', 'http://x/v?verify2=2', false), ('http://x/v?token=1', 'http://x/v?token=2', false), ('http://x/v?id=1', 'http://x/v?id=2', false)) AS v (a, b, expected);
UPDATE system_config SET value = '(.*|[a' WHERE key = 'thumbnail_signing_parameters';
SELECT lives_ok($$ SELECT thumbnails.is_same_source('http://x/v?id=1', 'http://x/v?id=2') $$, 'a setting of odd characters harms nobody');
SELECT is(thumbnails.is_same_source('http://x/v?id=1', 'http://x/v?idx=2'), false, 'and is no expression');
UPDATE system_config SET value = '  ' WHERE key = 'thumbnail_signing_parameters';
SELECT ok(thumbnails.is_same_source('http://x/v?token=1', 'http://x/v?token=2'), 'a blank one counts as not set');
DELETE FROM system_config WHERE key = 'thumbnail_signing_parameters';

-- A row that waits.
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/v?id=' || n FROM generate_series(1, 9) AS n;
SELECT pg_temp.merge() \g /dev/null
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT thumbnails.fail(pg_temp.id(1), (SELECT token FROM c), 'source', 'the origin answered 403', true) \g /dev/null
SELECT pg_temp.move(1, 'http://x/v?id=1&token=2') \g /dev/null
SELECT is(pg_temp.state(1), 'pending', 'a failed one whose URL is signed anew waits');
SELECT pg_temp.merge() \g /dev/null
SELECT ok((pg_temp.job(1)).due_at <= clock_timestamp(), 'and is due at once: that may have been why');
SELECT is((SELECT (outcome, video_url)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(claimed,http://x/v?id=1&token=2)', 'its worker is given the fresh one');
-- A worker that has it.
TRUNCATE c;
INSERT INTO c SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
SELECT pg_temp.move(2, 'http://x/v?id=2&X-Amz-Date=1#t=1') \g /dev/null
SELECT is(pg_temp.state(2), 'processing', 'a fresh signature leaves a row at work as it is');
SELECT pg_temp.merge() \g /dev/null
SELECT is((pg_temp.job(2)).token, (SELECT token FROM c), 'and its worker with it');
SELECT is(thumbnails.complete(pg_temp.id(2), (SELECT token FROM c), 'http://p/' || pg_temp.key(2, 1), pg_temp.key(2, 1), '{}'), 'ok', 'whose result counts');
SELECT is((SELECT (thumbnail_url, thumbnail_generation_status, video_url)::text FROM videos WHERE id = pg_temp.id(2)),
  format('(http://p/%s,completed,http://x/v?id=2&X-Amz-Date=1#t=1)', pg_temp.key(2, 1)), 'for the row as it is now');
TRUNCATE c;
INSERT INTO c SELECT * FROM thumbnails.claim(pg_temp.id(3), 30, NULL, true, 3.5);
SELECT thumbnails.renew(pg_temp.id(3), (SELECT token FROM c), 30) \g /dev/null
SELECT pg_temp.move(3, 'http://x/v?id=33') \g /dev/null
SELECT is(pg_temp.state(3), 'pending', 'another id is another video');
-- Not merged yet: the result is refused all the same.
SELECT is(thumbnails.complete(pg_temp.id(3), (SELECT token FROM c), 'http://p/' || pg_temp.key(3, 1), pg_temp.key(3, 1), '{}'), 'fenced', 'the old one''s picture is refused, before the hint is merged');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.key(3, 1)), 1::bigint, 'its object is put down');
SELECT is(((pg_temp.job(3)).token, (pg_temp.job(3)).attempts, (pg_temp.job(3)).source_url, (pg_temp.job(3)).request, (pg_temp.job(3)).due_at <= clock_timestamp())::text,
  '(,0,http://x/v?id=33,{},t)', 'and the job begins anew; nothing that was asked of the old one is asked of it');
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT (outcome, attempt, video_url)::text FROM thumbnails.claim(pg_temp.id(3), 30)), '(claimed,1,http://x/v?id=33)', 'with its first attempt');
TRUNCATE c;
INSERT INTO c SELECT * FROM thumbnails.claim(pg_temp.id(4), 30, NULL, false, 3.5);
SELECT pg_temp.move(4, 'http://x/v?id=44') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(((pg_temp.job(4)).token, (pg_temp.job(4)).attempts, (pg_temp.job(4)).request)::text, '(,0,{})', 'merged first, it is the same; a second of the old one is not asked of the new one');
SELECT is(thumbnails.complete(pg_temp.id(4), (SELECT token FROM c), 'http://p/' || pg_temp.key(4, 1), pg_temp.key(4, 1), '{}'), 'fenced', 'the old one''s picture is refused after it, too');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.key(4, 1)), 1::bigint, 'and its object is put down');
-- A failure of the old one says nothing of the new one.
TRUNCATE c;
INSERT INTO c SELECT * FROM thumbnails.claim(pg_temp.id(5), 30);
SELECT pg_temp.move(5, 'http://x/v?id=55') \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(5), (SELECT token FROM c), 'media', 'no video stream', false)), 'fenced', 'a final failure of the old one is refused');
SELECT is(pg_temp.state(5) || ((pg_temp.job(5)).due_at <= clock_timestamp()), 'pendingtrue', 'and the new one waits');
-- There is a picture of ours.
SELECT pg_temp.finish(6) \g /dev/null
SELECT is(pg_temp.state(6), 'completed', 'a picture of ours');
SELECT pg_temp.move(6, 'http://x/v?id=6&sig=2') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(6) || coalesce((pg_temp.job(6)).lane, -1), 'completed-1', 'stays as it is when the URL is signed anew');
CREATE TEMP TABLE shown AS SELECT thumbnail_url FROM videos WHERE id = pg_temp.id(6);
SELECT pg_temp.move(6, 'http://x/v?id=66') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(6) || (pg_temp.job(6)).lane, 'pending0', 'and is made anew of another video');
SELECT results_eq('SELECT thumbnail_url FROM videos WHERE id = pg_temp.id(6)', 'TABLE shown', 'the old one stands until then');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE video_id = pg_temp.id(6)), 0::bigint, 'with its object');
SELECT is(pg_temp.finish(6), 'ok', 'the new one');
SELECT is((SELECT array_agg(d.key) FROM thumbnails.object_deletions d WHERE video_id = pg_temp.id(6)), (SELECT array_agg(substr(thumbnail_url, 10)) FROM shown), 'replaces it');
SELECT is((SELECT thumbnail_metadata ? 'replaced' FROM videos WHERE id = pg_temp.id(6)), false, 'a picture of ours is not kept in the metadata');
-- Uploaded anew under the same row: made anew when it is finished.
UPDATE videos SET status = 'processing', video_url = 'http://x/v?id=661' WHERE id = pg_temp.id(6);
SELECT is(pg_temp.state(6) || pg_temp.hints(), 'pending0', 'a video that is uploaded anew waits');
UPDATE videos SET video_url = 'http://x/v?id=66', status = 'completed' WHERE id = pg_temp.id(6);
SELECT pg_temp.merge() \g /dev/null
SELECT is((pg_temp.job(6)).source_url, 'http://x/v?id=66', 'and is made when it is finished');
SELECT is(pg_temp.finish(6), 'ok', 'and then has its picture');
-- There and back again, before anybody has looked.
CREATE TEMP TABLE back AS SELECT thumbnail_url FROM videos WHERE id = pg_temp.id(6);
SELECT pg_temp.move(6, 'http://x/v?id=67'), pg_temp.move(6, 'http://x/v?id=66') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT ok(pg_temp.state(6) = 'completed' AND (pg_temp.job(6)) IS NULL OR pg_temp.state(6) = 'pending' AND (pg_temp.job(6)).video_id IS NOT NULL,
  'a URL that went and came back leaves a row that is completed, or has a job');
-- A worker claims what is due before the hint is merged, so the picture is of the video in between.
CREATE FUNCTION pg_temp.made_between(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  c thumbnails.claim_answer;
BEGIN
  INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(n), 'completed', 'http://x/a');
  PERFORM pg_temp.merge();
  UPDATE videos SET video_url = 'http://x/b' WHERE id = pg_temp.id(n);
  SELECT t.* INTO c FROM thumbnails.jobs j JOIN thumbnails.seen s ON s.id = j.video_id CROSS JOIN LATERAL thumbnails.take(j, s, 30) AS t WHERE j.video_id = pg_temp.id(n);
  RETURN c.video_url || ' ' || thumbnails.complete(pg_temp.id(n), c.token, 'http://p/' || pg_temp.key(n, c.token), pg_temp.key(n, c.token), '{}');
END $$;
SELECT is(pg_temp.made_between(30), 'http://x/b ok', 'a claim before the merge is of the video in between');
SELECT pg_temp.move(30, 'http://x/a') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(30) || ' ' || (pg_temp.job(30)).source_url, 'pending http://x/a', 'so the first is made again when its URL comes back');
SELECT is(pg_temp.made_between(31), 'http://x/b ok', 'another such claim');
SELECT pg_temp.move(31, 'http://x/b?token=2') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(31) || coalesce((pg_temp.job(31)).lane, -1), 'completed-1', 'and nothing is if it stays');
-- Not finished, noted as a generated URL is, and the row takes no state for a while.
SELECT is(pg_temp.made_between(32), 'http://x/b ok', 'and another');
CREATE FUNCTION habit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no states now'; END $$;
CREATE TRIGGER habit BEFORE UPDATE OF thumbnail_generation_status ON videos FOR EACH ROW EXECUTE FUNCTION habit();
SET LOCAL session_replication_role = replica;
UPDATE videos SET status = 'processing', video_url = 'http://x/a' WHERE id = pg_temp.id(32);
SET LOCAL session_replication_role = origin;
INSERT INTO thumbnails.inbox (video_id, reason, old_source) VALUES (pg_temp.id(32), 'source', 'http://x/b');
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT (reason, old_source)::text FROM thumbnails.set_aside WHERE video_id = pg_temp.id(32)), '(source,http://x/b)', 'what cannot be shown is set aside with what its picture was made of');
DROP TRIGGER habit ON videos;
SELECT thumbnails.hint_again(10, false) \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(32), 'pending', 'and shown later');
-- A picture from outside is nobody's to replace.
UPDATE videos SET thumbnail_url = 'http://elsewhere/7.jpg' WHERE id = pg_temp.id(7);
SELECT pg_temp.merge() \g /dev/null
SELECT pg_temp.move(7, 'http://x/v?id=77') \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT (thumbnail_url, thumbnail_generation_status)::text FROM videos WHERE id = pg_temp.id(7)) || coalesce((pg_temp.job(7)).lane, -1),
  '(http://elsewhere/7.jpg,completed)-1', 'a picture from outside stays when the URL changes');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(7), 30)), 'completed', 'also for a webhook');

-- Rewritten URLs, with `thumbnails.hold`.
SELECT pg_temp.finish(8) \g /dev/null
CREATE TEMP TABLE before AS SELECT v.id, v.thumbnail_url, v.thumbnail_generation_status, v.thumbnail_metadata FROM videos v;
UPDATE thumbnails.jobs SET attempts = 2 WHERE video_id = pg_temp.id(9);
SET LOCAL thumbnails.hold = 'on';
UPDATE videos SET video_url = replace(video_url, 'http://x/', 'https://cdn.example/x/');
SET LOCAL thumbnails.hold = true;
UPDATE videos SET video_url = replace(video_url, 'https://cdn.example/x/', 'https://cdn.example/y/');
SET LOCAL thumbnails.hold = T;
UPDATE videos SET video_url = replace(video_url, 'https://cdn.example/y/', 'https://cdn.example/z/');
SET LOCAL thumbnails.hold = 1;
UPDATE videos SET video_url = replace(video_url, 'https://cdn.example/z/', 'https://cdn.example/x/');
SELECT is(pg_temp.hints(), 0::bigint, 'while held, in whatever word, rewritten URLs give no hint');
SELECT set_eq('SELECT v.id, v.thumbnail_url, v.thumbnail_generation_status, v.thumbnail_metadata FROM videos v', 'TABLE before', 'and change no state');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(20), 'completed', 'http://x/20');
INSERT INTO videos (id, status) VALUES (pg_temp.id(21), 'processing');
UPDATE videos SET status = 'completed', video_url = 'http://x/21' WHERE id = pg_temp.id(21);
UPDATE videos SET video_url = 'https://cdn.example/8', thumbnail_url = NULL WHERE id = pg_temp.id(8);
SELECT is((SELECT array_agg(right(video_id::text, 2) || reason ORDER BY id) FROM thumbnails.inbox), ARRAY['20finished', '21finished', '08picture'],
  'what is finished, and a picture that is taken away, are noticed all the same');
SELECT is(ARRAY[pg_temp.state(20), pg_temp.state(21), pg_temp.state(8)], ARRAY['pending', 'pending', 'pending'], 'and shown');
SET LOCAL thumbnails.hold = 'off';
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT (outcome, attempt, video_url)::text FROM thumbnails.claim(pg_temp.id(9), 30)), '(claimed,1,https://cdn.example/x/v?id=9)', 'what waited is made of the rewritten URL, with its first attempt');
SELECT is(pg_temp.finish(6), 'completed', 'what had its picture keeps it');
SELECT pg_temp.move(7, 'http://x/v?id=78'), pg_temp.move(2, 'http://x/v?id=22') \g /dev/null
SELECT is((SELECT array_agg(right(video_id::text, 1) ORDER BY id) FROM thumbnails.inbox), ARRAY['7', '2'], 'afterwards another video is another video');

-- No URL.
SELECT pg_temp.merge() \g /dev/null
SELECT pg_temp.move(20, NULL), pg_temp.move(21, E' \n') \g /dev/null
UPDATE videos SET video_url = '' WHERE id = pg_temp.id(8);
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT array_agg((thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)::text) FROM videos WHERE id IN (pg_temp.id(8), pg_temp.id(20), pg_temp.id(21))),
  array_fill('(failed,"Video URL is null",media)'::text, ARRAY[3]), 'NULL, '''' and blanks are no URL: a failure with a reason');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id IN (pg_temp.id(8), pg_temp.id(20), pg_temp.id(21))), 0::bigint, 'and no work');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(8), 30)), 'exhausted', 'not for a webhook either');
SELECT pg_temp.move(20, 'http://x/20') \g /dev/null
SELECT is(pg_temp.state(20), 'pending', 'a URL that comes starts it');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.finish(20), 'ok', 'and it gets its picture');
-- A picture of ours whose video goes is left alone.
SELECT pg_temp.move(20, '') \g /dev/null
SELECT is(pg_temp.state(20), 'completed', 'a URL that goes is no reason to wait for another picture');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(20) || coalesce((pg_temp.job(20)).lane, -1), 'completed-1', 'a URL that goes takes no picture with it');
SELECT pg_temp.move(20, 'http://x/201') \g /dev/null
SELECT pg_temp.move(20, NULL) \g /dev/null
SELECT pg_temp.merge() \g /dev/null
SELECT ok(pg_temp.state(20) = 'completed' AND (pg_temp.job(20)) IS NULL, 'nor leaves the row waiting for one that nobody makes');
SELECT * FROM finish();
ROLLBACK;
