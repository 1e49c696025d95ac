-- What becomes of a claim's end: a table of cases. The row is written without triggers, as it is by then.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(36);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
DELETE FROM thumbnails.inbox;
CREATE ROLE uploader;
ALTER TABLE videos ADD COLUMN aspect_ratio text;
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one, says %', pg_backend_pid() + 10; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON videos FOR EACH ROW WHEN (OLD.title = 'refused') EXECUTE FUNCTION pg_temp.refuse();
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token integer) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
CREATE SEQUENCE pg_temp.nth;
-- A video whose second attempt has run for three seconds, unless `p_video` and `p_job` say otherwise, beside a job for its storyboard; and its end: `done`,
-- `kept` (what was kept is tried again), or the values of a failure. `hint`: another one of a user, who has tried it twice within this minute, waits.
-- Returns the answer, the job, the row, the history and the objects put down. Times are said in words.
CREATE FUNCTION pg_temp.settled(p_video jsonb, p_job jsonb, p_end jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n integer := nextval('pg_temp.nth');
  v_id uuid := pg_temp.id(n);
  old_due timestamptz := clock_timestamp() + interval '10 minutes';
  names jsonb := '{"url": "video_url", "picture": "thumbnail_url", "state": "thumbnail_generation_status", "error": "thumbnail_generation_error", "metadata": "thumbnail_metadata"}';
  answer text;
  told text;
BEGIN
  SET LOCAL session_replication_role = replica;
  IF p_video IS NOT NULL THEN
    p_video := replace(p_video::text, 'OURS', 'http://p/' || pg_temp.key(n, 1))::jsonb;
    p_video := (SELECT coalesce(jsonb_object_agg(coalesce(names ->> e.key, e.key), e.value), '{}') FROM jsonb_each(p_video) AS e);
    INSERT INTO videos SELECT v.* FROM jsonb_populate_record(NULL::videos, '{"status": "completed", "video_url": "http://x/1", "thumbnail_generation_status": "processing",
      "thumbnail_generation_attempts": 2, "thumbnail_metadata": {}, "created_at": "2024-01-01", "updated_at": "2024-01-01", "title": ""}'::jsonb || p_video || jsonb_build_object('id', v_id)) AS v;
  END IF;
  p_job := replace(p_job::text, 'OURS', 'http://p/' || pg_temp.key(n, 1))::jsonb;
  INSERT INTO thumbnails.jobs SELECT j.* FROM jsonb_populate_record(NULL::thumbnails.jobs, jsonb_build_object('kind', 'thumbnail', 'lane', 1, 'tenant', '', 'is_earned', true, 'attempts', 2,
    'releases', 7, 'source_url', 'http://x/1', 'request', '{}'::jsonb, 'created_at', '2024-01-01', 'due_at', old_due, 'token', n, 'claimed_at', clock_timestamp() - interval '3 s')
    || p_job || jsonb_build_object('video_id', v_id)) AS j;
  INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (v_id, 'storyboard', 3, old_due, 'http://x/1') ON CONFLICT DO NOTHING;
  SET LOCAL session_replication_role = origin;
  INSERT INTO thumbnails.events (video_id, to_status, token, at) SELECT v_id, 'processing', t, clock_timestamp() - interval '10 s' FROM generate_series(1, 2) AS t WHERE p_video ? 'hint';
  INSERT INTO thumbnails.inbox (video_id, reason, by_role) SELECT v_id, p_video ->> 'hint', 'uploader' WHERE p_video ? 'hint';
  IF p_end = '"kept"' THEN
    UPDATE thumbnails.jobs SET token = NULL, lane = 9, due_at = clock_timestamp(), result = result || jsonb_build_object('token', n)
      || CASE WHEN result ->> 'state' = 'completed' THEN jsonb_build_object('url', 'http://p/' || pg_temp.key(n, 2), 'key', pg_temp.key(n, 2), 'metadata', '{}'::jsonb, 'keepSeconds', 60) ELSE '{}' END
     WHERE video_id = v_id AND kind = 'thumbnail';
    PERFORM thumbnails.settle_kept(1);
  ELSIF jsonb_typeof(p_end) = 'string' THEN
    answer := thumbnails.complete(v_id, CASE WHEN p_end = '"late"' THEN 0 ELSE n END, 'http://p/' || pg_temp.key(n, 2), pg_temp.key(n, 2), '{}');
  ELSE
    FOR round IN 1..coalesce((p_end ->> 'times')::integer, 1) LOOP
      answer := (thumbnails.fail(v_id, n, p_end ->> 'class', 'it says why', (p_end ->> 'retryable')::boolean)).outcome;
    END LOOP;
  END IF;
  SELECT concat_ws(' | ', answer,
    coalesce((SELECT string_agg(concat_ws(' ', nullif(j.kind, 'thumbnail'), 'lane', j.lane, CASE WHEN j.due_at = old_due THEN 'as before' WHEN j.due_at < clock_timestamp() THEN 'now'
                        WHEN j.due_at < clock_timestamp() + interval '55 s' THEN 'in seconds' WHEN j.due_at < clock_timestamp() + interval '2 min' THEN 'in a minute' ELSE 'later' END, j.attempts || '/' || j.releases,
                        CASE WHEN j.token IS NOT NULL THEN 'claimed' END, CASE WHEN j.is_earned THEN 'earned' END, nullif(j.source_url, 'http://x/1'), 'of ' || replace(j.old_thumbnail, 'http://p/' || pg_temp.key(n, 1), 'OURS'),
                        nullif(j.request::text, '{}'), j.result ->> 'state'), ', ')
                FROM thumbnails.jobs j WHERE j.video_id = v_id AND (j.kind, j.due_at) <> ('storyboard', old_due)), 'no job'),
    (SELECT 'the storyboard is gone' WHERE NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v_id AND j.kind = 'storyboard')),
    (SELECT concat_ws(' ', 'row', v.thumbnail_generation_status, v.thumbnail_generation_error_code, regexp_replace(v.thumbnail_generation_error, '[0-9]{2,}', 'N'), nullif(v.thumbnail_generation_attempts, 2),
                      nullif(v.thumbnail_metadata::text, '{}'),
                      CASE WHEN v.thumbnail_url LIKE '%-2.jpg' AND v.thumbnail_generation_last_attempt_at IS DISTINCT FROM v.thumbnail_generation_started_at THEN 'attempted at another time' END)
       FROM videos v WHERE v.id = v_id),
    (SELECT string_agg(concat_ws(' ', coalesce(e.from_status, '-') || '>' || coalesce(e.to_status, '-'), e.attempt, CASE WHEN e.token = n THEN 'token' END, e.class, regexp_replace(e.text, '[0-9]{2,}', 'N'),
       CASE WHEN e.duration > '2 s' THEN 'timed' END, CASE WHEN e.detail IS NOT NULL THEN 'with figures' END), ', ' ORDER BY e.id) FROM thumbnails.events e WHERE e.video_id = v_id AND (e.token = n OR e.token IS NULL OR e.token = 0)),
    (SELECT 'put down ' || string_agg(right(d.key, 5), ', ' ORDER BY d.key) FROM thumbnails.object_deletions d WHERE d.video_id = v_id),
    (SELECT 'set aside ' || string_agg(a.reason, ', ') FROM thumbnails.set_aside a WHERE a.video_id = v_id))
    INTO told;
  RETURN replace(told, 'thumbnail_handlers_url / supabase_url, webhook_secret / service_role_key', '…');
