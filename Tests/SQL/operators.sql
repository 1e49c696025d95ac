-- What people do: find, dismiss, cancel, pause.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(109);
DELETE FROM videos;
SELECT thumbnails.merge(1000) \g /dev/null
DELETE FROM thumbnails.events;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
-- The last digits of what a filter finds, in its order.
CREATE FUNCTION pg_temp.found(p_filter text, p_order text DEFAULT 'newest', p_limit integer DEFAULT 50) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(right(v ->> 'id', 1), '' ORDER BY place), '')
    FROM jsonb_array_elements(thumbnails.find_videos(p_filter::jsonb, p_order, NULL, NULL, p_limit) -> 'videos') WITH ORDINALITY AS l (v, place) $$;
CREATE FUNCTION pg_temp.act(p_action text, p_filter text, p_limit integer DEFAULT 1000) RETURNS text LANGUAGE sql AS $$
  SELECT (thumbnails.act(p_action, p_filter::jsonb, p_limit, NULL, 'Ann') - 'before')::text $$;
CREATE FUNCTION pg_temp.said(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(e.text, '-'), ', ' ORDER BY e.id) FROM thumbnails.events e WHERE e.video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.row_of(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT (v.thumbnail_generation_status, v.thumbnail_generation_error, v.thumbnail_generation_error_code)::text FROM videos v WHERE v.id = pg_temp.id(n) $$;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder') ON CONFLICT DO NOTHING;
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, user_id, status, title, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
  thumbnail_generation_attempts, thumbnail_generation_last_attempt_at, created_at)
SELECT pg_temp.id(n), CASE WHEN n % 2 = 0 THEN '00000000-0000-4000-9000-00000000000a'::uuid END, 'completed', title, url, picture, state, error, code, attempts, now() - make_interval(mins => n), now() - interval '1 d'
  FROM (VALUES (1, 'A holiday', 'https://u:p@one.example:8443/sea.mp4?token=secret', NULL, 'failed', 'no video stream', 'media', 1),
               (2, 'Ünder water', 'https://two.example/deep.mp4', NULL, 'failed', 'the origin answered 404', 'source', 3),
               (3, '100%_sure', 'https://ONE.example:8443/b.mp4', NULL, 'failed', 'the origin answered 404', 'source', 1),
               (4, 'it''s \ quoted', 'https://two.example?x', NULL, 'failed', NULL, NULL, 3),
               (5, 'Waits', 'https://one.example/c.mp4', NULL, 'pending', NULL, NULL, 0),
               (6, 'Waits, too', 'https://one.example/d.mp4', NULL, 'pending', NULL, NULL, 0),
               (7, 'Done', 'https://one.example/e.mp4', 'https://p/e.jpg', 'completed', NULL, NULL, 1),
               (8, 'Made again', 'https://one.example/f.mp4', 'https://p/f.jpg', 'pending', NULL, NULL, 0)) AS v (n, title, url, picture, state, error, code, attempts);
ALTER TABLE videos ENABLE TRIGGER USER;
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, attempts, source_url, old_thumbnail, request)
SELECT v.id, 1, coalesce(left(thumbnails.hash(v.user_id::text), 16), ''), now() + CASE WHEN v.thumbnail_generation_status = 'failed' THEN interval '1 min' ELSE '0' END, v.thumbnail_generation_attempts, v.video_url,
       v.thumbnail_url, CASE WHEN v.title = 'Made again' THEN '{"regenerate": true}' ELSE '{}' END::jsonb
  FROM videos v WHERE v.id IN (pg_temp.id(3), pg_temp.id(5), pg_temp.id(6), pg_temp.id(8));

