-- Writes a picture. `ok`; `already` if this claim was completed before and the answer was lost; `fenced` if another claim has the job or the video
-- was replaced; `kept` if the platform refuses it and SQL will write it later. The object that no row names any more, the replaced one or the
-- caller's own, goes to the garbage collector after `p_keep_seconds`.
CREATE OR REPLACE FUNCTION thumbnails.complete(
  p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb,
  p_keep_seconds double precision DEFAULT 86400, p_host text DEFAULT '')
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held record;
  job thumbnails.jobs%ROWTYPE;
  metadata jsonb := p_metadata;
  answer text;
BEGIN
  -- Nobody in the platform waits for this lock, whose holder may wait for the row.
  SELECT j AS job, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host) AS has_breakers INTO held
    FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE OF j;
  IF NOT FOUND THEN
    answer := thumbnails.earlier_answer(p_video_id, p_token, '{completed}');
  ELSE
    job := held.job;
    IF job.request ?| '{aspectRatio,timeSeconds}' THEN
      metadata := metadata || jsonb_build_object('requested', job.request - '{again,regenerate,shape}'::text[]);
    END IF;
    IF NOT thumbnails.lacks(job.old_thumbnail) AND thumbnails.object_key(job.old_thumbnail, p_video_id) IS NULL THEN
      metadata := metadata || jsonb_build_object('replaced', job.old_thumbnail);
    END IF;
    answer := thumbnails.settle(job, jsonb_build_object('state', 'completed', 'url', p_thumbnail_url, 'key', p_key, 'metadata', metadata,
                                                        'keepSeconds', p_keep_seconds));
    -- The store works, whatever becomes of the row.
    IF held.has_breakers THEN
      PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
      DELETE FROM thumbnails.breakers b WHERE b.host = p_host AND b.class <> 'manual';
    END IF;
  END IF;
  IF answer = 'fenced' THEN
    INSERT INTO thumbnails.events (video_id, token, class, text)
    VALUES (p_video_id, p_token, 'lost', 'a late result was refused: the video is another claim''s, or another video by now');
    PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
  END IF;
  RETURN answer;
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.put_back(p_job thumbnails.jobs, p_state text, p_class text, p_error text, p_attempts integer) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM thumbnails.show_state(p_job, p_state, p_error, p_class, p_attempts, NULL, true);
  PERFORM thumbnails.admit_next(p_job.tenant);
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  SELECT p_job.video_id, CASE WHEN p_job.result IS NULL THEN 'processing' ELSE 'pending' END, p_state, p_job.token, p_attempts, p_class, p_error, clock_timestamp() - p_job.claimed_at
   WHERE p_job.kind = 'thumbnail';
  RETURN 'ok';
END
$$;

-- Breakers: five faults of a class in a row on a host, of at least two videos, pause its claims. While a breaker is open, faults of earlier claims still
-- come in, and say nothing new. A probe that ended because of its video (`p_class` is NULL or another one) says nothing about the store: the next may
-- probe at once.
CREATE OR REPLACE FUNCTION thumbnails.move_breakers(p_class text, p_host text, p_video_id uuid, p_error text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_class IN ('storage', 'configuration') THEN
    INSERT INTO thumbnails.breakers AS b (class, host, consecutive, video_ids, last_error)
    VALUES (p_class, p_host, 1, ARRAY[p_video_id], p_error)
    ON CONFLICT (class, host) DO UPDATE
      SET consecutive = b.consecutive + 1,
          video_ids = CASE WHEN p_video_id = ANY (b.video_ids) THEN b.video_ids ELSE (b.video_ids || p_video_id)[1:2] END,
          open_until = CASE WHEN cardinality(array_remove(b.video_ids, p_video_id)) > 0 THEN clock_timestamp() + thumbnails.breaker_delay(b.consecutive + 1) END,
          last_error = p_error, probe_until = NULL
      WHERE b.open_until IS NULL OR b.open_until <= clock_timestamp();
  ELSIF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host AND b.probe_until IS NOT NULL) THEN
    PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
    UPDATE thumbnails.breakers b SET probe_until = NULL WHERE b.host = p_host AND b.probe_until IS NOT NULL;
  END IF;
END
$$;

-- Ends an attempt without a picture. `p_retryable`: whether another attempt may help; NULL if the video is not at fault: the job is given back, and the
-- attempt does not count, however long a store or a setting is broken. But if others are completed meanwhile, every tenth time counts: then it is this
-- video's own fault, and it must not go round for ever. Classes `storage` and `configuration` then move the breaker of `p_host`; `shutdown` means that
-- the worker was told to stop. `outcome` as of complete; `next_attempt_at` is NULL if the failure is final.
CREATE OR REPLACE FUNCTION thumbnails.fail(
  p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean,
  p_retry_after_seconds double precision DEFAULT NULL, p_host text DEFAULT '',
  OUT outcome text, OUT next_attempt_at timestamptz, OUT attempt integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  job thumbnails.jobs%ROWTYPE;
  is_given_back boolean := p_retryable IS NULL;
  counts boolean;
  delay interval;
BEGIN
  SELECT * INTO job FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE;
  IF NOT FOUND THEN
    outcome := thumbnails.earlier_answer(p_video_id, p_token, '{pending,failed}');
    RETURN;
  END IF;
  counts := NOT is_given_back OR p_class <> 'shutdown' AND (job.releases + 1) % 10 = 0
            AND EXISTS (SELECT FROM thumbnails.events e WHERE e.at > t - interval '15 minutes' AND e.to_status = 'completed' AND e.token IS NOT NULL AND e.class IS NULL);
  attempt := job.attempts - CASE WHEN counts THEN 0 ELSE 1 END;
  IF counts AND (attempt >= thumbnails.max_attempts() OR NOT p_retryable OR NOT is_given_back AND job.request ? 'again') THEN
    outcome := thumbnails.settle(job, jsonb_build_object('state', 'failed', 'class', p_class, 'error', p_error));
  ELSE
    -- A store's Retry-After counts up to five minutes; an absurd one is ignored.
    delay := CASE WHEN NOT is_given_back THEN thumbnails.retry_delay(attempt, p_retry_after_seconds, random())
                  WHEN p_class = 'shutdown' THEN interval '0'
                  ELSE greatest(thumbnails.release_delay(job.releases + 1, random()),
                                make_interval(secs => greatest(0, least(300, CASE WHEN p_retry_after_seconds < 'infinity' THEN p_retry_after_seconds ELSE 0 END)))) END;
    next_attempt_at := t + delay;
    UPDATE thumbnails.jobs j
       SET token = NULL, due_at = next_attempt_at, is_earned = false, attempts = attempt,
           lane = CASE WHEN is_given_back THEN j.lane ELSE greatest(j.lane, 1) END,
           -- Begins again before the column is full: every tenth still counts.
           releases = (j.releases + CASE WHEN is_given_back AND p_class <> 'shutdown' THEN 1 ELSE 0 END) % 30000
     WHERE j.video_id = p_video_id AND j.kind = job.kind;
    outcome := thumbnails.put_back(job, CASE WHEN is_given_back THEN 'pending' ELSE 'failed' END, p_class, p_error, attempt);
    IF delay = interval '0' THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
  PERFORM thumbnails.move_breakers(CASE WHEN is_given_back THEN p_class END, p_host, p_video_id, p_error);
END
$$;