END $$;
CREATE TEMP TABLE cases (nth integer GENERATED ALWAYS AS IDENTITY, video jsonb, job jsonb, ends jsonb, result text, name text);
INSERT INTO cases (video, job, ends, result, name) VALUES
  ('{}', '{}', '"done"', 'ok | no job | row completed | processing>completed 2 token timed with figures', 'a picture'),
  ('{}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}}', '"done"',
   'ok | no job | row completed {"requested": {"aspectRatio": "16:9", "timeSeconds": 5}} | processing>completed 2 token timed with figures', 'what was asked for stays with it'),
  ('{"picture": ""}', '{"old_thumbnail": ""}', '"done"', 'ok | no job | row completed | processing>completed 2 token timed with figures', 'in place of none'),
  ('{"picture": "http://e/1.jpg"}', '{"old_thumbnail": "http://e/1.jpg"}', '"done"',
   'ok | no job | row completed {"replaced": "http://e/1.jpg"} | processing>completed 2 token timed with figures', 'in place of one from outside, whose URL is kept'),
  ('{"picture": "OURS"}', '{"old_thumbnail": "OURS"}', '"done"', 'ok | no job | row completed | processing>completed 2 token timed with figures | put down 1.jpg', 'in place of ours, whose object is put down'),
  ('{}', '{}', '"late"', 'fenced | lane 1 as before 2/7 claimed earned | row processing | ->- lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'of an older claim'),
  ('{"url": "http://x/1?sig=2"}', '{"request": {"again": true}}', '"done"', 'ok | no job | row completed | processing>completed 2 token timed with figures', 'a fresh signature is no other video'),
  ('{"url": "http://x/2", "aspect_ratio": "9:16"}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}, "lane": 2, "old_thumbnail": "http://e/1.jpg"}', '"done"',
   'fenced | lane 2 now 0/0 http://x/2 {"shape": "9:16", "aspectRatio": "16:9"} | row processing | ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'of another video: the job begins anew'),
  ('{"url": "http://x/2", "hint": "source"}', '{}', '"done"',
   'fenced | lane 1 in seconds 0/0 http://x/2 | row processing | ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'at the end of the minute, if it is a user who was hasty'),
  ('{"url": "http://x/2", "hint": "picture"}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}}', '"done"',
   'fenced | lane 1 now 0/0 http://x/2 {"aspectRatio": "16:9"} | row processing | ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'with another URL'),
  ('{"url": "http://x/2"}', '{"result": {"state": "completed", "refused": {"text": "none", "sqlstate": "P0001"}}}', '"kept"', 'lane 0 now 0/0 http://x/2 | row processing | put down 2.jpg', 'the same of what was kept'),
  ('{"picture": "http://e/1.jpg"}', '{}', '"done"',
   'fenced | no job | row completed 0 | ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'beside a picture from outside, which stands'),
  ('{"picture": "http://e/1.jpg", "title": "refused"}', '{}', '"done"',
   'fenced | no job | row processing | ->- platform the platform refused ''completed'' on its row: not this one, says N (P0001), ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg | set aside found', 'even if the row cannot say so'),
  ('{"picture": "http://e/1.jpg"}', '{}', '{"class": "media", "retryable": false}', 'fenced | no job | row completed 0', 'a failure beside one'),
  (NULL, '{}', '"done"', 'fenced | no job | ->- token lost a late result was refused: the video is another claim''s, or another video by now | put down 2.jpg', 'of a row that is gone'),
  (NULL, '{}', '{"class": "media", "retryable": false}', 'fenced | no job', 'whose failure is nobody''s'),
  ('{"title": "refused"}', '{}', '"done"',
   'kept | lane 9 later 2/8 completed | row processing | processing>pending 2 token platform the platform refuses the result, which is kept: not this one, says N (P0001), ->- platform the platform refused ''pending'' on its row: not this one, says N (P0001)', 'a picture that the platform refuses'),
  ('{}', '{"result": {"state": "completed", "refused": {"text": "none", "sqlstate": "P0001"}}}', '"kept"',
   'no job | row completed | pending>completed 2 token kept written now that the platform takes it with figures', 'once it takes it'),
  ('{"title": "refused"}', '{"result": {"state": "completed", "refused": {"text": "something else", "sqlstate": "P0001"}}}', '"kept"',
   'lane 9 later 2/8 completed | row processing | pending>pending 2 token platform the platform refuses the result, which is kept: not this one, says N (P0001), ->- platform the platform refused ''pending'' on its row: not this one, says N (P0001)', 'if it refuses it once more, for another reason'),
  ('{"title": "refused"}', '{"result": {"state": "completed", "refused": {"text": "not this one, says 4711", "sqlstate": "P0001"}}}', '"kept"',
   'lane 9 later 2/8 completed | row processing | ->- platform the platform refused ''pending'' on its row: not this one, says N (P0001)', 'or for the same one, in other figures'),
  ('{}', '{"result": {"state": "failed", "refused": {"text": "none", "sqlstate": "P0001"}, "error": "503", "class": "source"}}', '"kept"', 'no job | row failed source N | pending>failed 2 token source N', 'a failure that was kept'),
  ('{}', '{"result": {"state": "failed", "refused": {"text": "none", "sqlstate": "P0001"}, "error": "503", "class": "source"}, "request": {"again": true}}', '"kept"',
   'lane 1 in a minute 0/0 | row pending source N 0 | pending>pending 0 token source N timed', 'which is not the last'),
  ('{}', '{}', '{"class": "source", "retryable": true}', 'ok | lane 1 later 2/7 | row failed source it says why | processing>failed 2 token source it says why timed', 'a failure that is tried again'),
  ('{}', '{"lane": 0}', '{"class": "source", "retryable": true}', 'ok | lane 1 later 2/7 | row failed source it says why | processing>failed 2 token source it says why timed', 'behind what is fresh'),
  ('{}', '{"lane": 2}', '{"class": "source", "retryable": true}', 'ok | lane 2 later 2/7 | row failed source it says why | processing>failed 2 token source it says why timed', 'but not before its lane'),
  ('{}', '{"attempts": 3}', '{"class": "source", "retryable": true}', 'ok | no job | row failed source it says why 3 | processing>failed 3 token source it says why timed', 'the last one'),
  ('{}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}}', '{"class": "media", "retryable": false}',
   'ok | lane 1 in a minute 0/0 {"shape": "4:3", "regenerate": true, "aspectRatio": "16:9", "timeSeconds": 5} | row pending media it says why 0 | processing>pending 0 token media it says why timed', 'which is none if it was asked for meanwhile'),
  ('{}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}, "lane": 0}', '{"class": "source", "retryable": true}',
   'ok | lane 1 in a minute 0/0 {"shape": "4:3", "regenerate": true, "aspectRatio": "16:9", "timeSeconds": 5} | row pending source it says why 0 | processing>pending 0 token source it says why timed', 'nor is any other'),
  ('{}', '{"request": {"again": true, "regenerate": true, "timeSeconds": 5, "shape": "4:3", "aspectRatio": "16:9"}, "lane": 2}', '{"class": "source", "retryable": true}',
   'ok | lane 2 in a minute 0/0 {"shape": "4:3", "regenerate": true, "aspectRatio": "16:9", "timeSeconds": 5} | row pending source it says why 0 | processing>pending 0 token source it says why timed', 'in its lane'),
  ('{}', '{"request": {"again": true}}', '{"class": "source", "retryable": true, "times": 2}',
   'already | lane 1 in a minute 0/0 | row pending source it says why 0 | processing>pending 0 token source it says why timed', 'a call that is repeated is told so'),
  ('{}', '{"lane": 0}', '{"class": "storage"}', 'ok | lane 0 later 1/8 | row pending storage it says why 1 | processing>pending 1 token storage it says why timed', 'a job that is given back'),
  ('{}', '{"request": {"again": true}}', '{"class": "storage"}', 'ok | lane 1 later 1/8 {"again": true} | row pending storage it says why 1 | processing>pending 1 token storage it says why timed', 'keeps what was asked for'),
  ('{}', '{}', '{"class": "shutdown"}', 'ok | lane 1 now 1/7 | row pending shutdown it says why 1 | processing>pending 1 token shutdown it says why timed', 'and is due at once, if its worker stops'),
  ('{}', '{"kind": "storyboard", "lane": 3}', '{"class": "media", "retryable": false}', 'ok | no job | the storyboard is gone | row processing', 'a storyboard''s failure: its worker says it'),
  ('{}', '{"kind": "storyboard", "lane": 3, "attempts": 3}', '{"class": "lost", "retryable": true}', 'ok | no job | the storyboard is gone | row processing | ->- lost storyboard: it says why', 'unless it was lost'),
  ('{}', '{"kind": "storyboard", "lane": 3}', '{"class": "source", "retryable": true}', 'ok | storyboard lane 3 later 2/7 | row processing', 'or is tried again');
SELECT is(pg_temp.settled(video, job, ends), result, name) FROM cases ORDER BY nth;
SELECT * FROM finish();
ROLLBACK;
