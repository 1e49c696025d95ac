-- A stand-in with the signature pg_net publishes (Debian has no pg_net): what the trigger hands it, and what happens when it fails.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(57);
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://platform.example/'), ('service_role_key', 'placeholder-service'),
  ('webhook_secret', 'placeholder-webhook');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(n) AND due_at <= clock_timestamp() $$;
CREATE SCHEMA net;
CREATE TABLE net.posts (url text, body jsonb, headers jsonb, timeout integer);
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds integer DEFAULT 5000) RETURNS bigint
LANGUAGE sql AS $$ INSERT INTO net.posts VALUES (url, body, headers, timeout_milliseconds); SELECT (SELECT count(*) FROM net.posts) $$;
-- What a transaction has posted is forgotten, as at its end.
CREATE FUNCTION pg_temp.next_transaction() RETURNS void LANGUAGE sql AS $$ SELECT set_config('thumbnails.pg_net_posted', '', true) $$;

INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1.mp4');
SELECT is((SELECT count(*) FROM net.posts), 1::bigint, 'fault 3: one video, one post');
SELECT is((SELECT url FROM net.posts), 'http://platform.example/functions/v1/auto-generate-thumbnail', 'to the handler''s URL');
SELECT is((SELECT body FROM net.posts), '{"videoId": "00000000-0000-4000-8000-000000000001"}'::jsonb, 'with the id alone');
SELECT is((SELECT headers ->> 'Authorization' FROM net.posts), 'Bearer placeholder-webhook', 'fault 12: with the low-privilege secret');
SELECT is((SELECT headers ->> 'Prefer' FROM net.posts), 'respond-async', 'and without waiting for the work');
SELECT is((SELECT timeout FROM net.posts), 10000, 'and what else pg_net has to send waits ten seconds for it at most');
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is(pg_temp.due(1), 1::bigint, 'the queue stays responsible, whatever becomes of the post');
-- What needs no webhook.
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(4), 'completed', 'http://x/4.mp4', 'http://p/4.jpg');
UPDATE videos SET thumbnail_generation_status = 'processing' WHERE id = pg_temp.id(1);
UPDATE videos SET thumbnail_url = 'http://p/1.jpg' WHERE id = pg_temp.id(1);
UPDATE videos SET title = 'x' WHERE id = pg_temp.id(1);
DELETE FROM videos WHERE id = pg_temp.id(1);
SELECT is((SELECT count(*) FROM net.posts), 1::bigint, 'a thumbnail, a state, another column and a deletion post nothing');

SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n || '.mp4' FROM generate_series(101, 150) AS n;
SELECT is((SELECT count(*) FROM net.posts), 4::bigint, 'a transaction wakes four workers at most, who go on by themselves');
SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
SELECT thumbnails.sweep(false) \g /dev/null
SELECT is((SELECT count(*) FROM net.posts), 0::bigint, 'the sweep of a handler, which wakes workers itself, posts nothing');
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT count(*) FROM net.posts), 4::bigint, 'that of pg_cron does, whenever something is due');
SELECT pg_temp.next_transaction() \g /dev/null
SELECT auto_retry_stuck_thumbnails() \g /dev/null
SELECT is((SELECT count(*) FROM net.posts), 8::bigint, 'and again, for a post may be lost');
DELETE FROM videos WHERE id >= pg_temp.id(101);

-- By hand.
SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
SET LOCAL session_replication_role = replica;
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n || '.mp4' FROM generate_series(151, 152) AS n;
SET LOCAL session_replication_role = origin;
SELECT manually_trigger_thumbnail_generation(pg_temp.id(151)) \g /dev/null
SELECT is((SELECT array_agg(body ->> 'videoId') FROM net.posts), ARRAY[pg_temp.id(151)::text], 'one that is started by hand is posted');
SELECT batch_trigger_thumbnail_generation(10) \g /dev/null
SELECT is((SELECT count(*) FROM net.posts), 3::bigint, 'and what is due, when many are');
DELETE FROM videos WHERE id >= pg_temp.id(151);

