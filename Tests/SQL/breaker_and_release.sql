-- Faults that are not the video's: the attempt is given back, the tenth time it counts, the breaker opens and closes.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(17);
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
INSERT INTO videos (id, status, video_url)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'completed', 'http://x/' || n FROM generate_series(1, 9) AS n;
-- Claims a video whatever its due time and gives it back with a class.
CREATE FUNCTION pg_temp.give_back(n integer, class text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  chosen uuid := ('00000000-0000-4000-8000-00000000000' || n)::uuid;
  c record;
BEGIN
  UPDATE videos SET thumbnail_generation_next_attempt_at = now() - interval '1 s' WHERE id = chosen;
  SELECT * INTO c FROM thumbnails.claim(chosen, 30);
  IF c.outcome <> 'claimed' THEN RETURN c.outcome; END IF;
  PERFORM thumbnails.release(chosen, c.token, class, 'the store is gone');
  RETURN 'released';
END $$;

SELECT is(pg_temp.give_back(1, 'shutdown'), 'released', 'a worker that was told to stop gives back');
SELECT is((SELECT thumbnail_generation_attempts FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 0, 'the attempt');
SELECT is((SELECT thumbnail_generation_releases FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 0, 'which is no release that counts');
SELECT is((SELECT array_agg(pg_temp.give_back(1, 'storage')) FROM generate_series(1, 9)), array_fill('released'::text, ARRAY[9]),
  'nine faults of one video alone open no breaker');
SELECT is((SELECT thumbnail_generation_attempts FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 0, 'none of them counts');
SELECT is(pg_temp.give_back(1, 'storage'), 'released', 'the tenth');
SELECT is((SELECT thumbnail_generation_attempts FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 1, 'does');
SELECT is((SELECT thumbnail_generation_status FROM videos WHERE id = '00000000-0000-4000-8000-000000000001'), 'pending', 'and the row still waits');
DELETE FROM thumbnails.breakers;
SELECT is((SELECT array_agg(pg_temp.give_back(n, 'storage')) FROM generate_series(2, 6) AS n), array_fill('released'::text, ARRAY[5]),
  'five faults in a row over several videos');
SELECT is(pg_temp.give_back(7, 'storage'), 'paused', 'open the breaker');
SELECT is((SELECT thumbnail_generation_attempts FROM videos WHERE id = '00000000-0000-4000-8000-000000000007'), 0, 'which costs no attempt');
SELECT is((SELECT detail FROM thumbnails.claim('00000000-0000-4000-8000-000000000008', 30)), 'the store is gone', 'and says why');
UPDATE thumbnails.breakers SET open_until = clock_timestamp() - interval '1 s';
SELECT is((SELECT outcome FROM thumbnails.claim('00000000-0000-4000-8000-000000000008', 30)), 'claimed', 'after its time one probe may pass');
SELECT is(pg_temp.give_back(9, 'storage'), 'paused', 'one, not two');
SELECT is(thumbnails.complete('00000000-0000-4000-8000-000000000008',
  (SELECT thumbnail_generation_claim_token FROM videos WHERE id = '00000000-0000-4000-8000-000000000008'), 'http://p/x', 'k', '{}'), 'ok', 'its success');
SELECT is((SELECT count(*) FROM thumbnails.breakers), 0::bigint, 'closes the breaker');
SELECT is(pg_temp.give_back(9, 'storage'), 'released', 'for everybody');
SELECT * FROM finish();
ROLLBACK;
