-- Who may write what: anon, authenticated, service_role and the handlers' own role.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(22);
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON videos TO anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON system_config TO service_role;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
INSERT INTO videos (id, user_id, status, video_url) VALUES
  ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-9000-000000000001', 'completed', 'http://x/1.mp4'),
  ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-9000-000000000002', 'completed', 'http://x/2.mp4');
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-9000-000000000001"}', true);

SET LOCAL ROLE authenticated;
UPDATE videos SET thumbnail_generation_status = 'completed', thumbnail_generation_attempts = 99, title = 'mine'
 WHERE id = '00000000-0000-4000-8000-000000000001';
SELECT throws_ok('SELECT * FROM system_config', '42501', NULL, 'authenticated does not read system_config');
SELECT throws_ok('SELECT * FROM thumbnail_webhooks', '42501', NULL, 'nor the outbox');
SELECT throws_ok('SELECT * FROM thumbnails.events', '42501', NULL, 'nor the events');
SELECT throws_ok($$ SELECT * FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30) $$, '42501', NULL, 'nor may it claim');
SELECT throws_ok('SELECT auto_retry_stuck_thumbnails()', '42501', NULL, 'nor sweep');
SELECT throws_ok('SELECT batch_trigger_thumbnail_generation(1)', '42501', NULL, 'nor trigger by the batch');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') ->> 'success', 'true', 'it triggers its own video');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') ->> 'error', 'Triggered less than a minute ago', 'once a minute');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000002') ->> 'error', 'Video not found', 'and nobody else''s');
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_claim_token, thumbnail_generation_lease_until)
VALUES ('00000000-0000-4000-8000-000000000003', 'completed', 'http://x/3.mp4', 'processing', 7, 'infinity');
RESET ROLE;
SELECT is((SELECT (title, thumbnail_generation_status, thumbnail_generation_attempts)::text FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'),
  '(mine,pending,0)', 'authenticated writes its video, not our state');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_claim_token)::text FROM videos WHERE id = '00000000-0000-4000-8000-000000000003'),
  '(pending,)', 'not even when it inserts');

SET LOCAL ROLE anon;
UPDATE videos SET thumbnail_generation_error = 'forged' WHERE id = '00000000-0000-4000-8000-000000000002';
SELECT throws_ok('SELECT * FROM system_config', '42501', NULL, 'anon does not read system_config');
SELECT throws_ok($$ SELECT manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') $$, '42501', NULL, 'nor trigger anything');
RESET ROLE;
SELECT is((SELECT thumbnail_generation_error FROM videos WHERE id = '00000000-0000-4000-8000-000000000002'), NULL, 'nor write our state');

SET LOCAL ROLE service_role;
SELECT is((SELECT count(*) FROM system_config WHERE key = 'supabase_url'), 1::bigint, 'service_role reads system_config');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'and sweeps');
SELECT lives_ok('SELECT * FROM thumbnail_generation_health', 'and reads the views');
-- The original edge function, during a move: it knows no tokens.
SELECT lives_ok($$ UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = now()
                    WHERE id = '00000000-0000-4000-8000-000000000002' $$, 'an old writer''s processing is accepted');
UPDATE videos SET thumbnail_url = 'http://elsewhere/2.jpg' WHERE id = '00000000-0000-4000-8000-000000000002';
RESET ROLE;
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000002'), 'completed',
  'a thumbnail set from outside completes the row');

SET LOCAL ROLE thumbnail_handlers;
SELECT throws_ok('SELECT * FROM videos', '42501', NULL, 'the handlers'' role reads no table');
SELECT throws_ok('SELECT * FROM system_config', '42501', NULL, 'least of all the secrets');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000003', 30)), 'claimed', 'it works through its functions');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