-- While the platform's own function makes the thumbnails.
SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
DELETE FROM system_config WHERE key = 'webhook_secret';
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n || '.mp4' FROM generate_series(201, 206) AS n;
SELECT is((SELECT count(*) FROM net.posts), 6::bigint, 'with supabase_url alone every video is posted: the original makes one a call');
SELECT is((SELECT body FROM net.posts LIMIT 1), '{"videoId": "00000000-0000-4000-8000-000000000201", "videoUrl": "http://x/201.mp4"}'::jsonb, 'with what it needs');
SELECT is((SELECT count(*) FROM net.posts WHERE headers ->> 'Authorization' = 'Bearer placeholder-service' AND headers ->> 'Prefer' IS NULL), 6::bigint,
  'its own key, and its own way to answer');
SELECT is((SELECT max(timeout) FROM net.posts), 150000, 'which comes when the work is done');
SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at) VALUES (pg_temp.id(207), 'storyboard', 3, clock_timestamp());
SELECT thumbnails.merge(100) \g /dev/null
SELECT thumbnails.wake_workers() \g /dev/null
SELECT is((SELECT array_agg(right(body ->> 'videoId', 3) ORDER BY body ->> 'videoId') FROM net.posts), ARRAY['201', '202', '203', '204', '205', '206'],
  'as is all that is due, but no storyboard, which it does not make');
INSERT INTO thumbnails.pg_net_posts (request_id, at) SELECT -d, now() - make_interval(days => d) FROM generate_series(0, 2) AS d;
SELECT thumbnails.sweep(false) \g /dev/null
SELECT is((SELECT array_agg(request_id) FROM thumbnails.pg_net_posts WHERE request_id <= 0), ARRAY[0]::bigint[], 'what was posted is remembered for a day');
DELETE FROM thumbnails.jobs WHERE kind = 'storyboard';
DELETE FROM videos WHERE id >= pg_temp.id(201);

INSERT INTO system_config (key, value) VALUES ('thumbnail_handlers_url', 'http://handlers.example');
SELECT pg_temp.next_transaction() \g /dev/null
DELETE FROM net.posts;
UPDATE system_config SET value = 'http://handlers.example' WHERE key = 'supabase_url';
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(2), 'completed', 'http://x/2.mp4');
SELECT is((SELECT count(*) FROM net.posts WHERE headers ->> 'Authorization' = 'Bearer placeholder-service'), 1::bigint,
  'without a webhook secret the service key is used');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(2) AND text LIKE '%webhook_secret is not set%'),
  1::bigint, 'and that is recorded');
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(2);
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(2);
SELECT is((SELECT count(*) FROM net.posts WHERE body ->> 'videoId' = pg_temp.id(2)::text), 2::bigint, 'an update to finished posts, too');
INSERT INTO system_config (key, value) VALUES ('pg_net', 'No ');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(5), 'completed', 'http://x/5.mp4');
UPDATE system_config SET value = ' on ' WHERE key = 'pg_net';
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(6), 'completed', 'http://x/6.mp4');
DELETE FROM system_config WHERE key = 'auto_thumbnail_enabled';
UPDATE system_config SET value = 'ftp://x' WHERE key = 'thumbnail_handlers_url';
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(7), 'completed', 'http://x/7.mp4');
SELECT is((SELECT count(*) FROM net.posts WHERE body ->> 'videoId' IN (pg_temp.id(5)::text, pg_temp.id(6)::text, pg_temp.id(7)::text)), 0::bigint,
  'nothing where pg_net is not wanted, generation is off, or the configuration is wrong');
UPDATE system_config SET value = 'http://handlers.example' WHERE key = 'thumbnail_handlers_url';
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is(pg_temp.due(n), 1::bigint, 'but a job: ' || n) FROM unnest(ARRAY[5, 6, 7]) AS n;

CREATE OR REPLACE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds integer DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'background worker is not running: %', headers ->> 'Authorization'; END $$;
SELECT lives_ok($$ INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(3), 'completed', 'http://x/3.mp4') $$,
  'a failing pg_net does not abort the platform''s transaction');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(3)), 'pending', 'its video is pending');
