-- A stand-in with the signature pg_net publishes (Debian has no pg_net): what the trigger hands it, and what happens when it fails.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(11);
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://platform.example/'), ('service_role_key', 'placeholder-service'),
  ('webhook_secret', 'placeholder-webhook');
CREATE SCHEMA net;
CREATE TABLE net.posts (url text, body jsonb, headers jsonb, timeout integer);
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds integer DEFAULT 5000) RETURNS bigint
LANGUAGE sql AS $$ INSERT INTO net.posts VALUES (url, body, headers, timeout_milliseconds); SELECT 1::bigint $$;

INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000001', 'completed', 'http://x/1.mp4');
SELECT is((SELECT count(*) FROM net.posts), 1::bigint, 'fault 3: one video, one post');
SELECT is((SELECT url FROM net.posts), 'http://platform.example/functions/v1/auto-generate-thumbnail', 'to the handler''s URL');
SELECT is((SELECT body FROM net.posts), '{"videoId": "00000000-0000-4000-8000-000000000001"}'::jsonb, 'with the id alone');
SELECT is((SELECT headers ->> 'Authorization' FROM net.posts), 'Bearer placeholder-webhook', 'fault 12: with the low-privilege secret');
SELECT is((SELECT headers ->> 'Prefer' FROM net.posts), 'respond-async', 'and without waiting for the work');
SELECT ok((SELECT due_at BETWEEN clock_timestamp() + interval '50 s' AND clock_timestamp() + interval '61 s' FROM thumbnail_webhooks
            WHERE video_id = '00000000-0000-4000-8000-000000000001'), 'the outbox stays responsible, a minute later');

UPDATE system_config SET value = 'http://handlers.example' WHERE key = 'supabase_url';
DELETE FROM system_config WHERE key = 'webhook_secret';
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000002', 'completed', 'http://x/2.mp4');
SELECT is((SELECT count(*) FROM net.posts WHERE headers ->> 'Authorization' = 'Bearer placeholder-service'), 1::bigint,
  'without a webhook secret the service key is used');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = '00000000-0000-4000-8000-000000000002' AND text LIKE '%webhook_secret is not set%'),
  1::bigint, 'and that is recorded');

CREATE OR REPLACE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds integer DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'background worker is not running'; END $$;
SELECT lives_ok($$ INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000003', 'completed', 'http://x/3.mp4') $$,
  'a failing pg_net does not abort the platform''s transaction');
SELECT ok((SELECT due_at <= clock_timestamp() FROM thumbnail_webhooks WHERE video_id = '00000000-0000-4000-8000-000000000003'),
  'its video is announced at once');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000003'), 'pending', 'and pending');
SELECT * FROM finish();
ROLLBACK;
