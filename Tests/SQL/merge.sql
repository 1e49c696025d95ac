-- What a merge makes of each hint: a table of cases. The row is written without triggers, since some programs write without them.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(127);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
DELETE FROM thumbnails.inbox;
CREATE ROLE uploader;
ALTER TABLE videos ADD COLUMN aspect_ratio text;
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON videos FOR EACH ROW WHEN (OLD.title = 'refused') EXECUTE FUNCTION pg_temp.refuse();
-- Two jobs of an uploader, who may have no more at work.
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at) SELECT gen_random_uuid(), 0, thumbnails.tenant('{"user_id": "00000000-0000-4000-8000-000000000009"}'), clock_timestamp() FROM generate_series(1, 2);
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token integer) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
CREATE SEQUENCE pg_temp.nth;
-- A finished video without a picture, unless `p_video` says otherwise, with or without a job, and its hints: each one's reason, or the values of its row.
-- `hasty`: it was tried twice within this minute; `kept`: for how many days its object has been put down; `unconfigured`: there is no system_config. A job is
-- beside one of a storyboard. Returns the job, the row, the history and the objects put down. Times are said in words.
CREATE FUNCTION pg_temp.merged(p_video jsonb, p_job jsonb, p_hints jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n integer := nextval('pg_temp.nth');
  v_id uuid := pg_temp.id(n);
  old_due timestamptz := clock_timestamp() + interval '10 minutes';
  names jsonb := '{"url": "video_url", "picture": "thumbnail_url", "state": "thumbnail_generation_status", "code": "thumbnail_generation_error_code", "error": "thumbnail_generation_error",
    "attempts": "thumbnail_generation_attempts", "started": "thumbnail_generation_started_at", "made": "thumbnail_generated_at", "metadata": "thumbnail_metadata"}';
  hint jsonb;
  told text;
