-- Claims one video if it is due. `outcome` is
--   claimed       the caller has it; every other column is set if known
--   busy          another worker has it; try again after retry_after_seconds
--   paused        a breaker of this host is open, of `class`; try again after retry_after_seconds
--   not_due       it waits for its next attempt, its tenant's turn, or the platform to accept its result, for retry_after_seconds
--   completed     it has its thumbnail
--   exhausted     it has failed for good, `detail` says why
--   not_finished  the video itself is not
--   not_found     there is no such row
-- `p_regenerate` also claims a completed or failed video and resets the attempts; if a breaker is open, it is queued.
CREATE OR REPLACE FUNCTION thumbnails.claim(
  p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL,
  p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL, p_host text DEFAULT '')
RETURNS thumbnails.claim_answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  said thumbnails.claim_answer;
  locked record;
  job thumbnails.jobs%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
  t timestamptz;
BEGIN
  -- Hints are merged before the job is locked.
  PERFORM thumbnails.merge(100, p_video_id);
  -- SKIP LOCKED: of fifty copies of a webhook, one gets the claim and forty-nine a quick answer, instead of a queue on the lock.
  SELECT j AS job, s AS video, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers
    INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
   WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' FOR UPDATE OF j SKIP LOCKED;
  job := locked.job;
  video := locked.video;
  IF job.video_id IS NULL THEN
    PERFORM thumbnails.see_all();
    SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
    said.outcome := CASE
      WHEN NOT FOUND THEN 'not_found'
      WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN 'busy'
      WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
      WHEN p_regenerate THEN NULL
      WHEN NOT thumbnails.lacks(video.picture) THEN 'completed'
      WHEN video.state = 'failed' AND video.code IS NOT NULL AND thumbnails.is_final(video.code, video.attempts) THEN 'exhausted'
      -- Another program works on it.
      WHEN video.state = 'processing' AND NOT (
             SELECT thumbnails.is_left_behind('processing', NULL, 0, v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, NULL,
                                              thumbnails.moment(thumbnails.own(p_video_id) ->> 'created_at')) FROM public.videos v WHERE v.id = p_video_id) THEN 'busy'
    END;
    said.detail := CASE said.outcome WHEN 'not_finished' THEN video.status WHEN 'completed' THEN video.picture WHEN 'exhausted' THEN video.error END;
    said.retry_after_seconds := CASE WHEN said.outcome = 'busy' THEN CASE WHEN video.state = 'processing' THEN 5 ELSE 1 END END;
    IF said.outcome IS NOT NULL THEN
      RETURN said;
    END IF;
    -- It lacks its picture, or a new one is wanted, and it is not queued.
    INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
    SELECT p_video_id, 0, thumbnails.tenant(o.own), clock_timestamp(), video.source, video.picture, thumbnails.shape(o.own)
      FROM (SELECT thumbnails.own(p_video_id)) AS o (own) WHERE o.own IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING * INTO job;
    IF NOT FOUND THEN
      said.outcome := 'busy';
      said.retry_after_seconds := 1;
      RETURN said;
    END IF;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, video.state, 'pending', 0, CASE WHEN p_regenerate THEN 'manual' END,
            CASE WHEN p_regenerate THEN 'asked for again' ELSE 'found by a claim' END);
  END IF;

  t := clock_timestamp();
  said.outcome := CASE WHEN job.token IS NOT NULL AND job.due_at > t THEN 'busy'
                       WHEN NOT p_regenerate AND job.due_at > t AND job.due_at < 'infinity' THEN 'not_due' END;
  IF said.outcome IS NOT NULL THEN
    said.retry_after_seconds := extract(epoch FROM job.due_at - t);
    said.detail := CASE said.outcome WHEN 'not_due' THEN coalesce(job.result #>> '{refused,text}', video.error) END;
    RETURN said;
  END IF;
  IF job.result IS NOT NULL AND NOT p_regenerate THEN
    -- The result is finished and only has to be written.
    said.outcome := thumbnails.settle(job, job.result);
    SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
    said.retry_after_seconds := CASE WHEN said.outcome <> 'ok' THEN 10 END;
    said.detail := CASE WHEN said.outcome = 'ok' AND video.state = 'completed' THEN video.picture ELSE video.error END;
    said.outcome := CASE WHEN said.outcome <> 'ok' THEN 'not_due' WHEN video.state = 'failed' THEN 'exhausted' ELSE 'completed' END;
    RETURN said;
  END IF;
  IF p_regenerate OR p_aspect_ratio IS NOT NULL OR p_time_seconds IS NOT NULL THEN
    IF p_regenerate THEN
      PERFORM thumbnails.put_down(job.result ->> 'key', p_video_id);
      job.attempts := 0;
      job.releases := 0;
      job.result := NULL;
      job.request := job.request - 'timeSeconds';
    END IF;
    job.request := job.request || jsonb_strip_nulls(jsonb_build_object('aspectRatio', p_aspect_ratio, 'timeSeconds', p_time_seconds,
                                                                       'regenerate', CASE WHEN p_regenerate THEN true END));
    UPDATE thumbnails.jobs j SET request = job.request, attempts = job.attempts, releases = job.releases, result = job.result,
           lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END
     WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
  END IF;
  IF locked.has_breakers IS DISTINCT FROM false THEN
    said := thumbnails.pass_breakers(p_host, p_lease_seconds);
    IF said.outcome = 'paused' THEN
      IF p_regenerate AND job.due_at > t THEN
        -- So that nobody has to ask twice.
        UPDATE thumbnails.jobs j SET due_at = t + make_interval(secs => said.retry_after_seconds) WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
      END IF;
      RETURN said;
    END IF;
  END IF;
  RETURN thumbnails.take(job, video, p_lease_seconds);
END
$$;
