-- A person's words as they are stored: short, in one line.
CREATE OR REPLACE FUNCTION thumbnails.said(words text, p_length integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT left(btrim(regexp_replace(words, '[[:cntrl:][:space:]]+', ' ', 'g')), p_length) $$;

-- Removes videos, which have failed and will not be retried, from lists and rates, and notes it in their history. Returns how many.
CREATE OR REPLACE FUNCTION thumbnails.dismiss(p_ids uuid[], p_by text) RETURNS integer
LANGUAGE sql AS $$
  SELECT thumbnails.see_all();
  DELETE FROM thumbnails.dismissed AS d WHERE NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = d.video_id);
  WITH done AS (
    INSERT INTO thumbnails.dismissed AS d (video_id, last_attempt_at)
    SELECT v.id, v.thumbnail_generation_last_attempt_at
      FROM public.videos AS v WHERE v.id = ANY (dismiss.p_ids) ORDER BY v.id
    ON CONFLICT (video_id) DO UPDATE SET last_attempt_at = excluded.last_attempt_at
      WHERE d.last_attempt_at IS DISTINCT FROM excluded.last_attempt_at
    RETURNING d.video_id
  ), noted AS (
    INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text)
    SELECT d.video_id, 'failed', 'failed', 'dismissed', 'dismissed by ' || p_by FROM done AS d
  )
  SELECT count(*)::integer FROM done
$$;

-- Ends a job that waits for a worker or for its next attempt: the video has failed for good and is dismissed; one that has a picture and waited for
-- another goes back to its old state. False if there is no such job, or if its row cannot say so: it is locked, or the platform refuses it.
CREATE OR REPLACE FUNCTION thumbnails.cancel(p_id uuid, p_by text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
BEGIN
  PERFORM thumbnails.see_all();
  SELECT j.* INTO job FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
   WHERE j.video_id = p_id AND j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL
     FOR UPDATE OF j SKIP LOCKED FOR NO KEY UPDATE OF v SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_id;
  IF thumbnails.lacks(video.picture) THEN
    -- Whatever its video is by now: that of a row that is not finished may be another one.
    job.source_url := video.source;
    IF thumbnails.settle(job, jsonb_build_object('state', 'failed', 'class', 'request', 'error', 'cancelled by ' || p_by)) = 'ok' THEN
      PERFORM thumbnails.dismiss(ARRAY[p_id], p_by);
    END IF;
  ELSIF thumbnails.show_state(job, 'completed', NULL, NULL, 0) THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_id AND j.kind = 'thumbnail';
    INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text) VALUES (p_id, 'pending', 'completed', 'request', 'cancelled by ' || p_by);
    PERFORM thumbnails.admit_next(job.tenant);
  ELSE
    RETURN false;
  END IF;
  RETURN true;
END
$$;

