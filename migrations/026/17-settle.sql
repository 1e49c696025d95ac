-- Writes a result ({state: completed, url, key, metadata, keepSeconds} or {state: failed, class, error}) on the platform's row, ends the job, which
-- the caller has locked, and notes it in the history. A job without a token has a kept result, with the token in it. If no row was written, the row
-- is locked and read, to know why. Returns `ok`; `fenced` if the row has another video by now (the job starts again) or a picture from outside, or is
-- gone; `kept` if the platform refuses: the result then waits in the job, and SQL writes it later. A failure of a job with the mark `again` puts it
-- back, after a minute at least, however often the platform signs its URL.
CREATE OR REPLACE FUNCTION thumbnails.settle(p_job thumbnails.jobs, p_result jsonb) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
  id uuid := p_job.video_id;
  -- The token of the result's claim.
  claimed bigint := coalesce(p_job.token, (p_result ->> 'token')::bigint);
  is_picture boolean := p_result ->> 'state' = 'completed';
  answer text;
  refusal jsonb;
  refusal_of CONSTANT text := 'the platform refuses the result, which is kept: %s (%s)';
  refused_text text;
  is_locked boolean;
  video thumbnails.seen%ROWTYPE;
  waits interval;
BEGIN
  IF p_job.kind <> 'thumbnail' THEN
    -- The row has no state of a storyboard. Its worker notes the end in the history, unless it was lost.
    INSERT INTO thumbnails.events (video_id, class, text) SELECT id, 'lost', 'storyboard: ' || (p_result ->> 'error') WHERE p_result ->> 'class' = 'lost';
    PERFORM thumbnails.end_storyboard(p_job);
    RETURN 'ok';
  END IF;
  -- After a cut there was no time to say so on the row.
  IF p_job.result #>> '{refused,sqlstate}' = '57014' THEN
    IF EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND s.state <> 'pending') THEN
      PERFORM thumbnails.show_state(p_job, 'pending', format(refusal_of, p_job.result #>> '{refused,text}', '57014'), 'platform', p_job.attempts);
    END IF;
  END IF;
  -- After a deadlock or a lock time-out it is retried almost at once: the end of the subtransaction has released all locks. What is kept can wait, since
  -- a worker writes it which holds the row of what it has just completed, so that others wait for it.
  FOR round IN 1..3 LOOP
    BEGIN
      IF current_setting('thumbnails.cut', true) = 'on' THEN
        RAISE query_canceled USING MESSAGE = 'no time is left';
      END IF;
      IF is_picture AND thumbnails.write_picture(id, p_job.source_url, p_job.old_thumbnail, p_result ->> 'url', p_result -> 'metadata',
                                                 p_job.attempts, p_job.claimed_at) THEN
        answer := 'ok';
        EXIT;
      END IF;
      PERFORM thumbnails.see_all();
      PERFORM FROM public.videos v WHERE v.id = p_job.video_id FOR NO KEY UPDATE;
      SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
      answer := CASE
        WHEN NOT FOUND THEN 'gone'
        WHEN NOT thumbnails.is_same_source(video.source, p_job.source_url) THEN 'anew'
        WHEN NOT thumbnails.lacks(video.picture) AND NOT thumbnails.is_same_picture(video.picture, p_job.old_thumbnail, id) THEN 'outside'
        WHEN NOT is_picture AND claimed IS NOT NULL AND p_job.request ? 'again' THEN 'again'
        -- It is the same video and nothing relevant has changed, so it is written against the current row.
        WHEN CASE WHEN is_picture THEN thumbnails.write_picture(id, video.source, video.picture, p_result ->> 'url', p_result -> 'metadata',
                                                                p_job.attempts, p_job.claimed_at)
             ELSE thumbnails.write_state(id, video.picture, 'failed', p_result ->> 'error', p_result ->> 'class', p_job.attempts, NULL, true) END THEN 'ok'
        ELSE 'kept' END;
      refusal := jsonb_build_object('sqlstate', '', 'text', 'a trigger of the platform''s keeps the row as it is');
      EXIT;
    EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
      -- Also if a disk is full: if it is ours, what follows raises the same error.
      answer := 'kept';
      -- It may be of a megabyte, where a trigger says the whole row.
      refusal := jsonb_build_object('sqlstate', SQLSTATE, 'text', left(SQLERRM, 1000));
      IF SQLSTATE = '57014' THEN
        PERFORM set_config('thumbnails.cut', 'on', true);
        refusal := refusal || jsonb_build_object('text', 'its triggers, or what they wait for, take too long: ' || (refusal ->> 'text'));
      END IF;
      -- A session's plans of trigger functions keep the types of before an ALTER TABLE.
      IF SQLSTATE = '42804' THEN
        DISCARD PLANS;
        CONTINUE;
      END IF;
      EXIT WHEN SQLSTATE NOT IN ('40001', '40P01', '55P03') OR p_job.token IS NULL;
      PERFORM pg_sleep(0.05 * round); -- so that the other one has its turn
    END;
  END LOOP;

  IF answer = 'kept' THEN
    -- A lock time-out is no refusal, and soon over.
    is_locked := refusal ->> 'sqlstate' IN ('40001', '40P01', '55P03');
    waits := CASE WHEN is_locked THEN make_interval(secs => 5 + 5 * random()) ELSE thumbnails.release_delay(p_job.releases + 1, random()) END;
    UPDATE thumbnails.jobs j
       SET result = p_result || jsonb_build_object('refused', refusal, 'token', claimed),
           lane = 9, releases = (j.releases + 1) % 30000, token = NULL, is_earned = false, due_at = clock_timestamp() + waits
     WHERE j.video_id = id AND j.kind = p_job.kind;
    refused_text := replace(format(CASE WHEN is_locked THEN 'another transaction holds the row, the result is kept: %s (%s)'
                                        ELSE refusal_of END, refusal ->> 'text', refusal ->> 'sqlstate'), ' ()', '');
    IF thumbnails.words(p_job.result #>> '{refused,text}') IS DISTINCT FROM thumbnails.words(refusal ->> 'text') THEN
      INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
      VALUES (id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, 'pending',
              claimed, p_job.attempts, 'platform', refused_text);
    END IF;
    BEGIN
      IF NOT EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND thumbnails.words(s.error) = thumbnails.words(refused_text)) THEN
        PERFORM thumbnails.show_state(p_job, 'pending', refused_text, 'platform', p_job.attempts);
      END IF;
    EXCEPTION WHEN lock_not_available THEN
      NULL; -- The whole table is locked. The result is kept anyway.
    END;
    PERFORM thumbnails.admit_next(p_job.tenant);
    RETURN 'kept';
  ELSIF answer = 'again' THEN
    UPDATE thumbnails.jobs j
       SET token = NULL, attempts = 0, releases = 0, result = NULL, is_earned = false, due_at = clock_timestamp() + thumbnails.retry_delay(1, 0, random()),
           lane = CASE WHEN j.lane = 2 THEN 2 ELSE 1 END, request = j.request - 'again'
     WHERE j.video_id = id AND j.kind = p_job.kind;
    p_job.token := claimed;
    RETURN thumbnails.put_back(p_job, 'pending', p_result ->> 'class', p_result ->> 'error', 0);
  ELSIF answer = 'anew' THEN
    UPDATE thumbnails.jobs j
       SET token = NULL, attempts = 0, releases = 0, result = NULL, is_earned = false,
           -- The delay of a user's hint that is not merged yet counts here, too.
           due_at = coalesce((SELECT thumbnails.minute_over(i.video_id) FROM thumbnails.inbox i
                               WHERE i.video_id = p_job.video_id AND i.reason = 'source' AND NOT thumbnails.is_trusted(i.by_role::name) LIMIT 1),
                             clock_timestamp()),
           lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END,
           source_url = video.source, old_thumbnail = video.picture,
           request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(thumbnails.own(id))
     WHERE j.video_id = id AND j.kind = p_job.kind;
    PERFORM thumbnails.wake_relay();
  ELSE
    -- One statement for both.
    WITH gone AS (
      DELETE FROM thumbnails.jobs j WHERE j.video_id = id AND j.kind = 'thumbnail'
    )
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration, detail)
    SELECT id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, p_result ->> 'state', claimed,
           p_job.attempts, coalesce(p_result ->> 'class', CASE WHEN p_job.token IS NULL THEN 'kept' END),
           coalesce(p_result ->> 'error', CASE WHEN p_job.token IS NULL THEN 'written now that the platform takes it' END),
           CASE WHEN p_job.token IS NOT NULL THEN clock_timestamp() - p_job.claimed_at END,
           CASE WHEN is_picture THEN jsonb_build_object('timestampSeconds', p_result #> '{metadata,timestampSeconds}',
             'bytesFetched', p_result #> '{metadata,bytesFetched}', 'requests', p_result #> '{metadata,requests}', 'stagesMs', p_result #> '{metadata,stagesMs}') END
     WHERE answer = 'ok';
    IF p_job.tenant <> '' THEN
      PERFORM thumbnails.admit_next(p_job.tenant, CASE WHEN p_job.token IS NOT NULL THEN extract(epoch FROM clock_timestamp() - p_job.claimed_at) END);
    END IF;
  END IF;
  IF answer <> 'ok' THEN
    PERFORM thumbnails.put_down(p_result ->> 'key', id, (p_result ->> 'keepSeconds')::double precision);
    -- Other programs' states were left to the job, which is gone now.
    IF answer = 'outside' AND video.state IS DISTINCT FROM 'completed' THEN
      IF NOT thumbnails.show_state(p_job, 'completed', NULL, NULL, 0) THEN
        INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (id, 'found', '', 'its state could not be written');
      END IF;
    END IF;
    RETURN 'fenced';
  END IF;
  IF is_picture AND p_job.old_thumbnail IS NOT NULL THEN
    PERFORM thumbnails.put_down(thumbnails.object_key(p_job.old_thumbnail, id), id, (p_result ->> 'keepSeconds')::double precision);
  END IF;
  RETURN 'ok';
END
$$;

-- Retries results that the platform refused and that are due, as long as it takes them and there is patience.
CREATE OR REPLACE FUNCTION thumbnails.settle_kept(p_limit integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz := clock_timestamp();
  job thumbnails.jobs%ROWTYPE;
BEGIN
  FOR n IN 1..p_limit LOOP
    SELECT * INTO job FROM thumbnails.jobs j WHERE j.lane = 9 AND j.due_at <= started ORDER BY j.due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    EXIT WHEN NOT FOUND OR clock_timestamp() > started + thumbnails.patience();
    EXIT WHEN thumbnails.settle(job, job.result) = 'kept';
  END LOOP;
END
$$;

-- What became of a claim whose job is gone: the answer to a call that was repeated because its first answer was lost. A kept result is also compared
-- by its state, since it may be another end of this claim: that its worker was lost.
CREATE OR REPLACE FUNCTION thumbnails.earlier_answer(p_video_id uuid, p_token bigint, p_states text[]) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.token = p_token AND e.to_status = ANY (p_states)
                                                   AND e.class IS DISTINCT FROM 'platform') THEN 'already'
    WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.result ->> 'token' = p_token::text
                                                 AND j.result ->> 'state' = ANY (ARRAY['completed'] || p_states)) THEN 'kept'
    ELSE 'fenced' END
$$;