-- Finding.
SELECT is(pg_temp.found(f, o), expected, 'found: ' || f || ' ' || o) FROM (VALUES
  ('{}', 'newest', '12345678'), ('{}', 'oldest', '87654321'), ('{"state": "failed"}', 'newest', '1234'), ('{"state": "pending"}', 'newest', '568'),
  ('{"state": "completed"}', 'newest', '7'), ('{"state": "processing"}', 'newest', ''), ('{"state": "dismissed"}', 'newest', ''),
  ('{"text": "00000000-0000-4000-8000-000000000002"}', 'newest', '2'), ('{"text": "00000000"}', 'newest', '12345678'), ('{"text": "000000000000400080000000000000000"}', 'newest', ''),
  ('{"text": "HOLI"}', 'newest', '1'), ('{"text": "ünDER"}', 'newest', '2'), ('{"text": "%"}', 'newest', '3'), ('{"text": "_"}', 'newest', '3'), ('{"text": "it''s \\"}', 'newest', '4'), ('{"text": "deep.mp4"}', 'newest', '2'),
  ('{"text": "one.example"}', 'newest', '135678'), ('{"text": "secret"}', 'newest', ''), ('{"text": "token"}', 'newest', ''),
  ('{"class": "source"}', 'newest', '23'), ('{"class": "media,forbidden"}', 'newest', '1'), ('{"class": "media,source"}', 'newest', '123'), ('{"class": ""}', 'newest', ''), ('{"class": "unknown", "state": "failed"}', 'newest', '4'), ('{"reason": "the origin answered 404", "text": "deep"}', 'newest', '2'),
  ('{"host": "one.example:8443"}', 'newest', '13'), ('{"host": "Two.example"}', 'newest', '24'), ('{"host": "example"}', 'newest', ''),
  ('{"tenant": "00000000-0000-4000-9000-00000000000A"}', 'newest', '2468'), ('{"ids": ["00000000-0000-4000-8000-000000000003"]}', 'newest', '3'), ('{"ids": []}', 'newest', '')) AS f (f, o, expected);
