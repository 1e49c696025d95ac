CREATE OR REPLACE FUNCTION thumbnails.video_to_read(
  p_video_id uuid, OUT status text, OUT video_url text, OUT aspect_ratio text, OUT tenant text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.status::text, v.video_url::text, coalesce(v.thumbnail_metadata #>> '{requested,aspectRatio}', thumbnails.shape(o.own) ->> 'shape'),
         thumbnails.tenant(o.own)
    FROM public.videos AS v CROSS JOIN LATERAL (SELECT thumbnails.own(v.id)) AS o (own) WHERE v.id = video_to_read.p_video_id
$$;

-- Queues a storyboard, even for a video that has one; `p_only_lacking`: only if it has none and none is queued. Returns `queued`; `there` if that is so;
-- `busy` if one is being made; `not_found`, `not_finished`, `no_source`.
CREATE OR REPLACE FUNCTION thumbnails.request_storyboard(p_video_id uuid, p_only_lacking boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  video thumbnails.seen%ROWTYPE;
  answer text;
BEGIN
  SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
  answer := CASE WHEN NOT FOUND THEN 'not_found' WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
                 WHEN thumbnails.is_blank(video.source) THEN 'no_source'
                 WHEN p_only_lacking AND (video.metadata ? 'storyboard'
                                          OR EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard')) THEN 'there' END;
  IF answer IS NOT NULL THEN
    RETURN answer;
  END IF;
  INSERT INTO thumbnails.storyboards (video_id) VALUES (p_video_id) ON CONFLICT DO NOTHING;
  -- Without a tenant, since it must not count among a tenant's thumbnails.
  INSERT INTO thumbnails.jobs AS j (video_id, kind, lane, due_at, source_url) VALUES (p_video_id, 'storyboard', 3, clock_timestamp(), video.source)
  ON CONFLICT (video_id, kind) DO UPDATE SET due_at = excluded.due_at, attempts = 0, releases = 0, source_url = excluded.source_url
   WHERE j.token IS NULL;
  IF NOT FOUND THEN
    RETURN 'busy';
  END IF;
  PERFORM thumbnails.wake_relay();
  RETURN 'queued';
END
$$;

-- Ends a storyboard's job, which the caller has locked. If its video is another one by now, the job starts anew with that; if it is not finished
-- (`p_why`), the job waits, since nothing else would queue it when it is.
CREATE OR REPLACE FUNCTION thumbnails.end_storyboard(p_job thumbnails.jobs, p_why text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  source text := (SELECT s.source FROM thumbnails.seen AS s WHERE s.id = p_job.video_id LIMIT 1);
BEGIN
  IF p_why = 'not_finished' THEN
    UPDATE thumbnails.jobs AS j SET token = NULL, due_at = clock_timestamp() + interval '10 minutes' WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
  ELSIF thumbnails.is_blank(source) OR thumbnails.is_same_source(source, p_job.source_url) THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
  ELSE
    UPDATE thumbnails.jobs AS j SET token = NULL, attempts = 0, releases = 0, due_at = clock_timestamp(), source_url = source
     WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
    PERFORM thumbnails.wake_relay();
  END IF;
END
$$;

-- The video for which the storyboard was made that these metadata name.
CREATE OR REPLACE FUNCTION thumbnails.board_video(metadata jsonb) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(metadata #>> '{storyboard,url}' FROM 'thumbnails/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid $$;

-- For `merge`, with hints of videos that may be gone, or other ones than before. The history says which are gone, and up to which token their workers can
-- have left anything in the store. What is recorded of a storyboard is put down, and made anew of another video. A row may also come with a storyboard
-- that is not recorded as its own: it is a copy, has another id now, or was deleted and is there again.
CREATE OR REPLACE FUNCTION thumbnails.follow_videos(p_hints thumbnails.inbox[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  gone uuid[] := ARRAY(SELECT DISTINCT h.video_id FROM unnest(p_hints) AS h WHERE NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = h.video_id));
  board record;
BEGIN
  INSERT INTO thumbnails.events (video_id, text, detail)
  SELECT g.id, 'the video was deleted', jsonb_build_object('lastToken', (SELECT t.last_value FROM thumbnails.tokens AS t)) FROM unnest(gone) AS g (id)
   WHERE EXISTS (SELECT FROM thumbnails.events AS e WHERE e.video_id = g.id) OR EXISTS (SELECT FROM thumbnails.storyboards AS b WHERE b.video_id = g.id);
  FOR board IN DELETE FROM thumbnails.storyboards AS b WHERE b.video_id = ANY (gone) RETURNING b.video_id, b.key LOOP
    PERFORM thumbnails.put_down(board.key, board.video_id);
  END LOOP;
  DELETE FROM thumbnails.jobs AS j WHERE j.video_id = ANY (gone) AND j.kind = 'storyboard';
  FOR board IN SELECT DISTINCT b.video_id, b.key, s.source FROM unnest(p_hints) AS h
                 JOIN thumbnails.storyboards AS b ON b.video_id = h.video_id JOIN thumbnails.seen AS s ON s.id = h.video_id
                WHERE h.reason IN ('source', 'gone') AND NOT thumbnails.is_blank(s.source) AND NOT thumbnails.is_same_source(h.old_source, s.source) LOOP
    -- Not if another one has been made meanwhile.
    UPDATE thumbnails.storyboards AS b SET key = NULL WHERE b.video_id = board.video_id AND b.key = board.key;
    IF FOUND THEN
      PERFORM thumbnails.put_down(board.key, board.video_id);
      INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (board.video_id, 'storyboard', 3, clock_timestamp(), board.source)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  FOR board IN SELECT DISTINCT s.id AS video_id, s.source, u.url, thumbnails.object_key(u.url, u.id) AS key, u.id AS made_for
                 FROM unnest(p_hints) AS h JOIN thumbnails.seen AS s ON s.id = h.video_id
                CROSS JOIN LATERAL (SELECT s.metadata #>> '{storyboard,url}' AS url, thumbnails.board_video(s.metadata) AS id) AS u
                WHERE thumbnails.object_key(u.url, u.id) IS NOT NULL AND NOT thumbnails.is_blank(s.source) LOOP
    INSERT INTO thumbnails.storyboards (video_id, key) VALUES (board.video_id, board.key) ON CONFLICT DO NOTHING;
    -- It is another video's, which a copy was given at once; or its object was deleted meanwhile.
    IF FOUND AND (EXISTS (SELECT FROM thumbnails.seen AS o WHERE o.id = board.made_for AND o.id <> board.video_id AND NOT thumbnails.is_same_source(o.source, board.source))
                  OR EXISTS (SELECT FROM thumbnails.events AS e
                              WHERE e.video_id = board.made_for AND (e.detail ->> 'lastToken')::numeric >= thumbnails.token_of(board.url, board.made_for))
                     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions AS d WHERE d.key = board.key)
                     AND NOT EXISTS (SELECT FROM thumbnails.storyboards AS b WHERE b.key = board.key AND b.video_id <> board.video_id)) THEN
      UPDATE thumbnails.storyboards AS b SET key = NULL WHERE b.video_id = board.video_id;
      INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (board.video_id, 'storyboard', 3, clock_timestamp(), board.source)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
END
$$;

-- Whether to wake workers for storyboards. Somebody has to begin; a worker that makes one goes on until nothing is due, and a post that has to wait for
-- it makes it give way. So a session wakes for them while none is being made, and no sooner than ten seconds after it did last.
CREATE OR REPLACE FUNCTION thumbnails.wakes_for_storyboards() RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := clock_timestamp();
  woken timestamptz := to_timestamp(nullif(current_setting('thumbnails.storyboards_woken', true), '')::double precision);
BEGIN
  RETURN coalesce(woken NOT BETWEEN t - interval '10 seconds' AND t, true)
     AND EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = 3 AND j.due_at <= t)
     AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = 3 AND j.due_at > t AND j.token IS NOT NULL)
     AND set_config('thumbnails.storyboards_woken', extract(epoch FROM t)::text, false) IS NOT NULL;
END
$$;

-- What `project` makes of metadata that are written: a row's storyboard is its video's, and stays and goes with that, whatever is written over it.
CREATE OR REPLACE FUNCTION thumbnails.keep_storyboard(old_metadata jsonb, new_metadata jsonb, old_source text, new_source text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN jsonb_typeof(new_metadata) = 'object' THEN new_metadata - 'storyboard' ELSE '{}' END
         || jsonb_strip_nulls(jsonb_build_object('storyboard', CASE
              WHEN thumbnails.is_blank(new_source) OR thumbnails.holds() OR thumbnails.is_same_source(old_source, new_source)
                THEN old_metadata -> 'storyboard' END))
$$;

-- Writes a storyboard into the metadata. The condition is checked again on the locked version. The platform's triggers fire here: see `write_state`.
CREATE OR REPLACE FUNCTION thumbnails.write_storyboard(p_id uuid, p_source text, p_storyboard jsonb) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
#variable_conflict use_variable
BEGIN
  -- Marks the row as being written by us.
  PERFORM pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true);
  UPDATE public.videos AS v
     SET thumbnail_metadata = pg_catalog.jsonb_set(
           CASE WHEN pg_catalog.jsonb_typeof(v.thumbnail_metadata) OPERATOR(pg_catalog.=) 'object' THEN v.thumbnail_metadata ELSE '{}' END,
           '{storyboard}', p_storyboard)
   WHERE v.id OPERATOR(pg_catalog.=) p_id AND v.video_url OPERATOR(pg_catalog.=) p_source;
  RETURN thumbnails.end_write(FOUND);
END
$$;

-- Completes a storyboard, {url, sheets, …}, whose main object is `p_key`: `ok`, `already` or `fenced` as `complete` does; `refused` if the platform does
-- not accept it: it is made again later, or given up with the last attempt. A locked row uses up none.
CREATE OR REPLACE FUNCTION thumbnails.complete_storyboard(
  p_video_id uuid, p_token bigint, p_storyboard jsonb, p_key text, p_keep_seconds double precision) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  board thumbnails.storyboards%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
  refusal text := 'a trigger of the platform''s keeps the row as it is';
  lock_timeout text := current_setting('lock_timeout');
  is_locked boolean := false;
  is_written boolean := false;
BEGIN
  -- Locks in the same order as a request for another storyboard.
  SELECT * INTO board FROM thumbnails.storyboards AS s WHERE s.video_id = p_video_id FOR UPDATE;
  SELECT * INTO job FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard' AND j.token = p_token FOR UPDATE;
  IF job.video_id IS NULL AND board.token = p_token THEN
    RETURN 'already';
  END IF;
  BEGIN
    PERFORM set_config('lock_timeout', '500ms', true);
    SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
    PERFORM set_config('lock_timeout', lock_timeout, true);
  EXCEPTION WHEN lock_not_available THEN
    refusal := format('%s (%s)', SQLERRM, SQLSTATE); -- The whole table is locked.
    is_locked := true;
  END;
  IF job.video_id IS NULL OR NOT is_locked AND NOT thumbnails.is_same_source(video.source, job.source_url) THEN
    PERFORM thumbnails.end_storyboard(job) WHERE job.video_id IS NOT NULL;
    PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
    RETURN 'fenced';
  END IF;
  FOR round IN 1..2 LOOP
    EXIT WHEN is_locked;
    BEGIN
      is_written := thumbnails.write_storyboard(p_video_id, video.source, p_storyboard);
      -- A trigger may have put back what was there. A statement of its own, which sees what the one before has written.
      is_written := is_written AND EXISTS (SELECT FROM thumbnails.seen AS s
                                            WHERE s.id = p_video_id AND strpos(s.metadata ->> 'storyboard', split_part(p_key, '/', 3)) > 0);
      EXIT;
    EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
      IF SQLSTATE ~ '^(53[123]|57P|58)' THEN
        RAISE; -- The server lacks resources, which is no refusal.
      END IF;
      refusal := format('%s (%s)', SQLERRM, SQLSTATE);
      is_locked := SQLSTATE IN ('40001', '40P01', '55P03');
      EXIT WHEN SQLSTATE <> '42804';
      DISCARD PLANS; -- See `settle`.
    END;
  END LOOP;
  IF is_written THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard';
    UPDATE thumbnails.storyboards AS s SET key = p_key, token = p_token WHERE s.video_id = p_video_id;
    PERFORM thumbnails.put_down(board.key, p_video_id, p_keep_seconds);
    RETURN 'ok';
  END IF;
  PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
  PERFORM thumbnails.note_event(p_video_id, NULL, CASE WHEN is_locked THEN 'storyboard: another transaction holds the row: ' ELSE 'storyboard: the platform refuses it: ' END || refusal);
  -- A lock is no refusal, and no attempt: it may last for hours, as that of VACUUM FULL.
  PERFORM thumbnails.fail(p_video_id, p_token, 'platform', refusal, CASE WHEN NOT is_locked THEN true END);
  RETURN 'refused';
END
$$;