SELECT is((SELECT text FROM thumbnails.events WHERE video_id = pg_temp.id(3) AND text LIKE 'pg_net%'),
  'pg_net refused the webhook: background worker is not running: Bearer … (P0001)', 'what pg_net said is in its history, without the secret');
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is(pg_temp.due(3), 1::bigint, 'and it is due at once');
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(3)) ->> 'success', 'true', 'nor does it stop a trigger by hand');

CREATE FUNCTION pg_temp.problems() RETURNS jsonb LANGUAGE sql AS $$
  SELECT thumbnails.delivery_problems(thumbnails.hash(thumbnails.setting('webhook_secret')), thumbnails.hash(thumbnails.setting('service_role_key'))) $$;
SELECT is(pg_temp.problems(), '["pg_net refused the webhook: background worker is not running: Bearer … (P0001)"]'::jsonb, 'and in the report, once');
-- Of another version: one with a parameter more is called all the same, one that lacks one refuses, and that is said.
DROP FUNCTION net.http_post;
CREATE FUNCTION net.http_post(url text, headers jsonb, timeout_milliseconds integer) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
SELECT pg_temp.next_transaction() \g /dev/null
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(8), 'completed', 'http://x/8.mp4');
SELECT matches(pg_temp.problems() ->> 0, '^pg_net refused the webhook: function net.http_post.* does not exist', 'a pg_net that takes no body is said');
DROP FUNCTION net.http_post;
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000,
  retries integer DEFAULT 0) RETURNS bigint LANGUAGE sql AS $$ INSERT INTO net.posts VALUES (url, body, headers, timeout_milliseconds); SELECT 77::bigint $$;
SELECT pg_temp.next_transaction() \g /dev/null
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(9), 'completed', 'http://x/9.mp4');
SELECT is((SELECT count(*) FROM net.posts WHERE body ->> 'videoId' = pg_temp.id(9)::text), 1::bigint, 'one that takes more is used');
SELECT is(pg_temp.problems(), '[]'::jsonb, 'and what it refused before is over');
SELECT is(current_setting('synchronous_commit'), 'on', 'a transaction that wakes workers');
SELECT thumbnails.wake_workers() \g /dev/null
SELECT is(current_setting('synchronous_commit'), 'on', 'commits as it did before');
-- Its background worker does not run.
DELETE FROM thumbnails.events WHERE text LIKE 'pg_net%';
CREATE TABLE net.http_request_queue (id bigint);
CREATE TABLE net._http_response (id bigint, status_code integer, timed_out boolean, error_msg text, created timestamptz DEFAULT now());
INSERT INTO net.http_request_queue VALUES (77), (78);
SELECT is(pg_temp.problems(), '[]'::jsonb, 'a post may wait for a moment');
UPDATE thumbnails.pg_net_posts SET at = at - interval '6 minutes';
SELECT is(pg_temp.problems(), '["pg_net sends nothing: posts of five minutes ago are still in its queue; SELECT net.worker_restart()"]'::jsonb, 'not for minutes');
SELECT set_config('pg_net.database_name', 'another', true) \g /dev/null
SELECT matches(pg_temp.problems() ->> 0, '^pg_net sends nothing from here: its worker looks at database another alone; set pg_net.database_name to ' || current_database(),
  'nor where its worker looks at another database');
SELECT set_config('pg_net.database_name', current_database(), true) \g /dev/null
INSERT INTO net._http_response (id) VALUES (99);
SELECT matches(pg_temp.problems() ->> 0, '^pg_net is late: ', 'one that answers others is only late');
DELETE FROM net._http_response;
-- A crash: the queue was empty, and its numbers began anew.
INSERT INTO thumbnails.pg_net_posts (request_id) VALUES (1);
SELECT is(pg_temp.problems(), '[]'::jsonb, 'a number that is given once more is not the old post');
DELETE FROM thumbnails.pg_net_posts WHERE request_id = 1;
ALTER TABLE net.http_request_queue RENAME id TO another_name;
SELECT matches(pg_temp.problems() ->> 0, '^pg_net''s queue cannot be read: ', 'one that cannot be read is said');
DROP TABLE net.http_request_queue;