SELECT is(pg_temp.found(jsonb_build_object('tenant', left(thumbnails.hash('00000000-0000-4000-9000-00000000000a'), 16))::text), '2468', 'found by the queue''s name for an uploader');
SELECT is(pg_temp.found(jsonb_build_object('since', now() - interval '150 s')::text), '12', 'found since');
SELECT is(pg_temp.found(jsonb_build_object('until', now() - interval '150 s', 'state', 'failed')::text), '34', 'found until');
-- Page by page, each once, whatever comes in front meanwhile.
CREATE TEMP TABLE page AS SELECT thumbnails.find_videos('{}', 'newest', NULL, NULL, 3) AS p;
SELECT is((SELECT p ->> 'total' FROM page), '8', 'how many there are');
UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE id = pg_temp.id(6);
SELECT is((SELECT string_agg(right(v ->> 'id', 1), '') FROM page, LATERAL thumbnails.find_videos('{}', 'newest', (p #>> '{next,at}')::bigint, (p #>> '{next,id}')::uuid, 9) AS n, jsonb_array_elements(n -> 'videos') AS v),
  '4578', 'the next page');
SELECT is((SELECT thumbnails.find_videos('{}', 'newest', (p #>> '{next,at}')::bigint, (p #>> '{next,id}')::uuid, 9) ->> 'next' FROM page), NULL, 'is the last');
SELECT is(thumbnails.find_videos('{}', NULL, NULL, NULL, 3) ->> 'total', NULL, 'what happened last is not counted');

-- Dismissing.
SELECT is(pg_temp.act('dismiss', '{"state": "failed"}', 0), '{"success": true, "processed": 0, "remaining": 3}', 'how many there would be: not what is tried again');
SELECT is((thumbnails.look() #>> '{health,failedCount}', thumbnails.look() #>> '{health,successRatePercent}')::text, '(4,20.00)', 'failed, before');
SELECT is(pg_temp.act('dismiss', '{"state": "failed"}', 2), '{"success": true, "processed": 2, "remaining": 1}', 'as many as asked for');
SELECT is(pg_temp.found('{"state": "failed"}') || ' ' || pg_temp.found('{"state": "dismissed"}'), '34 12', 'out of the list');
SELECT is((thumbnails.look() #>> '{health,failedCount}', thumbnails.look() #>> '{health,successRatePercent}', thumbnails.look() #>> '{health,dismissedCount}')::text, '(2,33.33,2)', 'and out of the rate');
SELECT is(jsonb_path_query_array(thumbnails.look(), '$.failures[*].count')::text, '[1, 1]', 'and out of the reasons');
SELECT is(pg_temp.said(1), 'dismissed by Ann', 'in its history');
SELECT is(pg_temp.act('dismiss', '{"state": "dismissed"}'), '{"success": true, "processed": 0, "remaining": 0}', 'once');
SELECT is(pg_temp.act('restore', jsonb_build_object('ids', ARRAY[pg_temp.id(1)])::text), '{"success": true, "processed": 1, "remaining": 0}', 'taken back');
SELECT is(pg_temp.found('{"state": "failed"}') || ' ' || pg_temp.said(1), '134 dismissed by Ann, brought back by Ann', 'it is there again');
SELECT is(pg_temp.act('retry', '{"state": "dismissed"}'), '{"success": true, "processed": 1, "remaining": 0}', 'one that was dismissed is started again');
SELECT is((SELECT count(*) FROM thumbnails.dismissed), 0::bigint, 'and no longer is');
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
SELECT is((SELECT f.outcome FROM c, thumbnails.fail(pg_temp.id(2), token, 'media', 'x', false) AS f), 'ok', 'it fails again');
SELECT is(pg_temp.found('{"state": "failed"}'), '2134', 'and is seen');
SELECT thumbnails.dismiss(ARRAY[pg_temp.id(2)], 'Ann') \g /dev/null
SAVEPOINT dismissed;
UPDATE videos SET thumbnail_url = 'https://two.example/own.jpg' WHERE id = pg_temp.id(2);
SELECT alike(pg_temp.found('{"state": "completed"}', NULL), '%2%', 'with a picture from outside it is among the completed ones');
SELECT alike(pg_temp.found('{}', NULL), '%2%', 'and the recent ones');
ROLLBACK TO dismissed;
UPDATE videos SET video_url = 'https://two.example/other.mp4' WHERE id = pg_temp.id(2);
SELECT thumbnails.merge(10) \g /dev/null
TRUNCATE c;
INSERT INTO c SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
SELECT is((SELECT f.outcome FROM c, thumbnails.fail(pg_temp.id(2), token, 'media', 'y', false) AS f), 'ok', 'another video in its place fails');
SELECT is(pg_temp.found('{"state": "failed"}'), '2134', 'that one was not dismissed');

-- Cancelling.
SELECT is(pg_temp.act('cancel', '{"state": "pending"}', 0), '{"success": true, "processed": 0, "remaining": 3}', 'what would be cancelled');
SELECT is(pg_temp.act('cancel', '{"text": "waits, too"}'), '{"success": true, "processed": 1, "remaining": 0}', 'one that waits is cancelled');
SELECT is(pg_temp.row_of(6) || ' ' || pg_temp.said(6), '(failed,"cancelled by Ann",request) cancelled by Ann, dismissed by Ann', 'its row says so');
SELECT is((thumbnails.find_videos('{"state": "dismissed"}', 'newest', NULL, NULL, 9) #>> '{videos,0,title}'), 'Waits, too', 'it counts as no failure');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(6)), 0::bigint, 'nobody will make it');
UPDATE videos SET created_at = now() - interval '1 year' WHERE id = pg_temp.id(6);
SELECT thumbnails.sweep(false), thumbnails.merge(10) \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(6)), 0::bigint, 'no sweep either');
SELECT is(thumbnails.cancel(pg_temp.id(8), 'Ann'), true, 'one that has a picture and waits for another');
SELECT is(pg_temp.row_of(8), '(completed,,)', 'is as it was');
-- One that is not finished by now, and is another video.
SAVEPOINT unfinished;
UPDATE videos SET status = 'processing', video_url = 'https://one.example/other.mp4' WHERE id = pg_temp.id(5);
SELECT is(pg_temp.act('cancel', jsonb_build_object('ids', ARRAY[pg_temp.id(5)])::text), '{"success": true, "processed": 1, "remaining": 0}', 'one that became another video, not yet finished');
SELECT is((SELECT count(*)::text FROM thumbnails.jobs WHERE video_id = pg_temp.id(5)) || ' ' || pg_temp.row_of(5), '0 (failed,"cancelled by Ann",request)', 'waits no more');
SELECT is((thumbnails.timeline(pg_temp.id(5)) ->> 'dismissed') || ' ' || pg_temp.found('{"state": "dismissed"}'), 'true 65', 'and is dismissed');
SELECT is(pg_temp.act('restore', jsonb_build_object('ids', ARRAY[pg_temp.id(5)])::text), '{"success": true, "processed": 1, "remaining": 0}', 'which can be taken back');
ROLLBACK TO unfinished;
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(5), 30)), 'claimed', 'one is at work');
SELECT is(pg_temp.act('cancel', '{}', 0), '{"success": true, "processed": 0, "remaining": 1}', 'which is not cancelled');

-- One that was just announced.
SAVEPOINT announced;
DELETE FROM thumbnails.jobs;
INSERT INTO videos (id, user_id, status, video_url, title) SELECT pg_temp.id(n), '00000000-0000-4000-9000-0000000000b1', 'completed', 'https://one.example/b' || n, 'b' FROM generate_series(61, 63) AS n;
SELECT is(pg_temp.act('cancel', jsonb_build_object('ids', ARRAY[pg_temp.id(61)])::text), '{"success": true, "processed": 1, "remaining": 0}', 'one that was just announced is cancelled');
SELECT is((SELECT array_agg(j.due_at < 'infinity') FROM thumbnails.jobs AS j), ARRAY[true, true], 'and the next of its uploader''s takes its place');
ROLLBACK TO announced;

-- Pausing.
DELETE FROM thumbnails.jobs;
SELECT is(thumbnails.pause(NULL, NULL, E'Ann\n', 'the store moves') ->> 'processed', '1', 'all is paused');
SELECT is(thumbnails.pause(NULL, NULL, 'Bob', NULL) ->> 'processed', '0', 'once');
SELECT is(thumbnails.look() -> 'paused' #>> '{0,text}', 'paused by Ann: the store moves', 'by whom and why');
INSERT INTO videos (id, user_id, status, video_url) VALUES (pg_temp.id(11), '00000000-0000-4000-9000-00000000000a', 'completed', 'http://x/11'), (pg_temp.id(12), NULL, 'completed', 'http://x/12');
SELECT is((SELECT (outcome, retry_after_seconds, detail)::text FROM thumbnails.claim_next(30, 'h')), '(paused,60,"paused by Ann: the store moves")', 'no worker takes anything');
SELECT is((SELECT (outcome, class)::text FROM thumbnails.claim(pg_temp.id(11), 30, p_host := 'h')), '(paused,manual)', 'not by its id either, and it is nobody''s fault');
SELECT is((SELECT count(*) FROM thumbnails.due_videos(5, '{}')), 0::bigint, 'and nobody is woken');
SELECT is(thumbnails.look() -> 'breakers', '[]', 'it is no fault');
SELECT is(thumbnails.resume(NULL, NULL) ->> 'processed', '1', 'resumed');
SELECT thumbnails.pause('00000000-0000-4000-9000-00000000000a', NULL, 'Ann', NULL) \g /dev/null
SELECT is((SELECT video_id FROM thumbnails.claim_next(30, 'h')), pg_temp.id(12), 'an uploader is paused: the others go on');
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'h')), 'none', 'its own do not');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(11), 30, p_host := 'h')), '(not_due,"paused by Ann")', 'by no way, and it is said why');
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is((SELECT due_at FROM thumbnails.jobs WHERE video_id = pg_temp.id(11)), 'infinity', 'nor is it admitted');
-- Nor what a worker has lost; a result that still comes is good.
UPDATE thumbnails.jobs SET token = nextval('thumbnails.tokens'), claimed_at = now() - interval '1 min', attempts = 1, due_at = now() - interval '1 s' WHERE video_id = pg_temp.id(11);
SAVEPOINT lost;
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'h')), 'none', 'nor what a worker has lost');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(11), 30, p_host := 'h')), 'busy', 'for the next minute');
SELECT is((SELECT due_at BETWEEN now() + interval '50 s' AND now() + interval '70 s' FROM thumbnails.jobs WHERE video_id = pg_temp.id(11)), true, 'when it is looked at again');
SELECT is((SELECT thumbnails.complete(video_id, token, 'http://p/11.jpg', 'thumbnails/11', '{}') FROM thumbnails.jobs WHERE video_id = pg_temp.id(11)), 'ok', 'a late result is good');
ROLLBACK TO lost;
UPDATE thumbnails.jobs SET token = NULL, attempts = 0, due_at = 'infinity' WHERE video_id = pg_temp.id(11);
SELECT is(thumbnails.resume('00000000-0000-4000-9000-00000000000A', NULL) ->> 'processed', '1', 'resumed, however it is spelled');
SELECT thumbnails.pause(NULL, 'h', 'Ann', NULL) \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.claim_next(30, 'h')), 'paused', 'a host is paused');
CREATE TEMP TABLE d AS SELECT * FROM thumbnails.claim_next(30, 'other');
SELECT is((SELECT video_id FROM d), pg_temp.id(11), 'another one goes on, also with what waited');
SELECT is((SELECT thumbnails.complete(pg_temp.id(11), token, 'http://p/11.jpg', 'thumbnails/11', '{}', p_host := 'h') FROM d), 'ok', 'what is in hand there is finished');
SELECT is((SELECT count(*) FROM thumbnails.breakers WHERE host = 'h'), 1::bigint, 'and it stays paused');

