-- Claims. A claim is a token from the sequence and a lease; whoever claims later has the greater token.

-- Whether a breaker lets a claim on this host pass, and if not, for how many seconds and why. Once its time is over, one probe at a time may.
CREATE OR REPLACE FUNCTION thumbnails.pass_breakers(p_host text, p_lease_seconds double precision, OUT wait_seconds double precision, OUT reason text)
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := clock_timestamp();
  breaker thumbnails.breakers%ROWTYPE;
BEGIN
  FOR breaker IN SELECT * FROM thumbnails.breakers b WHERE b.host = p_host AND b.open_until IS NOT NULL ORDER BY b.class LOOP
    IF breaker.open_until <= t THEN
      UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
       WHERE b.class = breaker.class AND b.host = p_host AND (b.probe_until IS NULL OR b.probe_until <= t);
      CONTINUE WHEN FOUND;
    END IF;
    wait_seconds := greatest(1, extract(epoch FROM breaker.open_until - t));
    reason := breaker.last_error;
    RETURN;
  END LOOP;
END
$$;

-- Ends a job whose worker was lost for the last time: failed, with a reason.
CREATE OR REPLACE FUNCTION thumbnails.give_up_lost(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF thumbnails.settle(p_job, jsonb_build_object('state', 'failed', 'class', 'lost', 'error',
       format('worker lost: the attempt ended without a result %s times', p_job.attempts))) = 'ok' AND p_job.kind = 'thumbnail' THEN
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
    VALUES (p_job.video_id, 'processing', 'failed', p_job.token, p_job.attempts, 'lost', 'worker lost', clock_timestamp() - p_job.claimed_at);
  END IF;
END
$$;

-- Why a job that the caller has locked is not worked on: `claimed` where nothing stands against it.
CREATE OR REPLACE FUNCTION thumbnails.judge(p_job thumbnails.jobs, p_video thumbnails.seen) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE
    WHEN p_video.id IS NULL THEN 'not_found'
    WHEN p_video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
    WHEN p_job.kind = 'thumbnail' AND NOT thumbnails.lacks(p_video.picture) AND NOT p_job.request ? 'regenerate'
         AND NOT thumbnails.is_same_picture(p_video.picture, p_job.old_thumbnail, p_job.video_id) THEN 'completed'
    WHEN p_job.token IS NOT NULL AND p_job.attempts >= thumbnails.max_attempts() AND thumbnails.is_same_source(p_video.source, p_job.source_url)
      THEN 'exhausted'
    ELSE 'claimed' END;
END
$$;

-- Takes a job that the caller has locked and that is due, and gives it a token. `p_video` is what was seen of its row in the statement that
-- locked the job, perhaps just before the lock: only a claim is made by it, for a result is compared with the row once more; anything
-- else is decided by a second look. `outcome` is claimed, or why there is nothing to do (then the job is gone): not_found, not_finished,
-- completed, exhausted.
CREATE OR REPLACE FUNCTION thumbnails.take(
  p_job thumbnails.jobs, p_video thumbnails.seen, p_lease_seconds double precision,
  OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text,
  OUT time_seconds double precision, OUT detail text)
RETURNS record
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  wishes jsonb := '{}'::jsonb;
  metadata jsonb;
BEGIN
  IF p_video.status = 'completed' AND p_video.picture IS NULL AND p_job.token IS NULL THEN
    outcome := 'claimed'; -- as most are
  ELSE
    outcome := thumbnails.judge(p_job, p_video);
  END IF;
  IF outcome <> 'claimed' THEN
    SELECT s.* INTO p_video FROM thumbnails.seen AS s WHERE s.id = p_job.video_id;
    outcome := thumbnails.judge(p_job, p_video);
  END IF;
  IF outcome = 'exhausted' THEN
    detail := 'worker lost';
    PERFORM thumbnails.give_up_lost(p_job);
    RETURN;
  ELSIF outcome <> 'claimed' THEN
    detail := CASE outcome WHEN 'not_finished' THEN p_video.status WHEN 'completed' THEN p_video.picture END;
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
    PERFORM thumbnails.put_down(p_job.result ->> 'key', p_job.video_id);
    PERFORM thumbnails.admit_next(p_job.tenant);
    IF outcome = 'not_finished' THEN
      -- What is wanted of it stands on its row until it is finished, but not over a picture from outside.
      PERFORM thumbnails.show_state(p_job, 'pending', NULL, NULL, 0);
    END IF;
    RETURN;
  END IF;

  -- What was asked for before counts where nothing else is asked for now; a second only within its own request.
  IF p_job.request <> '{}' OR p_video.metadata ? 'requested' THEN
    wishes := jsonb_strip_nulls(jsonb_build_object(
      'aspectRatio', coalesce(p_job.request ->> 'aspectRatio', p_video.metadata #>> '{requested,aspectRatio}', p_job.request ->> 'shape'),
      'timeSeconds', p_job.request -> 'timeSeconds'));
    IF wishes <> '{}' AND wishes IS DISTINCT FROM p_video.metadata -> 'requested' THEN
      metadata := CASE WHEN jsonb_typeof(p_video.metadata) = 'object' THEN p_video.metadata ELSE '{}' END || jsonb_build_object('requested', wishes);
    END IF;
    aspect_ratio := wishes ->> 'aspectRatio';
    time_seconds := (wishes ->> 'timeSeconds')::double precision;
  END IF;
  video_url := p_video.source;
  attempt := CASE WHEN p_video.source = p_job.source_url OR thumbnails.is_same_source(p_video.source, p_job.source_url) THEN p_job.attempts + 1 ELSE 1 END;
  token := nextval('thumbnails.tokens');
  IF token <= p_job.token THEN
    -- Rows that were copied without the sequence: it starts behind them anew.
    PERFORM FROM thumbnails.locks AS l WHERE l.name = 'tokens' FOR UPDATE;
    PERFORM setval('thumbnails.tokens', greatest(p_job.token, (SELECT s.last_value FROM thumbnails.tokens AS s)) + 1000);
    token := nextval('thumbnails.tokens');
  END IF;
  -- One statement for both. Taken from a worker that was lost: the history says so.
  WITH taken AS (
    UPDATE thumbnails.jobs AS j
       SET token = take.token, attempts = take.attempt, claimed_at = clock_timestamp(),
           due_at = clock_timestamp() + make_interval(secs => p_lease_seconds), source_url = p_video.source, old_thumbnail = p_video.picture,
           request = p_job.request || wishes
     WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind
  )
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
  SELECT p_job.video_id, CASE WHEN p_job.token IS NOT NULL THEN 'processing' WHEN p_video.state = 'failed' AND p_job.attempts > 0 THEN 'failed'
                              ELSE 'pending' END, 'processing', token, attempt,
         CASE WHEN p_job.token IS NOT NULL THEN 'lost' END, CASE WHEN p_job.token IS NOT NULL THEN 'the worker before this one was lost' END
   WHERE p_job.kind = 'thumbnail';
  p_job.old_thumbnail := p_video.picture;
  PERFORM thumbnails.show_state(p_job, 'processing', NULL, NULL, attempt, metadata);
END
$$;

-- Takes one video, if it is due. `outcome` is
--   claimed       the caller has it; every other column is set as far as known
--   busy          another worker has it; try again after retry_after_seconds
--   paused        a breaker of this host is open; try again after retry_after_seconds
--   not_due       it waits for its next attempt, or for the platform to take its result, in retry_after_seconds
--   completed     it has its thumbnail
--   exhausted     it is failed for good, `detail` says why
--   not_finished  the video itself is not
--   not_found     there is no such row
-- `p_regenerate` takes a video that is completed or failed as well and starts the attempts anew; where a breaker is open it is queued.
CREATE OR REPLACE FUNCTION thumbnails.claim(
  p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL,
  p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL, p_host text DEFAULT '',
  OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text,
  OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  known record;
  locked record;
  job thumbnails.jobs%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
  taken record;
  t timestamptz;
  wishes jsonb := jsonb_strip_nulls(jsonb_build_object('aspectRatio', p_aspect_ratio, 'timeSeconds', p_time_seconds,
                                                       'regenerate', CASE WHEN p_regenerate THEN true END));
BEGIN
  SELECT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = p_video_id) AS has_hints,
         EXISTS (SELECT FROM thumbnails.breakers AS b WHERE b.host = p_host) AS has_breakers
    INTO known;
  IF known.has_hints THEN
    PERFORM thumbnails.merge(100, p_video_id);
  END IF;
  -- SKIP LOCKED: fifty copies of one webhook get one claim and forty-nine quick answers instead of a queue on the lock.
  SELECT j AS job, s AS video INTO locked FROM thumbnails.jobs AS j LEFT JOIN thumbnails.seen AS s ON s.id = j.video_id
   WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' FOR UPDATE OF j SKIP LOCKED;
  IF FOUND THEN
    job := locked.job;
    video := locked.video;
  ELSE
    SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
    outcome := CASE
      WHEN NOT FOUND THEN 'not_found'
      WHEN EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN 'busy'
      WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
      WHEN p_regenerate THEN NULL
      WHEN NOT thumbnails.lacks(video.picture) THEN 'completed'
      WHEN video.state = 'failed' AND video.code IS NOT NULL AND thumbnails.is_final(video.code, video.attempts) THEN 'exhausted'
      -- Another program has it in work.
      WHEN video.state = 'processing' AND NOT (
             SELECT thumbnails.is_left_behind('processing', NULL, 0, v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, NULL,
                                              thumbnails.moment(to_jsonb(v.*) ->> 'created_at')) FROM public.videos AS v WHERE v.id = p_video_id) THEN 'busy'
    END;
    detail := CASE outcome WHEN 'not_finished' THEN video.status WHEN 'completed' THEN video.picture WHEN 'exhausted' THEN video.error END;
    retry_after_seconds := CASE WHEN outcome = 'busy' THEN CASE WHEN video.state = 'processing' THEN 5 ELSE 1 END END;
    IF outcome IS NOT NULL THEN
      RETURN;
    END IF;
    -- It lacks its picture, or a new one is wanted, and nobody has noticed.
    INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
    SELECT p_video_id, 0, thumbnails.tenant(to_jsonb(v.*)), clock_timestamp(), video.source, video.picture, thumbnails.shape(to_jsonb(v.*))
      FROM public.videos AS v WHERE v.id = p_video_id
    ON CONFLICT DO NOTHING
    RETURNING * INTO job;
    IF NOT FOUND THEN
      outcome := 'busy';
      retry_after_seconds := 1;
      RETURN;
    END IF;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, video.state, 'pending', 0, CASE WHEN p_regenerate THEN 'manual' END,
            CASE WHEN p_regenerate THEN 'asked for again' ELSE 'found by a claim' END);
  END IF;

  t := clock_timestamp();
  IF job.token IS NOT NULL AND job.due_at > t THEN
    outcome := 'busy';
    retry_after_seconds := extract(epoch FROM job.due_at - t);
    RETURN;
  ELSIF NOT p_regenerate AND job.due_at > t AND job.due_at < 'infinity' THEN
    outcome := 'not_due';
    retry_after_seconds := extract(epoch FROM job.due_at - t);
    detail := coalesce(job.result #>> '{refused,text}', video.error);
    RETURN;
  END IF;
  IF job.result IS NOT NULL AND NOT p_regenerate THEN
    -- Finished long since: it only has to be written.
    outcome := thumbnails.settle_again(job);
    SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
    retry_after_seconds := CASE WHEN outcome <> 'ok' THEN 10 END;
    detail := CASE WHEN outcome = 'ok' AND video.state = 'completed' THEN video.picture ELSE video.error END;
    outcome := CASE WHEN outcome <> 'ok' THEN 'not_due' WHEN video.state = 'failed' THEN 'exhausted' ELSE 'completed' END;
    RETURN;
  END IF;
  IF wishes <> '{}' THEN
    IF p_regenerate THEN
      PERFORM thumbnails.put_down(job.result ->> 'key', p_video_id);
      job.attempts := 0;
      job.releases := 0;
      job.result := NULL;
      job.request := job.request - 'timeSeconds';
    END IF;
    job.request := job.request || wishes;
    UPDATE thumbnails.jobs AS j SET request = job.request, attempts = job.attempts, releases = job.releases, result = job.result,
           lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END
     WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
  END IF;
  IF known.has_breakers THEN
    SELECT b.wait_seconds, b.reason INTO retry_after_seconds, detail FROM thumbnails.pass_breakers(p_host, p_lease_seconds) AS b;
    IF retry_after_seconds IS NOT NULL THEN
      outcome := 'paused';
      IF p_regenerate AND job.due_at > t THEN
        -- Nobody has to ask twice.
        UPDATE thumbnails.jobs AS j SET due_at = t + make_interval(secs => retry_after_seconds) WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
      END IF;
      RETURN;
    END IF;
  END IF;
  taken := thumbnails.take(job, video, p_lease_seconds);
  outcome := taken.outcome;
  token := taken.token;
  attempt := taken.attempt;
  video_url := taken.video_url;
  aspect_ratio := taken.aspect_ratio;
  time_seconds := taken.time_seconds;
  detail := taken.detail;
END
$$;