BEGIN
  SET LOCAL session_replication_role = replica;
  IF p_video IS NOT NULL THEN
    p_video := replace(p_video::text, 'OURS', 'http://p/' || pg_temp.key(n, 1))::jsonb;
    p_video := (SELECT coalesce(jsonb_object_agg(coalesce(names ->> e.key, e.key), e.value), '{}') FROM jsonb_each(p_video) AS e);
    INSERT INTO videos SELECT v.* FROM jsonb_populate_record(NULL::videos, '{"status": "completed", "video_url": "http://x/1", "thumbnail_generation_status": "pending",
      "thumbnail_generation_attempts": 0, "thumbnail_metadata": {}, "created_at": "2024-01-01", "updated_at": "2024-01-01", "title": ""}'::jsonb || p_video || jsonb_build_object('id', v_id)) AS v;
  END IF;
  IF p_job IS NOT NULL THEN
    p_job := replace(replace(p_job::text, 'KEY', pg_temp.key(n, 2)), 'OURS', 'http://p/' || pg_temp.key(n, 1))::jsonb;
    INSERT INTO thumbnails.jobs SELECT j.* FROM jsonb_populate_record(NULL::thumbnails.jobs, jsonb_build_object('kind', 'thumbnail', 'lane', 1, 'tenant', '', 'is_earned', false, 'attempts', 1,
      'releases', 4, 'source_url', 'http://x/1', 'request', '{}'::jsonb, 'created_at', '2024-01-01', 'due_at', old_due) || p_job || jsonb_build_object('video_id', v_id)) AS j;
    INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (v_id, 'storyboard', 3, old_due, 'http://x/1');
  END IF;
  SET LOCAL session_replication_role = origin;
  INSERT INTO thumbnails.events (video_id, to_status, token, at) SELECT v_id, 'processing', t, clock_timestamp() - interval '10 s' FROM generate_series(1, 2) AS t WHERE p_video ? 'hasty';
  INSERT INTO thumbnails.object_deletions (key, video_id, not_before) SELECT pg_temp.key(n, 1), v_id, clock_timestamp() + make_interval(days => (p_video ->> 'kept')::integer) WHERE p_video ? 'kept';
  UPDATE system_config SET key = key || '_off' WHERE p_video ? 'unconfigured';
  FOR hint IN SELECT e FROM jsonb_array_elements(p_hints) AS e LOOP
    IF jsonb_typeof(hint) = 'string' THEN
      hint := jsonb_build_object('reason', hint);
    END IF;
    INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state, by_role, at)
    VALUES (v_id, hint ->> 'reason', hint ->> 'old_source', replace(hint ->> 'old_key', 'KEY', pg_temp.key(n, 1)), coalesce(hint ->> 'old_state', 'pending'),
            coalesce(hint ->> 'by_role', session_user), coalesce((hint ->> 'at')::timestamptz, clock_timestamp()));
  END LOOP;
  PERFORM thumbnails.merge(100, v_id);
  UPDATE system_config SET key = replace(key, '_off', '');
  SELECT concat_ws(' | ',
    coalesce((SELECT concat_ws(' ', 'job', 'lane', j.lane, CASE WHEN j.due_at = old_due THEN 'as before' WHEN j.due_at < now() THEN 'overdue' WHEN j.due_at < clock_timestamp() THEN 'now' WHEN j.due_at = 'infinity' THEN 'parked'
                        WHEN j.due_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '1 minute' THEN 'in a minute' ELSE 'in ' || round(extract(epoch FROM j.due_at - clock_timestamp()) / 60) || ' min' END,
                        j.attempts || '/' || j.releases, CASE WHEN j.token IS NOT NULL THEN 'claimed' END, nullif(j.source_url, 'http://x/1'), 'of ' || replace(j.old_thumbnail, 'http://p/' || pg_temp.key(n, 1), 'OURS'),
                        nullif(j.request::text, '{}'), j.result ->> 'state', CASE WHEN j.created_at > '2025-01-01' THEN 'new' ELSE 'old' END)
                FROM thumbnails.jobs j WHERE j.video_id = v_id AND j.kind = 'thumbnail'), 'no job'),
    (SELECT 'the storyboard is another' FROM thumbnails.jobs j WHERE j.video_id = v_id AND j.kind = 'storyboard' AND (j.due_at, j.source_url, j.request, j.lane) <> (old_due, 'http://x/1', '{}', 3)),
    (SELECT concat_ws(' ', 'row', coalesce(v.thumbnail_generation_status, '-'), v.thumbnail_generation_error_code, v.thumbnail_generation_error) FROM videos v WHERE v.id = v_id),
    (SELECT string_agg(concat_ws(' ', coalesce(e.from_status, '-') || '>' || coalesce(e.to_status, '-'), e.attempt, e.class, e.text), ', ' ORDER BY e.id) FROM thumbnails.events e WHERE e.video_id = v_id AND e.token IS NULL),
    (SELECT 'put down ' || string_agg(right(d.key, 5) || ' for ' || round(extract(epoch FROM d.not_before - clock_timestamp()) / 86400), ', ' ORDER BY d.key) FROM thumbnails.object_deletions d WHERE d.video_id = v_id),
    (SELECT 'borrowed ' || string_agg(b.key, ', ') FROM thumbnails.borrowed b WHERE b.video_id = v_id),
    (SELECT 'set aside ' || string_agg(a.reason, ', ') FROM thumbnails.set_aside a WHERE a.video_id = v_id))
    INTO told;
  RETURN replace(told, 'thumbnail_handlers_url / supabase_url, webhook_secret / service_role_key', '…');
