-- Every state × attempts × age a row can be found in: something moves it on, or it is failed with a reason.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(5);
DELETE FROM videos;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
ALTER TABLE videos DISABLE TRIGGER USER;
-- The baseline says NOT NULL; the tables of other platforms need not.
ALTER TABLE videos ALTER created_at DROP NOT NULL;
INSERT INTO videos (title, status, video_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at,
  thumbnail_generation_last_attempt_at, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_next_attempt_at,
  thumbnail_generation_claim_token, thumbnail_generation_lease_until, created_at)
SELECT concat_ws(' ', coalesce(state, 'null'), attempts, age, code, CASE WHEN token THEN 'token' END, due, coalesce(url, 'no URL'), CASE WHEN born THEN 'born' END),
       'completed', url, state, attempts, now() - age, now() - age,
       CASE WHEN state = 'failed' THEN 'an older fault' END, code,
       CASE WHEN due IS NOT NULL THEN now() - due END,
       CASE WHEN token THEN nextval('thumbnails.tokens') END, CASE WHEN token THEN now() - age END, CASE WHEN born THEN now() - interval '9 days' END
  FROM unnest(ARRAY[NULL, 'pending', 'processing', 'completed', 'failed']) AS state,
       unnest(ARRAY[NULL, 0, 1, 2, 3, 4]) AS attempts,
       unnest(ARRAY[NULL, interval '2 hours', interval '40 days']) AS age,
       unnest(ARRAY[NULL, 'source', 'lost', 'storage']) AS code,
       unnest(ARRAY[NULL, interval '1 minute']) AS due,
       unnest(ARRAY[true, false]) AS token,
       unnest(ARRAY['http://x/v.mp4', NULL]) AS url,
       unnest(ARRAY[true, false]) AS born
 -- A claim is held by a row in work only, and has a lease: constraints see to both.
 WHERE NOT token OR (state = 'processing' AND age IS NOT NULL);
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT cmp_ok((SELECT count(*) FROM videos), '>', 2000::bigint, 'thousands of kinds of rows');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep takes them');
-- Failed for good with a reason, or announced and free to be claimed.
CREATE TEMP TABLE stuck AS
SELECT v.title, v.thumbnail_generation_status AS state FROM videos v
 WHERE NOT (v.thumbnail_generation_status = 'failed' AND v.thumbnail_generation_error IS NOT NULL AND v.thumbnail_generation_next_attempt_at IS NULL)
   AND NOT EXISTS (SELECT FROM thumbnail_webhooks w WHERE w.video_id = v.id AND w.due_at <= clock_timestamp());
SELECT is((SELECT string_agg(title, ', ') FROM stuck), NULL, 'fault 5: none is neither announced nor failed with a reason');
CREATE TEMP TABLE outcomes AS
SELECT v.title, (thumbnails.claim(v.id, 30)).outcome FROM videos v JOIN thumbnail_webhooks w ON w.video_id = v.id ORDER BY v.id;
SELECT is((SELECT string_agg(DISTINCT outcome, ',' ORDER BY outcome) FROM outcomes WHERE outcome NOT IN ('claimed', 'exhausted')), NULL,
  'each announced row is claimed, or ends for good at its claim');
SELECT is((SELECT string_agg(v.title, ', ') FROM videos v WHERE v.thumbnail_generation_status <> 'processing'
            AND NOT (v.thumbnail_generation_status = 'failed' AND v.thumbnail_generation_error IS NOT NULL)), NULL,
  'afterwards every row is in work or failed with a reason');
SELECT * FROM finish();
ROLLBACK;
