-- Whether breakers let a claim on this host pass: then the answer has no outcome. Otherwise it is `paused`, for how many seconds and why. After that
-- time, one probe at a time may pass. A pause by a person is a breaker of class `manual`, open until somebody resumes, of this host or of all (host
-- `*`); `has_turn` checks a tenant's.
CREATE OR REPLACE FUNCTION thumbnails.pass_breakers(p_host text, p_lease_seconds double precision) RETURNS thumbnails.claim_answer
LANGUAGE plpgsql AS $$
DECLARE
  said thumbnails.claim_answer;
  t timestamptz := clock_timestamp();
  breaker thumbnails.breakers%ROWTYPE;
BEGIN
  FOR breaker IN SELECT * FROM thumbnails.breakers b WHERE b.host IN (p_host, '*') AND b.open_until IS NOT NULL ORDER BY b.class LOOP
    IF breaker.open_until <= t THEN
      UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
       WHERE b.class = breaker.class AND b.host = p_host AND (b.probe_until IS NULL OR b.probe_until <= t);
      CONTINUE WHEN FOUND;
    END IF;
    said.outcome := 'paused';
    said.retry_after_seconds := CASE WHEN breaker.open_until < 'infinity' THEN greatest(1, extract(epoch FROM breaker.open_until - t)) ELSE 60 END;
    said.class := breaker.class;
    said.detail := breaker.last_error;
    EXIT;
  END LOOP;
  RETURN said;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.give_up_lost(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM thumbnails.settle(p_job, jsonb_build_object('state', 'failed', 'class', 'lost',
    'error', format('worker lost: the attempt ended without a result %s times', p_job.attempts)));
END
$$;

-- Why a job that the caller has locked is not worked on; `claimed` if nothing prevents it.
CREATE OR REPLACE FUNCTION thumbnails.judge(p_job thumbnails.jobs, p_video thumbnails.seen) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE
    WHEN p_video.id IS NULL THEN 'not_found'
    WHEN p_video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
    WHEN p_job.kind = 'thumbnail' AND NOT thumbnails.lacks(p_video.picture) AND NOT p_job.request ? 'regenerate'
         AND NOT thumbnails.is_same_picture(p_video.picture, p_job.old_thumbnail, p_job.video_id) THEN 'completed'
    WHEN p_job.token IS NOT NULL AND p_job.attempts >= thumbnails.max_attempts() AND thumbnails.is_same_source(p_video.source, p_job.source_url)
         AND NOT p_job.request ? 'again' THEN 'exhausted'
    ELSE 'claimed' END;
END
$$;

-- Claims a job that the caller has locked and that is due. `p_video` was read by the statement that locked the job, perhaps just before the lock. It
-- is good enough for a claim, since a result is compared with the row once more; for anything else the row is read again. `outcome` is claimed, or
-- why there is nothing to do (the job is then gone): not_found, not_finished, completed, exhausted; or not_due: it is not its tenant's turn, and the
-- job is parked.
CREATE OR REPLACE FUNCTION thumbnails.take(p_job thumbnails.jobs, p_video thumbnails.seen, p_lease_seconds double precision)
RETURNS thumbnails.claim_answer
LANGUAGE plpgsql AS $$
DECLARE
  taken thumbnails.claim_answer;
  wishes jsonb := '{}'::jsonb;
  metadata jsonb;
BEGIN
  IF p_video.status = 'completed' AND p_video.picture IS NULL AND p_job.token IS NULL THEN
    NULL; -- the usual case
  ELSIF thumbnails.judge(p_job, p_video) <> 'claimed' THEN
    PERFORM thumbnails.see_all();
    SELECT s.* INTO p_video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
    taken.outcome := thumbnails.judge(p_job, p_video);
    IF taken.outcome = 'exhausted' THEN
      taken.detail := 'worker lost';
      PERFORM thumbnails.give_up_lost(p_job);
      RETURN taken;
    ELSIF taken.outcome <> 'claimed' THEN
      taken.detail := CASE taken.outcome WHEN 'not_finished' THEN p_video.status WHEN 'completed' THEN p_video.picture END;
      IF p_job.kind <> 'thumbnail' THEN
        PERFORM thumbnails.end_storyboard(p_job, taken.outcome);
        RETURN taken;
      END IF;
      DELETE FROM thumbnails.jobs j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
      PERFORM thumbnails.admit_next(p_job.tenant);
      IF taken.outcome = 'not_finished' THEN
        -- The row says `pending` until the video is finished, but not over a picture from outside.
        PERFORM thumbnails.show_state(p_job, 'pending', NULL, NULL, 0);
      END IF;
      RETURN taken;
    END IF;
  END IF;
  IF p_job.tenant <> '' AND NOT thumbnails.has_turn(p_job) THEN
    taken.outcome := 'not_due';
    taken.retry_after_seconds := 10;
    taken.detail := coalesce((SELECT b.last_error FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant), 'others of its uploader''s, which are at work');
    PERFORM thumbnails.park(p_job);
    RETURN taken;
  END IF;

  -- Earlier requests still count if there is no new one; a second counts only in its own request.
  IF p_job.request <> '{}' OR p_video.metadata ? 'requested' THEN
    IF p_job.request ? 'again' THEN
      p_job.request := p_job.request - 'again';
      p_job.attempts := 0;
    END IF;
    wishes := jsonb_strip_nulls(jsonb_build_object(
      'aspectRatio', coalesce(p_job.request ->> 'aspectRatio', p_video.metadata #>> '{requested,aspectRatio}'),
      'timeSeconds', p_job.request -> 'timeSeconds'));
    IF wishes <> '{}' AND wishes IS DISTINCT FROM p_video.metadata -> 'requested' THEN
      metadata := jsonb_build_object('requested', wishes);
    END IF;
    taken.aspect_ratio := coalesce(wishes ->> 'aspectRatio', p_job.request ->> 'shape');
    taken.time_seconds := (wishes ->> 'timeSeconds')::double precision;
  END IF;
  taken.video_id := p_job.video_id;
  taken.kind := p_job.kind;
  taken.tenant := p_job.tenant;
  taken.video_url := p_video.source;
  taken.attempt := CASE WHEN p_video.source = p_job.source_url OR thumbnails.is_same_source(p_video.source, p_job.source_url) THEN p_job.attempts + 1 ELSE 1 END;
  taken.token := nextval('thumbnails.tokens');
  IF taken.token <= p_job.token THEN
    -- Rows were copied without the sequence, so it continues after them.
    PERFORM FROM thumbnails.locks l WHERE l.name = 'tokens' FOR UPDATE;
    PERFORM setval('thumbnails.tokens', greatest(p_job.token, (SELECT s.last_value FROM thumbnails.tokens s)) + 1000);
    taken.token := nextval('thumbnails.tokens');
  END IF;
  -- One statement for both. The history says if the job was taken from a lost worker.
  WITH held AS (
    UPDATE thumbnails.jobs j
       SET token = taken.token, attempts = taken.attempt, claimed_at = clock_timestamp(),
           due_at = clock_timestamp() + make_interval(secs => p_lease_seconds), source_url = p_video.source, old_thumbnail = p_video.picture,
           request = p_job.request || wishes
     WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind
  )
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, detail)
  SELECT p_job.video_id, CASE WHEN p_job.token IS NOT NULL THEN 'processing' WHEN p_video.state = 'failed' AND p_job.attempts > 0 THEN 'failed'
                              ELSE 'pending' END, 'processing', taken.token, taken.attempt,
         CASE WHEN p_job.token IS NOT NULL THEN 'lost' END, CASE WHEN p_job.token IS NOT NULL THEN 'the worker before this one was lost' END,
         jsonb_build_object('worker', current_setting('application_name'))
   WHERE p_job.kind = 'thumbnail';
  p_job.old_thumbnail := p_video.picture;
  -- Whether it is shown or not. An expression is cheaper than PERFORM, which is a query.
  taken.outcome := CASE WHEN thumbnails.show_state(p_job, 'processing', NULL, NULL, taken.attempt, metadata, true) IS NOT NULL THEN 'claimed' END;
  RETURN taken;
END
$$;
