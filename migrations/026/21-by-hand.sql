-- Who may trigger every video: the owner of the table (and superusers), service_role and the handlers. Others only their own, by their token's subject.
CREATE OR REPLACE FUNCTION thumbnails.is_trusted(caller name) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((SELECT bool_or(pg_has_role(to_regrole(quote_ident(caller))::oid, r.id, 'MEMBER'))
                     FROM unnest(ARRAY[(SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass),
                                       to_regrole('service_role')::oid, to_regrole('thumbnail_handlers')::oid]) AS r (id)), false);
END
$$;

-- When the minute is over in which a user may not start a video again; NULL if they may at once. The first claim does not count; but the history
-- outlives the row, so the first claim of another row with the same id does.
CREATE OR REPLACE FUNCTION thumbnails.minute_over(p_video_id uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT max(c.at) + interval '1 minute'
            FROM (SELECT e.at FROM thumbnails.events e
                   WHERE e.video_id = p_video_id AND e.to_status = 'processing' AND e.token IS NOT NULL ORDER BY e.id DESC LIMIT 2) AS c
          HAVING count(*) = 2 AND max(c.at) > statement_timestamp() - interval '1 minute');
END
$$;

-- Queues a video that lacks its picture, due now and with its attempts reset; false if there is nothing to start. Many are started in the order of their
-- ids. A job that is in work, or is just being ended, is left to the merge, since its worker may wait for the row, which the caller may have locked.
CREATE OR REPLACE FUNCTION thumbnails.start_anew(p_video_id uuid, p_lane integer) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
BEGIN
  PERFORM FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' AND (j.token IS NULL OR j.due_at <= clock_timestamp()) FOR UPDATE SKIP LOCKED;
  IF NOT FOUND AND EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN
    INSERT INTO thumbnails.inbox (video_id, reason) VALUES (p_video_id, 'finished');
    PERFORM thumbnails.note_event(p_video_id, 'manual', 'triggered by hand');
    RETURN true;
  END IF;
  INSERT INTO thumbnails.jobs AS j (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
  SELECT s.id, p_lane, thumbnails.tenant(o.own), clock_timestamp(), s.source, s.picture, thumbnails.shape(o.own)
    FROM thumbnails.seen s CROSS JOIN LATERAL (SELECT thumbnails.own(s.id)) AS o (own) WHERE s.id = p_video_id
  ON CONFLICT (video_id, kind) DO UPDATE
    SET attempts = 0, releases = 0, due_at = least(j.due_at, excluded.due_at), token = NULL,
        -- A picture that is kept will be written; a failure that is kept is over.
        lane = CASE WHEN j.result ->> 'state' = 'completed' THEN 9 ELSE least(j.lane, excluded.lane) END,
        result = CASE WHEN j.result ->> 'state' = 'completed' THEN j.result END
    WHERE j.token IS NULL OR j.due_at <= clock_timestamp()
  RETURNING j.* INTO job;
  IF NOT FOUND THEN
    RETURN false; -- The row is gone, or a worker has just taken the job.
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (p_video_id, (SELECT s.state FROM thumbnails.seen s WHERE s.id = p_video_id LIMIT 1), 'pending', 0, 'manual', 'triggered by hand');
  -- If meanwhile a worker has ended another job, with a picture, the row is left as it is, and the claim ends this one.
  PERFORM thumbnails.show_state(job, 'pending', NULL, NULL, 0);
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p_video_id uuid := $1;
  -- SECURITY DEFINER changes current_user but not the setting `role`, which tells for whom PostgREST acts.
  trusted boolean := thumbnails.is_trusted(coalesce(nullif(current_setting('role', true), 'none'), session_user));
  video record;
  problem text;
BEGIN
  SELECT s.*, thumbnails.own(s.id) ->> 'user_id' AS uploader INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
  problem := CASE
    WHEN NOT (thumbnails.readiness()).enabled THEN 'Auto thumbnail generation is disabled'
    -- Somebody else's video looks as if there were none.
    WHEN video.id IS NULL OR NOT (trusted
         OR coalesce(video.uploader = nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', false)) THEN 'Video not found'
    WHEN video.status IS DISTINCT FROM 'completed' THEN 'Video is not completed'
    WHEN thumbnails.is_blank(video.source) THEN 'Video URL is null'
    WHEN NOT thumbnails.lacks(video.picture) AND video.state IS DISTINCT FROM 'failed' THEN 'Thumbnail already exists'
    WHEN (thumbnails.readiness()).missing IS NOT NULL THEN 'Missing configuration in system_config'
    WHEN NOT trusted AND (thumbnails.minute_over(p_video_id) IS NOT NULL
                          OR EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.class = 'manual'
                                                                          AND e.at > clock_timestamp() - interval '1 minute'))
      THEN 'Triggered less than a minute ago'
  END;
  IF problem IS NOT NULL THEN
    RETURN json_strip_nulls(json_build_object('success', false, 'error', problem,
      'thumbnailUrl', CASE WHEN problem = 'Thumbnail already exists' THEN video.picture END));
  END IF;
  IF thumbnails.start_anew(p_video_id, 0) AND NOT thumbnails.post_by_pg_net(p_video_id) THEN
    PERFORM thumbnails.wake_relay();
  END IF;
  RETURN json_build_object('success', true, 'videoId', p_video_id, 'message', 'Thumbnail generation triggered');
END
$$;

-- Starts up to `batch_size` (at most 1000) videos that have no picture: first those that nothing is planned for, then those that wait for their next
-- attempt, the longest waiting first. Further calls continue with others.
CREATE OR REPLACE FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer DEFAULT 10) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  most integer := least(greatest($1, 0), 1000);
  chosen uuid[];
  results jsonb := '[]'::jsonb;
BEGIN
  IF NOT (thumbnails.readiness()).enabled THEN
    RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  ELSIF (thumbnails.readiness()).missing IS NOT NULL THEN
    RETURN json_build_object('success', false, 'error', 'Missing configuration in system_config');
  END IF;
  -- Keeps out others that lock many jobs one by one.
  PERFORM FROM thumbnails.locks l WHERE l.name = 'merge' FOR UPDATE;
  chosen := ARRAY(SELECT c.id FROM (
      SELECT v.id FROM public.videos v LEFT JOIN thumbnails.jobs j ON j.video_id = v.id AND j.kind = 'thumbnail'
       WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
         AND NOT thumbnails.is_blank(v.video_url)
         AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id)
         -- What is due, parked or running need not be started.
         AND (j.video_id IS NULL AND NOT (v.thumbnail_generation_status = 'processing'
                                          AND coalesce(v.thumbnail_generation_started_at > clock_timestamp() - interval '30 minutes', false))
              OR j.token IS NULL AND j.result IS NULL AND j.due_at > clock_timestamp() AND j.due_at < 'infinity')
       ORDER BY j.video_id IS NOT NULL, v.thumbnail_generation_last_attempt_at NULLS FIRST, v.id LIMIT most) AS c ORDER BY c.id);
  FOR n IN 1..cardinality(chosen) LOOP
    -- The platform's triggers may be slow: what is started stays started, and the next call continues.
    EXIT WHEN clock_timestamp() > statement_timestamp() + thumbnails.time_limit() / 2;
    PERFORM thumbnails.start_anew(chosen[n], 2);
    results := results || jsonb_build_object('videoId', chosen[n], 'success', true, 'message', 'Thumbnail generation triggered');
  END LOOP;
  PERFORM thumbnails.wake_workers();
  RETURN json_build_object('success', true, 'processed', jsonb_array_length(results), 'results', results);
END
$$;
