-- Who may write what: anon, authenticated, service_role and the handlers' own role.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(61);
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON videos TO anon, authenticated, service_role;
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
SELECT throws_ok('SELECT * FROM thumbnails.jobs', '42501', NULL, 'nor the queue');
SELECT throws_ok('SELECT * FROM thumbnails.inbox', '42501', NULL, 'nor what goes into it');
SELECT throws_ok('SELECT * FROM thumbnails.events', '42501', NULL, 'nor the events');
SELECT throws_ok($$ SELECT * FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30) $$, '42501', NULL, 'nor may it claim');
SELECT throws_ok('SELECT auto_retry_stuck_thumbnails()', '42501', NULL, 'nor sweep');
SELECT throws_ok('SELECT batch_trigger_thumbnail_generation(1)', '42501', NULL, 'nor trigger by the batch');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') ->> 'success', 'true', 'it triggers its own video');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') ->> 'error', 'Triggered less than a minute ago', 'once a minute');
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000002') ->> 'error', 'Video not found', 'and nobody else''s');
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_error, thumbnail_generation_started_at, thumbnail_metadata)
VALUES ('00000000-0000-4000-8000-000000000003', 'completed', 'http://x/3.mp4', 'processing', 7, 'forged', 'infinity', '{"forged": true}');
RESET ROLE;
SELECT is((SELECT (title, thumbnail_generation_status, thumbnail_generation_attempts)::text FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'),
  '(mine,pending,0)', 'authenticated writes its video, not our state');
SELECT is((SELECT (thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_error, thumbnail_generation_started_at, thumbnail_metadata)::text
  FROM videos WHERE id = '00000000-0000-4000-8000-000000000003'), '(pending,0,,,{})', 'not even when it inserts');
SELECT is((SELECT count(*) FROM thumbnails.inbox WHERE video_id = '00000000-0000-4000-8000-000000000003'), 1::bigint, 'and its video is noticed like any other');

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

-- Line by line: what the schema of the machine's own is to each of them.
SELECT is(has_schema_privilege(role, 'thumbnails', 'USAGE'), role = 'thumbnail_handlers', role || ': schema thumbnails')
  FROM unnest(ARRAY['anon', 'authenticated', 'service_role', 'thumbnail_handlers']) AS role;
SELECT is((SELECT count(*) FROM pg_class c, unnest(ARRAY['anon', 'authenticated', 'service_role', 'thumbnail_handlers']) AS role
            WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relkind = 'r'
              AND has_table_privilege(role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')), 0::bigint, 'nobody touches its tables');
SELECT is((SELECT array_agg(p.proname::text ORDER BY p.proname) FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace
             AND has_function_privilege('thumbnail_handlers', p.oid, 'EXECUTE')),
  ARRAY['act', 'claim', 'claim_next', 'collector_position', 'complete', 'complete_and_next', 'complete_storyboard', 'delivery_problems', 'due_videos', 'fail', 'find_videos', 'fingerprint', 'forget_objects', 'forget_worker', 'has_work', 'history', 'hold_delivery', 'is_queued', 'is_sweeping', 'list_deletions', 'list_orphans',
        'look', 'look_after', 'merge', 'move_collector', 'note_event', 'note_worker', 'pause', 'put_down_orphans', 'renew', 'report', 'request_storyboard', 'resume', 'sweep', 'take_deletions', 'timeline', 'trial', 'unneeded_objects', 'video_to_read', 'wake_up_key'],
  'the handlers have their functions');
SELECT is((SELECT count(*) FROM pg_proc p, unnest(ARRAY['anon', 'authenticated', 'service_role']) AS role
            WHERE p.pronamespace = 'thumbnails'::regnamespace AND has_function_privilege(role, p.oid, 'EXECUTE')), 0::bigint, 'nobody else has any');
SELECT is(has_sequence_privilege(role, 'thumbnails.tokens', 'USAGE, SELECT, UPDATE'), false, role || ': the tokens')
  FROM unnest(ARRAY['anon', 'authenticated', 'service_role', 'thumbnail_handlers']) AS role;
SELECT is(has_table_privilege(role, 'system_config', 'SELECT, INSERT, UPDATE, DELETE'), role = 'service_role', role || ': system_config')
  FROM unnest(ARRAY['anon', 'authenticated', 'service_role', 'thumbnail_handlers']) AS role;
SELECT is((has_function_privilege(role, 'auto_retry_stuck_thumbnails()', 'EXECUTE'), has_function_privilege(role, 'batch_trigger_thumbnail_generation(integer)', 'EXECUTE'),
           has_function_privilege(role, 'manually_trigger_thumbnail_generation(uuid)', 'EXECUTE'))::text, expected, role || ': sweep, batch, by hand')
  FROM (VALUES ('anon', '(f,f,f)'), ('authenticated', '(f,f,t)'), ('service_role', '(t,t,t)'), ('thumbnail_handlers', '(t,t,t)')) AS v (role, expected);
SELECT is(ARRAY(SELECT p.proname::text FROM pg_proc p WHERE (p.pronamespace = 'thumbnails'::regnamespace OR p.proname ~ 'thumbnail') AND p.prosecdef
            AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false) ORDER BY 1), '{note,project}',
  'what runs with its owner''s rights looks nowhere but in pg_catalog, in temporary objects last, but for two, which the habit traps-in-the-path tries');

-- The guard restores every column of ours.
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-9000-000000000001"}', true) \g /dev/null
CREATE TEMP TABLE before AS SELECT * FROM videos WHERE id = '00000000-0000-4000-8000-000000000001';
SET LOCAL ROLE authenticated;
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = 'x', thumbnail_generation_attempts = 9, thumbnail_generation_started_at = now(),
  thumbnail_generation_last_attempt_at = now(), thumbnail_generated_at = now(), thumbnail_metadata = '{"forged": true}', thumbnail_generation_error_code = 'x'
 WHERE id = '00000000-0000-4000-8000-000000000001';
RESET ROLE;
SELECT results_eq($$ SELECT * FROM videos WHERE id = '00000000-0000-4000-8000-000000000001' $$, 'TABLE before', 'authenticated changes none of the eight columns');
-- Its own thumbnail it may set and take away.
SET LOCAL ROLE authenticated;
UPDATE videos SET thumbnail_url = 'http://mine/1.jpg' WHERE id = '00000000-0000-4000-8000-000000000001';
RESET ROLE;
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 'completed', 'a thumbnail of its own completes its video');
-- Nobody's video is nobody's: a token without a subject owns nothing.
UPDATE videos SET user_id = NULL WHERE id = '00000000-0000-4000-8000-000000000003';
SELECT set_config('request.jwt.claims', '{}', true) \g /dev/null
SET LOCAL ROLE authenticated;
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000003') ->> 'error', 'Video not found', 'a token without subject triggers nothing');
RESET ROLE;
-- A role that only inherits is no more trusted than what it inherits.
CREATE ROLE employee NOLOGIN IN ROLE authenticated;
SET LOCAL ROLE employee;
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000002') ->> 'error', 'Video not found', 'nor does a role that inherits authenticated');
RESET ROLE;
SET LOCAL ROLE service_role;
SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000003') ->> 'success', 'true', 'service_role triggers every video');
SELECT is(batch_trigger_thumbnail_generation(1) ->> 'success', 'true', 'and by the batch');
RESET ROLE;
-- The views show each what row security shows him.
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON videos FOR ALL TO authenticated USING (user_id::text = current_setting('request.jwt.claims', true)::json ->> 'sub');
GRANT SELECT ON thumbnail_generation_health, videos_need_thumbnail_generation TO authenticated;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-9000-000000000002"}', true) \g /dev/null
UPDATE videos SET thumbnail_url = NULL WHERE id = '00000000-0000-4000-8000-000000000002';
SET LOCAL ROLE authenticated;
SELECT is((SELECT count(*) FROM videos_need_thumbnail_generation), 1::bigint, 'the views are the caller''s: one of his own');
RESET ROLE;
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000004', 'completed', 'http://x/4.mp4'), ('00000000-0000-4000-8000-000000000005', 'completed', 'http://x/5.mp4');
SET LOCAL ROLE thumbnail_handlers;
CREATE TEMP TABLE w AS SELECT * FROM thumbnails.claim('00000000-0000-4000-8000-000000000002', 30);
SELECT is((SELECT outcome FROM w), 'claimed', 'the handlers claim');
SELECT ok(thumbnails.renew('00000000-0000-4000-8000-000000000002', (SELECT token FROM w), 30), 'renew');
SELECT is((SELECT outcome FROM thumbnails.fail('00000000-0000-4000-8000-000000000002', (SELECT token FROM w), 'shutdown', 'stopping', NULL)), 'ok', 'release');
SELECT is(thumbnails.complete('00000000-0000-4000-8000-000000000002', (SELECT token FROM w), 'http://p/2', 'thumbnails/2', '{}'), 'fenced', 'complete');
SELECT is((SELECT outcome FROM thumbnails.fail('00000000-0000-4000-8000-000000000002', (SELECT token FROM w), 'source', 'x', true)), 'already', 'fail');
SELECT lives_ok('SELECT thumbnails.merge(10), thumbnails.look_after(5), thumbnails.is_sweeping()', 'merge and look after the rest');
SELECT cmp_ok((SELECT count(*) FROM thumbnails.due_videos(5, '{}')), '>', 0::bigint, 'wake workers');
SELECT is((SELECT outcome FROM thumbnails.claim_next(30)), 'claimed', 'who take the next one');
SELECT lives_ok('SELECT thumbnails.report(thumbnails.look(), 5), thumbnails.history(24), thumbnails.find_videos(''{}'', NULL, NULL, NULL, 5)', 'and report');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'they sweep');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
