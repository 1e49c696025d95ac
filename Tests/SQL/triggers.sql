-- What the platform and other programs write, and what becomes of it: state, outbox and history.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(39);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.state(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.announced(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnail_webhooks WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.history(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', coalesce(from_status, '-') || '>' || coalesce(to_status, '-'), class), ', ' ORDER BY id)
    FROM thumbnails.events WHERE video_id = pg_temp.id(n) $$;

SELECT has_trigger('videos', name, name || ' is there')
  FROM unnest(ARRAY['thumbnails_a_guard_insert', 'thumbnails_a_guard_update', 'thumbnails_b_before_insert', 'thumbnails_b_before_update',
    'thumbnails_c_after_insert', 'thumbnails_c_after_update', 'thumbnails_c_after_state', 'thumbnails_d_after_delete']) AS name;
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND NOT tgisinternal AND tgname LIKE 'thumbnails\_%'), 8::bigint, 'and no other of ours');

INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 6) AS n;
SELECT is(pg_temp.history(1), '->pending', 'a finished video becomes pending, once');
-- Our own writes fire nothing: version and history are those of the functions.
CREATE TEMP TABLE c AS SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(1, 6) AS n;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM c WHERE c.n = $1 $$;
DO $$
BEGIN
  PERFORM thumbnails.renew(pg_temp.id(1), pg_temp.token(1), 30);
  PERFORM thumbnails.complete(pg_temp.id(1), pg_temp.token(1), 'http://p/1', 'thumbnails/1', '{}');
END $$;
SELECT is(pg_temp.history(1), '->pending, pending>processing, processing>completed', 'claim, renew and complete fire no trigger');
SELECT is(pg_temp.announced(1), 0::bigint, 'and announce nothing');

UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1) || pg_temp.announced(1), 'pending1', 'a thumbnail that is taken away is made anew');
UPDATE videos SET thumbnail_url = 'http://elsewhere/1.jpg' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1), 'completed', 'a thumbnail from outside completes');
SELECT matches(pg_temp.history(1), 'pending>completed external$', 'and is in the history');
UPDATE videos SET thumbnail_url = 'data:image/svg+xml;base64,x' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1), 'pending', 'a placeholder is no thumbnail');

-- A worker that has the row is fenced off by what happens outside.
UPDATE videos SET thumbnail_url = 'http://elsewhere/2.jpg' WHERE id = pg_temp.id(2);
SELECT is(pg_temp.state(2), 'completed', 'a thumbnail from outside completes a row in work');
SELECT is(thumbnails.complete(pg_temp.id(2), pg_temp.token(2), 'http://p/2', 'thumbnails/2', '{}'), 'fenced', 'and its worker is fenced off');
SELECT is((SELECT thumbnail_url FROM videos WHERE id = pg_temp.id(2)), 'http://elsewhere/2.jpg', 'the outside one stands');
SELECT matches(pg_temp.history(2), 'processing>completed external', 'the history tells it');
UPDATE videos SET video_url = 'http://x/new' WHERE id = pg_temp.id(3);
SELECT is(pg_temp.state(3) || pg_temp.announced(3), 'pending1', 'a new video_url starts anew, even in the middle of the work');
SELECT is(thumbnails.complete(pg_temp.id(3), pg_temp.token(3), 'http://p/3', 'thumbnails/3', '{}'), 'fenced', 'the picture of the old video is refused');
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(4);
SELECT is(pg_temp.state(4), 'processing', 'a status that changes does not take the row from its worker');
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(4);
SELECT is(thumbnails.complete(pg_temp.id(4), pg_temp.token(4), 'http://p/4', 'thumbnails/4', '{}'), 'ok', 'who finishes it');
UPDATE videos SET video_url = NULL WHERE id = pg_temp.id(5);
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(5)),
  '(failed,"Video URL is null",media)', 'a video_url that goes is a failure with a reason');
SELECT matches(pg_temp.history(5), 'processing>failed media$', 'in the history, too');

INSERT INTO videos (id, status) VALUES (pg_temp.id(7), 'completed');
SELECT is(pg_temp.history(7), '->failed media', 'a row that comes without URL');
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(8), 'completed', 'http://x/8', 'http://p/8.jpg');
SELECT is(pg_temp.history(8), '->completed external', 'a row that comes with its thumbnail');
-- An old writer, without tokens.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(9), 'completed', 'http://x/9');
UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = now() WHERE id = pg_temp.id(9);
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = 'its words' WHERE id = pg_temp.id(9);
SELECT is(pg_temp.history(9), '->pending, pending>processing external, processing>failed external', 'what an old writer does is in the history');

-- Missing configuration is on the row; the trigger never ends the platform's transaction.
DELETE FROM system_config;
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(10), 'completed', 'http://x/10');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code)::text FROM videos WHERE id = pg_temp.id(10)),
  '(pending,"Missing configuration in system_config: supabase_url, service_role_key",configuration)', 'missing configuration is recorded on the row');
SELECT is(pg_temp.announced(10), 1::bigint, 'which waits in the outbox for it');
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder'), ('auto_thumbnail_enabled', ' False ');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(11), 'completed', 'http://x/11');
SELECT is(pg_temp.state(11) || pg_temp.announced(11), 'pending0', 'switched off: it waits unannounced');
UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled';
SELECT is(thumbnails.recover_due(10), 0, 'switched on again: first come those that are announced');
DELETE FROM thumbnail_webhooks;
SELECT is(thumbnails.recover_due(10) > 0, true, 'then polling finds it');
SELECT is(pg_temp.announced(11), 1::bigint, 'and announces it');
ALTER TABLE thumbnail_webhooks RENAME TO hidden;
SET LOCAL client_min_messages = error;
SELECT lives_ok($$ INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(12), 'completed', 'http://x/12') $$, 'a broken outbox does not end the platform''s transaction');
ALTER TABLE hidden RENAME TO thumbnail_webhooks;
SELECT is(pg_temp.state(12), 'pending', 'the row is the promise');

-- Deleted videos.
UPDATE videos SET thumbnail_url = format('http://p/thumbnails/%s/abc-1.jpg', id) WHERE id = pg_temp.id(4);
INSERT INTO thumbnail_webhooks (video_id, due_at, version) VALUES (pg_temp.id(4), now(), 1);
DELETE FROM videos WHERE id = pg_temp.id(4);
SELECT is(pg_temp.announced(4), 0::bigint, 'a deleted video is announced no more');
SELECT is((SELECT count(*) FROM thumbnails.object_deletions WHERE key = format('thumbnails/%s/abc-1.jpg', pg_temp.id(4))), 1::bigint, 'its object is left to the collector');
SELECT * FROM finish();
ROLLBACK;
