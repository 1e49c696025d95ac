-- The outbox: versions, leases, settlements.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(21);
DELETE FROM thumbnail_webhooks;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-000000000001', 'completed', 'http://x/1.mp4');
CREATE TEMP TABLE first AS SELECT * FROM thumbnails.lease_webhooks(10, 30);
SELECT is((SELECT count(*) FROM first), 1::bigint, 'a due webhook is leased');
SELECT is((SELECT count(*) FROM thumbnails.lease_webhooks(10, 30)), 0::bigint, 'to one deliverer');
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000001', 30)), 'claimed', 'the handler claims');
SELECT is((SELECT count(*) FROM thumbnail_webhooks), 0::bigint, 'which is the end of the announcement');
SELECT ok(NOT thumbnails.settle_webhooks(ARRAY['00000000-0000-4000-8000-000000000001'::uuid], ARRAY[(SELECT version FROM first)], ARRAY[true], ARRAY[NULL::float8]) = 1,
  'a late success of the older delivery deletes nothing');

SELECT is(manually_trigger_thumbnail_generation('00000000-0000-4000-8000-000000000001') ->> 'success', 'true', 'a trigger by hand during the work');
SELECT is((SELECT count(*) FROM thumbnail_webhooks), 1::bigint, 'is kept in the outbox');
SELECT is(thumbnails.settle_webhooks(ARRAY['00000000-0000-4000-8000-000000000001'::uuid], ARRAY[(SELECT version FROM first)], ARRAY[true], ARRAY[NULL::float8]), 0,
  'a late success of the delivery before it does not take it away');
UPDATE videos SET thumbnail_generation_lease_until = clock_timestamp() - interval '1 s' WHERE id = '00000000-0000-4000-8000-000000000001';
UPDATE thumbnail_webhooks SET due_at = clock_timestamp() - interval '1 s';
CREATE TEMP TABLE second AS SELECT * FROM thumbnails.lease_webhooks(10, 30);
SELECT ok(thumbnails.settle_webhooks(ARRAY['00000000-0000-4000-8000-000000000001'::uuid], ARRAY[(SELECT version FROM second)], ARRAY[false], ARRAY[7::float8]) = 1, 'told to come later');
SELECT ok((SELECT due_at BETWEEN clock_timestamp() + interval '5 s' AND clock_timestamp() + interval '8 s' AND leased_until IS NULL FROM thumbnail_webhooks),
  'it is due when the reply said');
UPDATE thumbnail_webhooks SET due_at = clock_timestamp() - interval '1 s';
CREATE TEMP TABLE third AS SELECT * FROM thumbnails.lease_webhooks(10, 30);
SELECT ok(thumbnails.settle_webhooks(ARRAY['00000000-0000-4000-8000-000000000001'::uuid], ARRAY[(SELECT version FROM third)], ARRAY[true], ARRAY[NULL::float8]) = 1, 'done');
SELECT is((SELECT count(*) FROM thumbnail_webhooks), 0::bigint, 'deletes it');
SELECT is(thumbnails.recover_due(10), 1, 'a due row without announcement is found by polling');
SELECT is((SELECT count(*) FROM thumbnails.lease_webhooks(10, 30)), 1::bigint, 'and delivered');
UPDATE thumbnail_webhooks SET leased_until = NULL;
INSERT INTO thumbnail_webhooks (video_id, due_at, version) VALUES ('00000000-0000-4000-8000-0000000000aa', clock_timestamp() - interval '1 h', 1);
CREATE TEMP TABLE oldest AS SELECT * FROM thumbnails.settle_and_lease_webhooks('{}', '{}', '{}', '{}', 1, 30);
SELECT is((SELECT video_id FROM oldest), '00000000-0000-4000-8000-0000000000aa'::uuid, 'the longest due is taken first');
SELECT is((SELECT count(*) FROM thumbnails.settle_and_lease_webhooks(ARRAY[(SELECT video_id FROM oldest)], ARRAY[1::bigint], ARRAY[false], ARRAY[0::float8], 1, 30)
            WHERE video_id = (SELECT video_id FROM oldest)), 0::bigint, 'one given back is due behind those that waited longer');
SELECT is((SELECT count(*) FROM thumbnails.settle_and_lease_webhooks('{}', '{}', '{}', '{}', 9, 30)), 1::bigint, 'but due at once');
SELECT is((SELECT count(*) FROM thumbnails.settle_and_lease_webhooks(ARRAY[(SELECT video_id FROM oldest)], ARRAY[1::bigint], ARRAY[true], ARRAY[NULL::float8], 0, 30)), 0::bigint,
  'a turn without room leases nothing');
SELECT is((SELECT count(*) FROM thumbnail_webhooks), 1::bigint, 'and settles');
UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled';
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false') ON CONFLICT (key) DO UPDATE SET value = 'false';
UPDATE thumbnail_webhooks SET leased_until = NULL, due_at = now() - interval '1 s';
SELECT is((SELECT count(*) FROM thumbnails.lease_webhooks(10, 30)), 0::bigint, 'nothing is delivered while generation is switched off');
SELECT is((SELECT count(*) FROM thumbnail_webhooks), 1::bigint, 'and nothing is lost');
SELECT * FROM finish();
ROLLBACK;