END $$;
CREATE TEMP TABLE cases (nth integer GENERATED ALWAYS AS IDENTITY, video jsonb, job jsonb, hints jsonb, result text, name text);
INSERT INTO cases (video, job, hints, result, name) VALUES
  ('{}', NULL, '["finished"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'a finished video'),
  ('{"state": "failed", "attempts": 3}', NULL, '["finished"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'one that has failed for good, finished once more: its attempts begin anew'),
  ('{"state": "failed", "attempts": 3}', NULL, '["source"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'the same with another URL'),
  ('{"state": "failed", "attempts": 3}', NULL, '["picture"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'or whose picture was taken off'),
  ('{"state": "failed", "attempts": 3}', NULL, '["asked"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0', 'or that is asked for'),
  ('{"state": "failed", "attempts": 3}', NULL, '["found"]', 'no job | row failed', 'but not if the sweep has found it'),
  ('{"state": "failed", "attempts": 2, "code": "source"}', NULL, '["found"]', 'job lane 2 now 2/0 new | row pending | pending>pending 0 found by the sweep', 'the sweep starts a failed one with its attempts'),
  ('{"state": "failed", "attempts": 2, "code": "source"}', NULL, '["state", "found"]', 'job lane 2 now 2/0 new | row pending | pending>pending 0 found by the sweep', 'also if another program has written that state'),
  ('{"state": "failed", "attempts": -5}', NULL, '["found"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0 found by the sweep', 'which may be absurd'),
  ('{"attempts": 2}', NULL, '["found"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0 found by the sweep', 'those of any other state do not count'),
  ('{"state": "failed", "attempts": 2}', NULL, '["state"]', 'no job | row failed | pending>failed 2 external set by another program', 'a state that another program wrote starts none'),
  ('{"state": "processing"}', NULL, '["state"]', 'no job | row processing | pending>processing 0 external set by another program', 'nor one that another program works on'),
  ('{}', NULL, '["state"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'but pending does'),
  ('{"state": "completed"}', NULL, '["state"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'and any other without its picture'),
  ('{"state": "processing"}', NULL, '["state", "found"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0 found by the sweep', 'until it is left behind'),
  ('{"state": "processing"}', NULL, '["finished"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'or is finished once more'),
  ('{"state": null}', NULL, '["found"]', 'job lane 2 now 0/0 new | row - | pending>pending 0 found by the sweep', 'what has no state is not written for the sweep'),
  ('{"state": null}', NULL, '["asked"]', 'job lane 2 now 0/0 new | row - | pending>pending 0', 'nor for the many that are asked for'),
  ('{"state": null}', NULL, '["finished"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'but for a video that is finished'),
  ('{"state": "completed"}', NULL, '["found"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0 found by the sweep', 'one without a picture that says completed'),
  ('{"aspect_ratio": "9:16"}', NULL, '["finished"]', 'job lane 0 now 0/0 {"shape": "9:16"} new | row pending | pending>pending 0', 'with the shape that its column asks for'),
  ('{"url": " "}', NULL, '["finished"]', 'no job | row failed media Video URL is null | pending>failed 0 media Video URL is null', 'without a URL'),
  ('{"state": "failed", "url": " ", "code": "media"}', NULL, '["finished"]', 'no job | row failed media', 'which is said once'),
  ('{"state": "failed", "url": " ", "code": "source"}', NULL, '["finished"]', 'no job | row failed media Video URL is null | pending>failed 0 media Video URL is null', 'and in place of another failure'),
  ('{"url": " ", "code": "media"}', NULL, '["finished"]', 'no job | row failed media Video URL is null | pending>failed 0 media Video URL is null', 'and of another state'),
  ('{"url": ""}', '{"lane": 9, "result": {"state": "completed", "key": "KEY"}}', '["source"]',
   'no job | row failed media Video URL is null | pending>failed 0 media Video URL is null | put down 2.jpg for 1', 'which ends the job and the kept result'),
  ('{"status": "processing"}', NULL, '["finished"]', 'no job | row pending', 'one that is not finished'),
  ('{"state": "completed", "status": "processing"}', NULL, '["finished"]', 'no job | row completed', 'nor says so, if nothing is wanted of it'),
  ('{"state": "completed", "status": "processing"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'no job | row pending', 'it waits if it is another video by now'),
  ('{"state": "completed", "status": "processing", "picture": "OURS"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'no job | row pending', 'also with our picture'),
  ('{"state": "completed", "status": "processing", "picture": "http://e/1.jpg"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'no job | row completed', 'but not with one from outside'),
  (NULL, NULL, '["gone", "state", "picture"]', 'no job', 'one that is gone'),
  (NULL, '{"lane": 9, "result": {"state": "completed", "key": "KEY"}}', '[{"reason": "gone", "old_source": "http://x/1"}]', 'no job | put down 2.jpg for 1', 'so are its job and the kept result'),
  ('{}', '{}', '["found"]', 'job lane 1 as before 1/4 old | row pending', 'a waiting one: the sweep changes nothing'),
  ('{}', '{"attempts": 2, "old_thumbnail": "OURS", "claimed_at": "2024-01-01", "request": {"again": true, "timeSeconds": 5, "shape": "9:16", "aspectRatio": "16:9"}, "lane": 2}', '["finished"]',
   'job lane 1 now 0/0 {"aspectRatio": "16:9"} new | row pending | pending>pending 0', 'finished once more, it begins anew'),
  ('{"aspect_ratio": "9:16"}', '{}', '["picture"]', 'job lane 1 now 0/0 {"shape": "9:16"} new | row pending | pending>pending 0', 'or when its picture was taken off'),
  ('{}', '{"lane": 0}', '["finished", "asked"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0', 'in the lane of bulk work, if it is that'),
  ('{}', '{"due_at": "infinity"}', '["finished"]', 'job lane 1 parked 0/0 new | row pending | pending>pending 0', 'but not before its turn'),
  ('{}', '{"token": 7, "attempts": 2, "due_at": "2024-01-01"}', '["finished"]', 'job lane 1 now 0/0 new | row pending | pending>pending 0', 'even if its worker was lost'),
  ('{}', '{}', '["state"]', 'job lane 1 now 0/0 new | row pending | pending>pending 0', 'anew as well if somebody has written pending'),
  ('{"state": "failed"}', '{}', '["state"]', 'job lane 1 as before 1/4 old | row failed | pending>failed 0 external set by another program', 'but not any other state'),
  ('{}', '{}', '["source"]', 'job lane 1 now 1/4 old | row pending', 'a fresh signature hurries it'),
  ('{"url": "http://x/1?sig=2"}', '{}', '["source"]', 'job lane 1 now 1/4 http://x/1?sig=2 old | row pending', 'and is used'),
  ('{}', '{}', '["asked"]', 'job lane 1 now 1/4 old | row pending', 'as does asking for it'),
  ('{}', '{"due_at": "infinity"}', '["source"]', 'job lane 1 parked 1/4 old | row pending', 'but not before its turn'),
  ('{}', '{"token": 7, "attempts": 2, "due_at": "2024-01-01"}', '["source"]', 'job lane 1 now 2/4 claimed {"again": true} old | row pending', 'of one whose worker was lost, the next attempt is not the last'),
  ('{"url": "http://x/2"}', '{}', '["source"]', 'job lane 1 now 0/0 http://x/2 new | row pending | pending>pending 0', 'another URL: anew'),
  ('{"url": "http://x/2"}', '{"token": 7, "attempts": 2, "request": {"regenerate": true}}', '["source"]', 'job lane 1 now 0/0 http://x/2 new | row pending | pending>pending 0', 'even if it is in work'),
  ('{"url": "http://x/2"}', '{"lane": 9, "result": {"state": "completed", "key": "KEY"}}', '["source"]', 'job lane 1 now 0/0 http://x/2 new | row pending | pending>pending 0 | put down 2.jpg for 1', 'and what is kept is put down'),
  ('{"state": "processing"}', '{}', '["state"]', 'job lane 1 in 30 min 1/4 old | row processing | pending>processing 0 external set by another program', 'another program works on it: later'),
  ('{"state": "processing", "started": "2024-01-01"}', '{"token": 7, "attempts": 2, "due_at": "2024-01-01"}', '["state"]',
   'job lane 1 overdue 2/4 claimed old | row processing | pending>processing 0 external set by another program', 'or at once, if that is long ago'),
  ('{"state": "processing", "started": "-infinity"}', '{}', '["state"]', 'job lane 1 in 30 min 1/4 old | row processing | pending>processing 0 external set by another program', 'an absurd time is now'),
  ('{"state": "processing", "started": "2999-01-01"}', '{}', '["state"]', 'job lane 1 in 30 min 1/4 old | row processing | pending>processing 0 external set by another program', 'and so is one to come'),
  ('{"state": "processing"}', '{}', '["finished"]', 'job lane 1 now 0/0 new | row pending | pending>pending 0', 'a state that was there before the hint is no reason to wait'),
  ('{"state": "processing"}', '{"token": 7, "attempts": 2}', '["finished"]', 'job lane 1 as before 2/4 claimed {"again": true} old | row processing', 'one in work, finished once more: if this attempt fails, it is not the last'),
  ('{"state": "processing"}', '{"token": 7, "attempts": 2}', '["source"]', 'job lane 1 as before 2/4 claimed {"again": true} old | row processing', 'so with a fresh signature'),
  ('{"state": "processing"}', '{"token": 7, "attempts": 2}', '["picture"]', 'job lane 1 as before 2/4 claimed {"again": true} old | row processing', 'or without its picture'),
  ('{"state": "processing"}', '{"token": 7, "attempts": 2}', '["asked"]', 'job lane 1 as before 2/4 claimed {"again": true} old | row processing', 'or asked for'),
  ('{}', '{"token": 7, "attempts": 2}', '["found"]', 'job lane 1 as before 2/4 claimed old | row pending', 'not if the sweep has found it'),
  ('{}', '{"token": 7, "attempts": 2}', '["state"]', 'job lane 1 as before 2/4 claimed {"again": true} old | row pending', 'but if somebody has written pending'),
  ('{"state": "failed"}', '{"token": 7, "attempts": 2}', '["state"]', 'job lane 1 as before 2/4 claimed old | row failed', 'and not if it is any other state'),
  ('{}', '{"lane": 9, "result": {"state": "completed", "key": "KEY"}}', '["finished"]', 'job lane 9 as before 1/4 {"again": true} completed old | row pending', 'a kept result stays, in the same way'),
  ('{}', '{"request": {"regenerate": true}}', '["finished"]', 'job lane 1 as before 1/4 {"regenerate": true} old | row pending', 'and another picture that was asked for'),
  ('{"picture": "http://e/1.jpg"}', '{}', '["picture"]', 'no job | row completed', 'a picture from outside ends the job'),
  ('{"picture": "http://e/1.jpg"}', '{"lane": 9, "result": {"state": "completed", "key": "KEY"}}', '["picture"]', 'no job | row completed | put down 2.jpg for 1', 'and the kept result'),
  ('{"picture": "http://e/1.jpg"}', '{"request": {"regenerate": true}}', '["picture"]', 'job lane 1 as before 1/4 {"regenerate": true} old | row pending', 'unless another one was asked for'),
  ('{"picture": "http://e/1.jpg", "url": "http://x/2"}', '{"request": {"regenerate": true}}', '["source"]', 'no job | row completed', 'of this video'),
  ('{"picture": "http://e/1.jpg"}', '{"old_thumbnail": "http://e/1.jpg"}', '["picture"]', 'job lane 1 as before 1/4 of http://e/1.jpg old | row pending', 'or the job is of that picture'),
  ('{"state": "failed", "picture": "http://e/1.jpg", "code": "source"}', NULL, '["picture"]', 'no job | row failed source | pending>failed 0 source set by another program', 'what has failed beside a picture says so'),
  ('{"state": "failed", "picture": "http://e/1.jpg"}', NULL, '["picture"]', 'no job | row completed', 'unless it was another program that failed'),
  ('{"picture": "http://e/1.jpg"}', NULL, '["found"]', 'no job | row completed', 'a row that waits, and has its picture'),
  ('{"state": "processing", "picture": "http://e/1.jpg"}', NULL, '["found"]', 'no job | row completed', 'or that another program worked on'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '["state"]', 'no job | row completed | pending>completed 0 external set by another program', 'our own picture: nothing to do'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '["finished"]', 'no job | row completed', 'also if it is finished once more'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'of another video: it is made anew'),
  ('{"state": "completed", "picture": "OURS", "url": ""}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'no job | row completed', 'if there is one'),
  ('{"state": "completed", "picture": "OURS", "made": "2999-01-01"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'a time to come tells nothing'),
  ('{"state": "completed", "picture": "OURS", "made": "2024-07-01"}', NULL, '[{"reason": "source", "old_source": "http://x/0", "at": "2024-06-01"}]', 'no job | row completed', 'not if the picture was made after that'),
  ('{"state": "completed", "picture": "OURS", "made": "2024-07-01"}', NULL, '[{"reason": "source", "old_source": "http://x/1", "at": "2024-06-01"}, {"reason": "source", "old_source": "http://x/0", "at": "2024-08-01"}]',
   'job lane 0 now 0/0 of OURS old | row pending | pending>pending 0', 'but the URL changed once more'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '[{"reason": "source", "old_source": "http://x/0"}, {"reason": "source", "old_source": "http://x/1"}]',
   'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'what counts is the URL before the first change'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '[{"reason": "gone", "old_source": "http://x/0"}]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'as after the row was deleted and inserted again'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '[{"reason": "gone"}]', 'no job | row completed', 'where the hint knows its URL'),
  ('{"picture": "OURS"}', NULL, '["state"]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'somebody has written pending beside it'),
  ('{"picture": "OURS"}', NULL, '["finished"]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'or finished it once more'),
  ('{"picture": "OURS"}', NULL, '["found"]', 'no job | row completed', 'which the sweep alone does not do'),
  ('{"state": "failed", "picture": "OURS", "code": "source"}', NULL, '["finished"]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'a failure beside our picture is tried again when it is finished'),
  ('{"state": "failed", "picture": "OURS", "code": "source"}', NULL, '[{"reason": "source", "old_source": "http://x/1?sig=0"}]', 'job lane 0 now 0/0 of OURS new | row pending | pending>pending 0', 'or has a fresh signature'),
  ('{"state": "failed", "picture": "OURS", "code": "source"}', NULL, '["state"]', 'no job | row failed source | pending>failed 0 source set by another program', 'not else'),
  ('{"state": "failed", "picture": "http://e/1.jpg", "code": "source"}', NULL, '["finished"]', 'no job | row failed source', 'nor beside one from outside'),
  ('{"state": "processing", "picture": "OURS"}', '{"token": 7, "attempts": 2, "old_thumbnail": "OURS"}', '["finished"]', 'job lane 1 as before 2/4 claimed of OURS {"again": true} old | row processing', 'a new one on its way'),
  ('{"state": "processing", "picture": "OURS"}', '{"token": 7, "attempts": 2, "old_thumbnail": "OURS"}', '[{"reason": "source", "old_source": "http://x/1?sig=0"}]',
   'job lane 1 as before 2/4 claimed of OURS {"again": true} old | row processing', 'the same with a fresh signature'),
  ('{"state": "processing", "picture": "OURS"}', '{"token": 7, "attempts": 2, "old_thumbnail": "OURS"}', '["state"]', 'job lane 1 as before 2/4 claimed of OURS old | row processing', 'or not'),
  ('{"state": "processing", "picture": "OURS", "url": "http://x/2"}', '{"token": 7, "attempts": 2}', '[{"reason": "source", "old_source": "http://x/0"}]',
   'job lane 1 now 0/0 http://x/2 of OURS new | row pending | pending>pending 0', 'anew, if it is another video, of the picture that is there'),
  ('{"state": "completed", "picture": "OURS"}', NULL, '[{"reason": "picture", "old_key": "KEY"}]', 'no job | row completed | pending>completed 0 external set by another program', 'an object that is shown stays'),
  ('{"state": "completed", "picture": "http://e/1.jpg"}', NULL, '[{"reason": "picture", "old_key": "KEY"}]',
   'no job | row completed | pending>completed 0 external set by another program | put down 1.jpg for 1', 'one that is replaced is put down'),
  ('{"state": "completed", "picture": "http://p/thumbnails/00000000-0000-4000-8000-999999999999/0123456789abcdef-9.jpg"}', NULL, '["picture"]',
   'no job | row completed | pending>completed 0 external set by another program | borrowed 0123456789abcdef-9', 'and another row''s is borrowed'),
  ('{"state": "completed", "picture": "http://e/1.jpg", "metadata": {"storyboard": {"url": "http://p/thumbnails/00000000-0000-4000-8000-999999999999/0123456789abcdef-8.jpg"}}}', NULL, '["finished"]',
   'no job | row completed | borrowed 0123456789abcdef-8', 'so is its storyboard'),
  ('{"state": "failed", "code": "source", "error": "503"}', NULL, '[{"reason": "state", "old_state": "processing"}]', 'no job | row failed source 503 | processing>failed 0 source 503', 'what others write is in the history'),
  ('{"state": "failed"}', NULL, '[{"reason": "state", "old_state": "failed"}]', 'no job | row failed', 'if it is a change'),
  ('{"state": null, "picture": "http://e/1.jpg"}', NULL, '["state"]', 'no job | row -', 'and a state'),
  ('{"state": "failed"}', '{"token": 7, "attempts": 2}', '[{"reason": "state", "old_state": "processing"}]', 'job lane 1 as before 2/4 claimed old | row failed', 'not while one of ours works on it'),
  ('{"state": "failed"}', '{"token": 7, "attempts": 2, "due_at": "2024-01-01"}', '[{"reason": "state", "old_state": "processing"}]',
   'job lane 1 overdue 2/4 claimed old | row failed | processing>failed 0 external set by another program', 'but when that is over'),
  ('{"state": "processing"}', '{"token": 7, "attempts": 2, "due_at": "2024-01-01"}', '[{"reason": "state", "old_state": "failed"}]',
   'job lane 1 in 30 min 2/4 claimed old | row processing | failed>processing 0 external set by another program', 'also if it is to wait'),
  ('{}', '{"result": {"state": "failed"}}', '[{"reason": "state", "old_state": "processing"}]',
   'job lane 1 as before 1/4 {"again": true} failed old | row pending | processing>pending 0 external set by another program', 'or to begin anew'),
  ('{"state": "completed", "picture": "http://e/1.jpg"}', '{}', '[{"reason": "picture", "old_state": "failed"}]', 'no job | row completed | failed>completed 0 external set by another program', 'or ends the job'),
  ('{"state": "failed", "status": "processing"}', '{}', '["state"]', 'no job | row pending | pending>failed 0 external set by another program', 'one that is finished no more'),
  ('{"state": "failed", "status": "processing"}', '{"token": 7, "attempts": 2}', '["state"]', 'job lane 1 as before 2/4 claimed old | row failed', 'its worker will see'),
  ('{"state": "failed", "status": "processing", "picture": "http://e/1.jpg"}', '{}', '["state"]', 'no job | row failed | pending>failed 0 external set by another program', 'nothing is written beside a picture from outside'),
  ('{"picture": "http://e/1.jpg"}', '{}', '[{"reason": "finished", "old_state": "a"}, {"reason": "state", "old_state": "z"}]',
   'no job | row completed | a>pending 0 external set by another program', 'of several hints, the first knows the state before'),
  ('{}', '{}', '[{"reason": "source", "old_state": "z"}, {"reason": "picture", "old_state": "a"}]', 'job lane 1 now 0/0 new | row pending | z>pending 0', 'in whatever order'),
  ('{"user_id": "00000000-0000-4000-8000-000000000009"}', NULL, '["finished"]', 'job lane 1 parked 0/0 new | row pending | pending>pending 0', 'an uploader''s third video is parked'),
  ('{"user_id": "00000000-0000-4000-8000-000000000009", "hasty": 1}', NULL, '[{"reason": "finished", "by_role": "uploader"}]',
   'job lane 1 in a minute 0/0 new | row pending | pending>pending 0', 'or waits for the end of the minute in which a user has tried it twice'),
  ('{"hasty": 1}', NULL, '[{"reason": "finished", "by_role": "uploader"}]', 'job lane 0 in a minute 0/0 new | row pending | pending>pending 0', 'so does any other'),
  ('{"hasty": 1}', NULL, '[{"reason": "finished", "by_role": "uploader"}, "finished"]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'unless somebody else wants it, too'),
  ('{"hasty": 1}', '{}', '[{"reason": "finished", "by_role": "uploader"}]', 'job lane 1 in a minute 0/0 new | row pending | pending>pending 0', 'also if it is to begin anew'),
  ('{"hasty": 1}', '{"due_at": "infinity"}', '[{"reason": "finished", "by_role": "uploader"}]', 'job lane 1 in a minute 0/0 new | row pending | pending>pending 0', 'whether it is parked or not'),
  ('{"hasty": 1}', '{}', '[{"reason": "source", "by_role": "uploader"}]', 'job lane 1 in a minute 1/4 old | row pending', 'a user''s signature hurries it to the end of the minute'),
  ('{"hasty": 1}', '{"due_at": "2024-01-01"}', '[{"reason": "source", "by_role": "uploader"}]', 'job lane 1 overdue 1/4 old | row pending', 'and holds nothing up'),
  ('{"hasty": 1}', '{"token": 7, "attempts": 2}', '[{"reason": "source", "by_role": "uploader"}]', 'job lane 1 as before 2/4 claimed {"again": true} old | row pending', 'nor what is in work'),
  ('{}', NULL, '[{"reason": "finished", "by_role": "uploader"}]', 'job lane 0 now 0/0 new | row pending | pending>pending 0', 'a user''s first start is at once'),
  ('{"state": "completed", "picture": "http://e/1.jpg", "kept": 30}', NULL, '[{"reason": "picture", "old_key": "KEY"}]',
   'no job | row completed | pending>completed 0 external set by another program | put down 1.jpg for 30', 'an object that is to stay for longer does'),
  ('{"state": "completed", "picture": "http://e/1.jpg", "kept": -1}', NULL, '[{"reason": "picture", "old_key": "KEY"}]',
   'no job | row completed | pending>completed 0 external set by another program | put down 1.jpg for 1', 'one that was to be deleted by now stays for its day'),
  ('{"unconfigured": 1}', NULL, '["finished"]',
   'job lane 0 now 0/0 new | row pending configuration Missing configuration in system_config: … | pending>pending 0 configuration Missing configuration in system_config: …', 'without a configuration, the row says so'),
  ('{"unconfigured": 1}', NULL, '["found"]', 'job lane 2 now 0/0 new | row pending | pending>pending 0 configuration Missing configuration in system_config: …', 'but not for the sweep''s many'),
  ('{"state": "failed", "title": "refused"}', NULL, '["finished"]',
   'job lane 0 now 0/0 new | row failed | pending>pending 0, ->- platform the platform refused ''pending'' on its row: not this one (P0001)', 'a row that the platform does not let us write: its claim will'),
  ('{"url": "", "title": "refused"}', NULL, '["finished"]', 'no job | row pending | ->- platform the platform refused ''failed'' on its row: not this one (P0001) | set aside found', 'where there is none, it is set aside'),
  ('{"picture": "http://e/1.jpg", "title": "refused"}', '{}', '[{"reason": "source", "old_source": "http://x/1"}]',
   'no job | row pending | ->- platform the platform refused ''completed'' on its row: not this one (P0001) | set aside source', 'as what the sweep has found, or with all that it says');
SELECT is(pg_temp.merged(video, job, hints), result, name) FROM cases ORDER BY nth;
SELECT * FROM finish();
ROLLBACK;