-- Applies `p_action` (retry, dismiss, restore, cancel) to up to `p_limit` (0 to 1000) videos of a filter, in the order of their ids. Returns how many were
-- changed, how many are left, and `p_before` (default: now): with it, the next call for the rest skips those that have failed once more. A failure of a
-- time that has not come yet, from when the clock was ahead, is an old one.
CREATE OR REPLACE FUNCTION thumbnails.act(p_action text, p_filter jsonb, p_limit integer, p_before timestamptz, p_by text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  latest text := to_char(coalesce(p_before, clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  who text := coalesce(nullif(thumbnails.said(p_by, 60), ''), 'somebody');
  most integer := least(greatest(p_limit, 0), 1000);
  ids uuid[];
  chosen uuid[];
  done integer := 0;
BEGIN
  IF p_action = 'retry' AND NOT (thumbnails.readiness()).enabled THEN
    RETURN jsonb_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  ELSIF p_action = 'retry' AND (thumbnails.readiness()).missing IS NOT NULL THEN
    RETURN jsonb_build_object('success', false, 'error', 'Missing configuration in system_config');
  ELSIF p_action = 'cancel' AND most > 0 THEN
    -- So that what was just announced can be cancelled, too.
    PERFORM thumbnails.merge(1000);
  END IF;
  IF most > 0 THEN
    -- Keeps out others that lock many jobs one by one.
    PERFORM FROM thumbnails.locks AS l WHERE l.name = 'merge' FOR UPDATE;
  END IF;
  EXECUTE format($q$SELECT array_agg(m.id ORDER BY m.id) FROM (SELECT NULL AS title, NULL AS user_id, NULL AS created_at) AS absent
                     CROSS JOIN LATERAL (SELECT v.id FROM public.videos AS v WHERE %s AND %s) AS m$q$, thumbnails.condition(p_filter), CASE p_action
    WHEN 'retry' THEN format($q$v.status = 'completed' AND v.thumbnail_generation_status = 'failed' AND NOT thumbnails.is_blank(v.video_url)
                                AND (v.thumbnail_generation_last_attempt_at > %L AND v.thumbnail_generation_last_attempt_at <= clock_timestamp()) IS NOT TRUE$q$, latest)
    WHEN 'dismiss' THEN thumbnails.condition('{"state": "failed"}')
                        || $q$ AND thumbnails.is_final(v.thumbnail_generation_error_code, v.thumbnail_generation_attempts)
                               AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id AND j.kind = 'thumbnail' OFFSET 0)$q$
    WHEN 'restore' THEN thumbnails.condition('{"state": "dismissed"}')
    WHEN 'cancel' THEN $q$EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id AND j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL OFFSET 0)$q$
    END) INTO ids;
  chosen := ids[1:most];
  CASE
    WHEN chosen = '{}' OR chosen IS NULL THEN NULL;
    WHEN p_action = 'dismiss' THEN done := thumbnails.dismiss(chosen, who);
    WHEN p_action = 'restore' THEN
      WITH restored AS (
        DELETE FROM thumbnails.dismissed AS d WHERE d.video_id = ANY (chosen) RETURNING d.video_id
      )
      INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text)
      SELECT r.video_id, 'failed', 'failed', 'restored', 'brought back by ' || who FROM restored AS r;
      GET DIAGNOSTICS done = ROW_COUNT;
    ELSE
      FOR n IN 1..cardinality(chosen) LOOP
        -- The platform's triggers may be slow: what is done stays done, and the next call continues.
        IF n > 1 AND clock_timestamp() > statement_timestamp() + thumbnails.time_limit() / 2 THEN
          most := n - 1;
          EXIT;
        END IF;
        done := done + (CASE p_action WHEN 'retry' THEN thumbnails.start_anew(chosen[n], 2) ELSE thumbnails.cancel(chosen[n], who) END)::integer;
      END LOOP;
  END CASE;
  IF p_action = 'retry' AND done > 0 THEN
    DELETE FROM thumbnails.dismissed AS d WHERE d.video_id = ANY (chosen[1:most]);
    PERFORM thumbnails.wake_relay();
  END IF;
  RETURN jsonb_build_object('success', true, 'processed', done, 'before', latest,
                            'remaining', greatest(0, coalesce(cardinality(ids), 0) - most));
END
$$;

-- The `host` of a pause: of an uploader (its id, or the queue's name for it), of a host's workers, or of all.
CREATE OR REPLACE FUNCTION thumbnails.paused_host(p_tenant text, p_host text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN p_tenant <> '' THEN 'tenant ' || thumbnails.tenant_named(p_tenant) ELSE coalesce(nullif(p_host, ''), '*') END $$;

-- Pauses the making of thumbnails: of all videos, of an uploader (its id, or the queue's name for it), or by the workers of a host. Work in progress
-- is finished. It is a breaker that stays open until somebody resumes; whoever asks meanwhile is told who has paused.
CREATE OR REPLACE FUNCTION thumbnails.pause(p_tenant text, p_host text, p_by text, p_why text) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH paused AS (
    INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error)
    VALUES ('manual', thumbnails.paused_host(p_tenant, p_host), 0, '{}', 'infinity',
            'paused by ' || coalesce(nullif(thumbnails.said(p_by, 60), ''), 'somebody') || coalesce(': ' || nullif(thumbnails.said(p_why, 200), ''), ''))
    ON CONFLICT (class, host) DO NOTHING RETURNING 1)
  SELECT jsonb_build_object('success', true, 'processed', (SELECT count(*) FROM paused))
$$;

CREATE OR REPLACE FUNCTION thumbnails.resume(p_tenant text, p_host text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  resumed integer;
BEGIN
  DELETE FROM thumbnails.breakers AS b WHERE b.class = 'manual' AND b.host = thumbnails.paused_host(p_tenant, p_host);
  GET DIAGNOSTICS resumed = ROW_COUNT;
  PERFORM thumbnails.admit_stalled(), thumbnails.wake_workers();
  RETURN jsonb_build_object('success', true, 'processed', resumed);
END
$$;