-- What stands in the way of pg_net is in the report.
DELETE FROM system_config WHERE key = 'pg_net';
INSERT INTO system_config (key, value) VALUES ('webhook_secret', 'placeholder-webhook');
SELECT is(thumbnails.delivery_problems(encode(sha256('placeholder-webhook'), 'hex'), 'x'), '[]'::jsonb, 'the same secret on both sides is none');
SELECT matches(thumbnails.delivery_problems(encode(sha256('another'), 'hex'), 'x')::text, 'webhook_secret is not the WEBHOOK_SECRET of the handlers', 'another one is');
DELETE FROM system_config WHERE key = 'webhook_secret';
SELECT matches(thumbnails.delivery_problems('x', encode(sha256('another'), 'hex'))::text, 'service_role_key is not the SERVICE_ROLE_KEY', 'so it is with the service key');
DELETE FROM thumbnails.pg_net_posts;
INSERT INTO thumbnails.pg_net_posts (request_id) SELECT generate_series(1, 9);
INSERT INTO net._http_response (id, status_code, timed_out, error_msg) VALUES
  (1, 202, false, NULL), (2, 401, false, NULL), (3, 405, false, NULL), (4, 429, false, NULL), (5, NULL, true, 'Timeout'), (6, NULL, false, 'no route'),
  (7, NULL, NULL, 'Timeout of 10000 ms reached. Total time: 10001.159000 ms (DNS time: 0.050000 ms)'), (99, 500, false, NULL);
SELECT is((SELECT count(*) FROM jsonb_array_elements(thumbnails.delivery_problems(NULL, NULL))), 5::bigint, 'each kind of answer that delivers nothing is named, and nobody else''s');
SELECT matches(thumbnails.delivery_problems(NULL, NULL)::text, '1 of the last 7 posts were answered 429: .*geo \$thumbnail_trusted', 'with what helps');
SELECT is(jsonb_array_length(thumbnails.report(thumbnails.look(), 5) -> 'deliveryProblems'), 5, 'and they are in the report');
INSERT INTO thumbnails.pg_net_posts (request_id) VALUES (4);
SELECT matches(thumbnails.delivery_problems(NULL, NULL)::text, '1 of the last 7 posts were answered 429: ', 'an answer counts once, though its number was given twice');
SELECT is((SELECT jsonb_agg(jsonb_build_array(e -> 'status', e -> 'timedOut', e -> 'error', e -> 'posts', e -> 'problem' <> 'null') ORDER BY e -> 'status', e -> 'error')
             FROM jsonb_array_elements(thumbnails.report(thumbnails.look(), 5) -> 'pgNet') AS e),
  '[[null, true, null, 2, true], [null, false, "no route", 1, true], [202, false, null, 1, false], [401, false, null, 1, true], [405, false, null, 1, true], [429, false, null, 1, true]]'::jsonb,
  'with what was delivered beside them');
UPDATE net._http_response SET created = created + interval '1 minute' WHERE id = 1;
SELECT is((SELECT array_agg(substring(p FROM 'answered \d+|timed out|failed') ORDER BY p) FROM jsonb_array_elements_text(thumbnails.delivery_problems(NULL, NULL)) AS p),
  '{"answered 429"}', 'what a post that has arrived since shows to be mended is no problem any more');
ALTER TABLE net._http_response RENAME status_code TO another_name;
SELECT matches(thumbnails.delivery_problems(NULL, NULL) ->> 0, '^pg_net''s answers cannot be read: ', 'what cannot be read is said');
SELECT is(jsonb_array_length(thumbnails.report(thumbnails.look(), 5) -> 'pgNet'), 1, 'in the report, too, which is there all the same');
ALTER TABLE net._http_response RENAME another_name TO status_code;
INSERT INTO system_config (key, value) VALUES ('pg_net', 'No');
SELECT is(thumbnails.report(thumbnails.look(), 5) -> 'pgNet', 'null'::jsonb, 'nothing where pg_net is not ours to use');
SELECT is(thumbnails.delivery_problems(NULL, NULL), '[]'::jsonb, 'nor what is wrong with it');
SELECT * FROM finish();
ROLLBACK;