-- What has a picture and waits for another is among what waits, too, and can be cancelled there.
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(13), 'completed', 'http://x/13', 'http://x/13.jpg');
SELECT thumbnails.fail(pg_temp.id(13), token, 'storage', 'down', NULL) FROM thumbnails.claim(pg_temp.id(13), 30, NULL, true) \g /dev/null
SELECT is((SELECT count(*)::text FROM videos WHERE thumbnail_generation_status = 'pending') || ' ' || pg_temp.found('{"state": "pending"}'), '1 3', 'listed as it is counted');
SELECT is(pg_temp.act('cancel', '{"state": "pending", "text": "13"}'), '{"success": true, "processed": 1, "remaining": 0}', 'and cancelled');
-- What was dismissed, and has failed or been made since, is nothing to bring back.
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error_code = 'media', thumbnail_generation_last_attempt_at = now() WHERE id = pg_temp.id(11);
SELECT is(thumbnails.dismiss(ARRAY[pg_temp.id(11)], 'Ann'), 1, 'dismissed');
SELECT is(thumbnails.dismiss(ARRAY[pg_temp.id(11)], 'Bob'), 0, 'once, whoever presses');
INSERT INTO thumbnails.dismissed (video_id) VALUES (gen_random_uuid());
SELECT thumbnails.dismiss('{}', 'Ann') \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.dismissed d WHERE NOT EXISTS (SELECT FROM videos v WHERE v.id = d.video_id)), 0::bigint, 'a video that is deleted is forgotten');
UPDATE videos SET thumbnail_generation_status = 'completed' WHERE id = pg_temp.id(11);
SELECT is(pg_temp.act('restore', jsonb_build_object('ids', ARRAY[pg_temp.id(11)])::text), '{"success": true, "processed": 0, "remaining": 0}', 'and made since');

