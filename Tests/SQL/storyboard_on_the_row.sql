-- The storyboard on a row: it is the video's, and stays as long as that does, whatever becomes of the thumbnail.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(22);
DELETE FROM videos;
DELETE FROM thumbnails.jobs;
DELETE FROM thumbnails.inbox;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.url(n integer, token bigint, extension text) RETURNS text LANGUAGE sql AS $$
  SELECT format('http://p/thumbnails/%s/0123456789abcdef-%s%s', pg_temp.id(n), token, extension) $$;
CREATE FUNCTION pg_temp.key(url text) RETURNS text LANGUAGE sql AS $$ SELECT substring(url FROM 'thumbnails/.*') $$;
CREATE FUNCTION pg_temp.board(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.method(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(thumbnail_metadata ->> 'method', thumbnail_metadata ->> 'source') FROM videos WHERE id = pg_temp.id(n) $$;
-- Makes the thumbnail of a claim; makes the storyboard, from request to the row, and gives its URL.
CREATE FUNCTION pg_temp.make(n integer, token bigint, method text) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete(pg_temp.id(n), token, pg_temp.url(n, token, '.jpg'), pg_temp.key(pg_temp.url(n, token, '.jpg')), jsonb_build_object('method', method)) $$;
CREATE FUNCTION pg_temp.make_board(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  token bigint;
BEGIN
  PERFORM thumbnails.request_storyboard(pg_temp.id(n)), set_config('thumbnails.claim_marks', '', false);
  UPDATE thumbnails.jobs AS j SET lane = 0, due_at = '2000-01-01' WHERE j.video_id = pg_temp.id(n) AND j.kind = 'storyboard';
  token := (thumbnails.claim_next(30)).token;
  PERFORM thumbnails.complete_storyboard(pg_temp.id(n), token, jsonb_build_object('url', pg_temp.url(n, token, '.vtt')), pg_temp.key(pg_temp.url(n, token, '.vtt')), 0);
  RETURN pg_temp.board(n);
END $$;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', format('http://x/%s.mp4', n) FROM generate_series(1, 4) AS n;
CREATE TEMP TABLE c AS SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(1, 4) AS n;
CREATE FUNCTION pg_temp.again(n integer, method text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  token bigint := (thumbnails.claim(pg_temp.id(n), 30, NULL, true)).token;
BEGIN
  RETURN pg_temp.make(n, token, method);
END $$;

-- A result that waits to be written, as one does for which the row is locked.
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not yet'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON videos FOR EACH ROW WHEN (NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url) EXECUTE FUNCTION pg_temp.refuse();
SELECT is((SELECT pg_temp.make(n, token, 'first') FROM c WHERE n = 1), 'kept', 'a thumbnail is kept');
CREATE TEMP TABLE board AS SELECT 1 AS n, pg_temp.make_board(1) AS url;
SELECT ok((SELECT url IS NOT NULL FROM board), 'meanwhile a storyboard is made');
DROP TRIGGER refuse ON videos;
UPDATE thumbnails.jobs SET due_at = now() - interval '1 s' WHERE video_id = pg_temp.id(1);
SELECT thumbnails.look_after(10) \g /dev/null
SELECT is(pg_temp.method(1), 'first', 'the thumbnail is written');
SELECT is(pg_temp.board(1), (SELECT url FROM board WHERE n = 1), 'and the storyboard stays');
SELECT is(pg_temp.again(1, 'second'), 'ok', 'a new thumbnail');
SELECT is((pg_temp.method(1), pg_temp.board(1)), ('second'::text, (SELECT url FROM board WHERE n = 1)), 'leaves it, too');

-- What the platform writes while a claim waits for the row, which it has read before.
SELECT pg_temp.make(n, token, 'first') FROM c WHERE n = 2 \g /dev/null
INSERT INTO board VALUES (2, pg_temp.make_board(2));
INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url, old_thumbnail, request)
SELECT s.id, 0, now(), s.source, s.picture, '{"aspectRatio": "9:16", "regenerate": true}' FROM thumbnails.seen AS s WHERE s.id = pg_temp.id(2);
CREATE TEMP TABLE seen AS SELECT s AS video FROM thumbnails.seen AS s WHERE s.id = pg_temp.id(2);
UPDATE videos SET thumbnail_metadata = thumbnail_metadata || '{"mine": 1}' WHERE id = pg_temp.id(2);
SELECT is((SELECT (thumbnails.take(j, s.video::thumbnails.seen, 30)).outcome FROM thumbnails.jobs AS j, seen AS s WHERE j.video_id = pg_temp.id(2)), 'claimed', 'a claim with a wish');
SELECT is((SELECT (thumbnail_metadata ->> 'mine', thumbnail_metadata #>> '{requested,aspectRatio}') FROM videos WHERE id = pg_temp.id(2)), ('1'::text, '9:16'::text),
  'leaves what is written meanwhile');

-- A row that was loaded before and is saved whole; a user's own thumbnail; another URL of the same video.
SELECT pg_temp.make(n, token, 'first') FROM c WHERE n = 3 \g /dev/null
CREATE TEMP TABLE loaded AS SELECT * FROM videos WHERE id = pg_temp.id(3);
CREATE FUNCTION pg_temp.save() RETURNS void LANGUAGE sql AS $$
  UPDATE videos AS v SET (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata)
    = (SELECT l.status, l.video_url, l.thumbnail_url, l.thumbnail_generation_status, l.thumbnail_metadata FROM loaded AS l) WHERE v.id = pg_temp.id(3) $$;
INSERT INTO board VALUES (3, pg_temp.make_board(3));
SELECT pg_temp.save() \g /dev/null
SELECT is((pg_temp.method(3), pg_temp.board(3)), ('first'::text, (SELECT url FROM board WHERE n = 3)), 'it outlasts a row that was loaded before it was there');
UPDATE loaded SET thumbnail_metadata = (SELECT v.thumbnail_metadata FROM videos AS v WHERE v.id = pg_temp.id(3));
UPDATE board SET url = pg_temp.make_board(3) WHERE n = 3;
SELECT pg_temp.save() \g /dev/null
SELECT is(pg_temp.board(3), (SELECT url FROM board WHERE n = 3), 'and one that was loaded with the one before it');
UPDATE videos SET thumbnail_url = 'http://elsewhere/3.jpg' WHERE id = pg_temp.id(3);
SELECT is((pg_temp.method(3), pg_temp.board(3)), ('external'::text, (SELECT url FROM board WHERE n = 3)), 'a user''s own thumbnail leaves it');
UPDATE videos SET video_url = 'http://x/3.mp4?Signature=y' WHERE id = pg_temp.id(3);
SELECT is(pg_temp.board(3), (SELECT url FROM board WHERE n = 3), 'so does a fresh signature');
SET LOCAL thumbnails.hold = 'on';
UPDATE videos SET video_url = 'http://cdn/3.mp4' WHERE id = pg_temp.id(3);
SET LOCAL thumbnails.hold = '';
SELECT is(pg_temp.board(3), (SELECT url FROM board WHERE n = 3), 'and an address that is said to be the same video''s');
SELECT is(pg_temp.again(3, 'third'), 'ok', 'a new thumbnail');
SELECT is((pg_temp.method(3), pg_temp.board(3)), ('third'::text, (SELECT url FROM board WHERE n = 3)), 'leaves it there, too');
UPDATE videos SET video_url = NULL WHERE id = pg_temp.id(3);
SELECT is(pg_temp.board(3), (SELECT url FROM board WHERE n = 3), 'and so does a video that is taken away');

-- Another video.
UPDATE videos SET thumbnail_url = 'http://elsewhere/4.jpg' WHERE id = pg_temp.id(4);
INSERT INTO board VALUES (4, pg_temp.make_board(4));
CREATE TEMP TABLE stale AS SELECT * FROM videos WHERE id = pg_temp.id(4);
UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = pg_temp.id(4);
SELECT is((pg_temp.method(4), pg_temp.board(4)), ('external'::text, NULL::text), 'another video''s row does not show it');
UPDATE videos AS v SET video_url = 'http://x/third.mp4', thumbnail_metadata = s.thumbnail_metadata FROM stale AS s WHERE v.id = s.id;
SELECT is(pg_temp.board(4), NULL, 'nor does a third one''s that is saved with it');

-- Metadata of any shape.
CREATE TEMP TABLE odd AS SELECT row_number() OVER () AS n, m FROM unnest(ARRAY[NULL, '"storyboard"', '["storyboard"]', '1']::jsonb[]) AS m;
INSERT INTO videos (id, status, video_url, thumbnail_metadata) SELECT pg_temp.id(10 + n::integer), 'completed', 'http://x/1' || n, m FROM odd;
UPDATE videos SET status = 'processing' WHERE video_url LIKE 'http://x/1_';
UPDATE videos SET status = 'completed' WHERE video_url LIKE 'http://x/1_';
SELECT is((SELECT count(*) FROM videos WHERE id >= pg_temp.id(10)), 4::bigint, 'metadata of any shape can be written');
SELECT ok(pg_temp.make_board(10 + n::integer) IS NOT NULL, 'and get a storyboard: ' || coalesce(m::text, 'NULL')) FROM odd WHERE n > 1;
SELECT * FROM finish();
ROLLBACK;
