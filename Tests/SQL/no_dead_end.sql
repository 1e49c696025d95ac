-- Every state × attempts × age × job a row can be found in: something moves it on, or it is failed with a reason.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(12);
DELETE FROM videos;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
ON CONFLICT (key) DO NOTHING;
SELECT thumbnails.merge(1000) \g /dev/null
ALTER TABLE videos DISABLE TRIGGER USER;
-- The baseline says NOT NULL; the tables of other platforms need not.
ALTER TABLE videos ALTER created_at DROP NOT NULL;
ALTER TABLE videos ADD COLUMN job text;
INSERT INTO videos (title, job, user_id, status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at,
  thumbnail_generation_last_attempt_at, thumbnail_generation_error, thumbnail_generation_error_code, created_at)
SELECT concat_ws(' ', coalesce(state, 'null'), attempts, age, code, job, coalesce(url, 'no URL'), quote_nullable(picture), CASE WHEN born THEN 'born' END),
       job, CASE WHEN job IN ('parked', 'due') THEN gen_random_uuid() END, 'completed', url, picture, state, attempts, now() - age, now() - age,
       CASE WHEN state = 'failed' THEN 'an older fault' END, code, CASE WHEN born THEN now() - interval '9 days' END
  FROM unnest(ARRAY[NULL, 'pending', 'processing', 'completed', 'failed']) AS state,
       unnest(ARRAY[NULL, 0, 2, 3, 4]) AS attempts,
       unnest(ARRAY[NULL, interval '2 hours', interval '40 days']) AS age,
       unnest(ARRAY[NULL, 'source', 'platform']) AS code,
       unnest(ARRAY['none', 'due', 'later', 'parked', 'held', 'lost', 'lost for good']) AS job,
       unnest(ARRAY['http://x/v.mp4', NULL, '']) AS url,
       unnest(ARRAY[NULL, '', 'data:image/svg+xml,x']) AS picture,
       unnest(ARRAY[true, false]) AS born
 -- Not everything with everything: a job that is there says all, whatever the row does.
 WHERE (job = 'none' OR age IS NULL AND born) AND (picture IS NULL OR url IS NOT NULL);
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, attempts, token, claimed_at, source_url, old_thumbnail)
SELECT v.id, 0, coalesce(left(thumbnails.hash(v.user_id::text), 16), ''),
       CASE v.job WHEN 'later' THEN now() + interval '40 min' WHEN 'parked' THEN 'infinity' WHEN 'held' THEN now() + interval '30 s' ELSE now() - interval '1 s' END,
       CASE v.job WHEN 'lost for good' THEN 3 ELSE 1 END, CASE WHEN v.job IN ('held', 'lost', 'lost for good') THEN nextval('thumbnails.tokens') END, now() - interval '1 min',
       v.video_url, v.thumbnail_url
  FROM videos v WHERE v.job <> 'none';
ALTER TABLE videos ENABLE TRIGGER USER;
SELECT cmp_ok((SELECT count(*) FROM videos), '>', 3000::bigint, 'thousands of kinds of rows');
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep takes them');
DO $$
BEGIN
  FOR n IN 1..300 LOOP
    -- What a slow machine did not come to in its two seconds.
    UPDATE thumbnails.set_aside SET at = at - interval '10 s' WHERE sqlstate = '';
    PERFORM thumbnails.look_after(1000), thumbnails.merge(1000);
    EXIT WHEN NOT thumbnails.is_sweeping() AND NOT EXISTS (SELECT FROM thumbnails.inbox) AND NOT EXISTS (SELECT FROM thumbnails.set_aside);
  END LOOP;
END $$;
SELECT is((SELECT swept_to FROM thumbnails.positions), NULL, 'and the relay ends it');
SELECT is((SELECT count(*) FROM thumbnails.set_aside), 0::bigint, 'none is put aside');
-- Failed for good with a reason, or in the queue: due, at work, or with a time within the hour. Nothing is parked without another of its tenant.
CREATE FUNCTION pg_temp.is_ended(v videos) RETURNS boolean LANGUAGE sql AS $$
  SELECT coalesce(v.thumbnail_generation_status = 'failed' AND v.thumbnail_generation_error IS NOT NULL, false) AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id) $$;
SELECT is((SELECT string_agg(title, ', ') FROM videos v
            WHERE NOT pg_temp.is_ended(v) AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id AND j.due_at <= clock_timestamp() + interval '1 hour')), NULL,
  'fault 5: none is neither queued nor failed with a reason');
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE due_at = 'infinity'), 0::bigint, 'none is parked for ever');
SELECT is((SELECT string_agg(DISTINCT job, ',') FROM videos v WHERE pg_temp.is_ended(v) AND job NOT IN ('none', 'lost for good')), NULL, 'none that had a job has ended for another reason than a worker lost for good');
-- Each is taken when its time has come, by those who take what is next.
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE token IS NULL;
CREATE TEMP TABLE outcomes (video_id uuid, outcome text, video_url text);
DO $$
DECLARE
  c record;
BEGIN
  LOOP
    SELECT * INTO c FROM thumbnails.claim_next(3600);
    EXIT WHEN c.outcome = 'none';
    INSERT INTO outcomes VALUES (c.video_id, c.outcome, c.video_url);
  END LOOP;
END $$;
SELECT cmp_ok((SELECT count(*) FROM outcomes WHERE outcome = 'claimed'), '>', 1000::bigint, 'each that is queued is claimed');
SELECT is((SELECT string_agg(title, ', ') FROM videos v WHERE NOT pg_temp.is_ended(v) AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id AND j.token IS NOT NULL)), NULL,
  'afterwards every row is in work or failed with a reason');
SELECT is((SELECT string_agg(title, ', ') FROM videos v WHERE NOT pg_temp.is_ended(v) AND v.job NOT IN ('held') AND v.thumbnail_generation_status IS DISTINCT FROM 'processing'), NULL, 'and shows it');
-- Each work ends.
DO $$
DECLARE
  j record;
  answer text;
BEGIN
  FOR j IN SELECT * FROM thumbnails.jobs LOOP
    answer := CASE WHEN thumbnails.is_blank(j.source_url) THEN (thumbnails.fail(j.video_id, j.token, 'media', 'there is no URL', false)).outcome
                   ELSE thumbnails.complete(j.video_id, j.token, 'http://p/' || j.video_id, 'thumbnails/' || j.video_id, '{}') END;
    IF answer <> 'ok' THEN
      INSERT INTO outcomes VALUES (j.video_id, answer);
    END IF;
  END LOOP;
END $$;
SELECT is((SELECT string_agg(v.title || ': ' || o.outcome, ', ') FROM outcomes o JOIN videos v ON v.id = o.video_id WHERE o.outcome <> 'claimed'), NULL, 'each result is written');
SELECT is((SELECT count(*) FROM thumbnails.jobs) + (SELECT count(*) FROM videos v WHERE NOT pg_temp.is_ended(v) AND v.thumbnail_generation_status IS DISTINCT FROM 'completed'), 0::bigint, 'and nothing is left');
SELECT * FROM finish();
ROLLBACK;