-- So many lack a picture that nobody wants to wait for an order: what failed comes by its history, what has none and what waits by the id; each
-- once, page by page.
DELETE FROM videos;
SELECT thumbnails.merge(20000) \g /dev/null
DELETE FROM thumbnails.events;
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, created_at, thumbnail_generation_last_attempt_at)
SELECT pg_temp.id(n), 'completed', 'http://x/' || n, CASE WHEN n <= 30 THEN 'failed' ELSE 'pending' END, now() - interval '1 d', now() - make_interval(secs => n) FROM generate_series(1, 10000) AS n;
ALTER TABLE videos ENABLE TRIGGER USER;
-- The odd ones have failed, the later the larger; the first of them twice, and one again that has been completed since.
INSERT INTO thumbnails.events (video_id, to_status, at)
SELECT pg_temp.id(n), 'failed', now() - make_interval(mins => 100 - n) FROM generate_series(1, 29, 2) AS n
UNION ALL SELECT pg_temp.id(1), 'failed', now() UNION ALL SELECT pg_temp.id(10001), 'failed', now();
CREATE FUNCTION pg_temp.paged(p_filter jsonb, p_order text, p_limit integer) RETURNS text LANGUAGE sql AS $$
  WITH RECURSIVE pages AS (
    SELECT 1 AS n, thumbnails.find_videos(p_filter, p_order, NULL, NULL, p_limit) AS page
    UNION ALL
    SELECT n + 1, thumbnails.find_videos(p_filter, p_order, (page #>> '{next,at}')::bigint, (page #>> '{next,id}')::uuid, p_limit) FROM pages WHERE page ->> 'next' IS NOT NULL AND n < 40)
  SELECT string_agg((SELECT coalesce(string_agg(ltrim(right(v ->> 'id', 12), '0'), ' ' ORDER BY i), '') FROM jsonb_array_elements(page -> 'videos') WITH ORDINALITY AS l (v, i)), ',' ORDER BY n) FROM pages $$;
SELECT is(pg_temp.paged('{"state": "failed"}', NULL, 16), '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16,17 18 19 20 21 22 23 24 25 26 27 28 29 30', 'up to 10,000 are put in order');
SELECT is(thumbnails.find_videos('{"state": "failed"}', NULL, NULL, NULL, 5) ->> 'total', '30', 'and counted');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(10001), 'completed', 'http://x/10001');
SELECT is(pg_temp.paged('{"state": "failed"}', NULL, 8), '1 29 27 25 23 21 19 17,15 13 11 9 7 5 3 2,4 6 8 10 12 14 16 18,20 22 24 26 28 30', 'of more, what failed last comes first');
SELECT is(pg_temp.paged('{"state": "failed"}', NULL, 15), '1 29 27 25 23 21 19 17 15 13 11 9 7 5 3,2 4 6 8 10 12 14 16 18 20 22 24 26 28 30', 'also where a page ends with the history');
SELECT is(thumbnails.find_videos('{"state": "failed"}', NULL, NULL, NULL, 5) ->> 'total', NULL, 'not counted');
SELECT is(pg_temp.paged('{"state": "failed"}', 'oldest', 30), '30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1', 'but by an order');
SELECT is((SELECT array_length(string_to_array(replace(pg_temp.paged('{"state": "pending"}', NULL, 500), ',', ' '), ' '), 1)), 9971, 'all that waits');
SELECT is(left(pg_temp.paged('{"state": "pending"}', NULL, 200), 23), '31 32 33 34 35 36 37 38', 'by its id');

-- Who asks for all that had failed an hour ago skips what has failed since, but not what failed while the database's clock was ahead.
ALTER TABLE videos DISABLE TRIGGER USER;
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_last_attempt_at)
SELECT pg_temp.id(20000 + n), 'completed', 'http://x/' || n, 'failed', 'source', 3, clock_timestamp() + (ARRAY['-2 hours', '-30 minutes', '1 day']::text[])[n]::interval
  FROM generate_series(1, 3) AS n;
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT is(thumbnails.act('retry', jsonb_build_object('ids', ARRAY(SELECT pg_temp.id(20000 + n) FROM generate_series(1, 3) AS n)), 10, now() - interval '1 hour', 'Ann') ->> 'processed', '2', 'two of three');
SELECT is((SELECT string_agg(v.thumbnail_generation_status, ' ' ORDER BY v.id) FROM videos v WHERE v.id > pg_temp.id(20000)), 'pending failed pending', 'not the one that has failed since');
SELECT * FROM finish();
ROLLBACK;
