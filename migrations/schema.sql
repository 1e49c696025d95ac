CREATE SCHEMA thumbnails;
CREATE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  found_rows record;
  waiting bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(thumbnails.sweep_key()) THEN
    RETURN json_build_object('success', true, 'retriedCount', 0, 'skippedCount', 0, 'skipped', true,
                             'reason', 'another sweep is running', 'timestamp', thumbnails.iso(clock_timestamp()));
  END IF;
  IF NOT thumbnails.enabled() THEN
    -- Its timer works: that nothing is done is said elsewhere.
    PERFORM thumbnails.note_sweep(0, 0, 0);
    RETURN json_build_object('success', true, 'retriedCount', 0, 'skippedCount', 0, 'skipped', true,
                             'reason', 'Auto thumbnail generation is disabled',
                             'timestamp', thumbnails.iso(clock_timestamp()));
  END IF;
  -- Before any video is locked.
  -- Figures are no reason not to rescue anybody.
  BEGIN
    PERFORM thumbnails.fold_events();
    PERFORM thumbnails.prune_history();
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'the history was not added up: %', SQLERRM;
  END;
  SELECT * INTO found_rows FROM thumbnails.enqueue_due(10000, true);
  PERFORM thumbnails.note_sweep(found_rows.retried, found_rows.skipped, found_rows.lost);
  SELECT count(*) INTO waiting FROM (SELECT FROM public.thumbnail_webhooks WHERE due_at <= clock_timestamp() LIMIT 100000) AS w;
  RETURN json_build_object('success', true, 'retriedCount', found_rows.retried, 'skippedCount', found_rows.skipped,
                           'lostCount', found_rows.lost, 'waitingCount', waiting,
                           'timestamp', thumbnails.iso(clock_timestamp()));
END
$$;
CREATE FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer DEFAULT 10) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  results json;
  processed integer;
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  END IF;
  -- Ordered by id, like every statement that locks several videos, and past those that are locked: no deadlock, no waiting.
  WITH oldest AS MATERIALIZED (
    SELECT id FROM public.videos v
     WHERE v.status = 'completed' AND v.video_url IS NOT NULL
       AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
       AND v.thumbnail_generation_status IS DISTINCT FROM 'processing'
     ORDER BY v.thumbnail_generation_last_attempt_at NULLS FIRST, v.created_at
     LIMIT least(greatest(batch_size, 0), 1000)
  ), held AS MATERIALIZED (
    SELECT v.id FROM public.videos v WHERE v.id = ANY (ARRAY(SELECT o.id FROM oldest o)) ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT coalesce(json_agg(json_build_object('videoId', chosen.id)::jsonb || chosen.result::jsonb), '[]'),
         count(*) FILTER (WHERE (chosen.result ->> 'success')::boolean)
    INTO results, processed
    FROM (SELECT h.id, public.manually_trigger_thumbnail_generation(h.id) AS result FROM held h) AS chosen;
  RETURN json_build_object('success', true, 'processed', processed, 'results', results);
END
$$;
CREATE FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
  p_video_id uuid := $1;
  -- SECURITY DEFINER changes current_user, not the `role` setting: this is who PostgREST acts for.
  caller name := coalesce(nullif(current_setting('role', true), 'none'), session_user);
  trusted boolean := thumbnails.is_trusted(caller);
  subject text := nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub';
  v public.videos%ROWTYPE;
  t timestamptz;
  working boolean;
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  END IF;
  SELECT * INTO v FROM public.videos WHERE id = p_video_id FOR NO KEY UPDATE;
  -- Somebody else's video looks like none.
  IF NOT FOUND OR NOT (trusted OR coalesce(v.user_id::text = subject, false)) THEN
    RETURN json_build_object('success', false, 'error', 'Video not found');
  END IF;
  IF v.status IS DISTINCT FROM 'completed' THEN
    RETURN json_build_object('success', false, 'error', 'Video is not completed');
  END IF;
  IF v.video_url IS NULL THEN
    RETURN json_build_object('success', false, 'error', 'Video URL is null');
  END IF;
  IF NOT (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%') THEN
    RETURN json_build_object('success', false, 'error', 'Thumbnail already exists');
  END IF;
  IF thumbnails.missing_configuration() IS NOT NULL THEN
    RETURN json_build_object('success', false, 'error', 'Missing configuration in system_config');
  END IF;
  t := clock_timestamp();
  IF NOT trusted
     AND EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.class = 'manual'
                                                   AND e.at > t - interval '1 minute') THEN
    RETURN json_build_object('success', false, 'error', 'Triggered less than a minute ago');
  END IF;
  working := v.thumbnail_generation_claim_token IS NOT NULL AND v.thumbnail_generation_lease_until > t;
  IF working THEN
    UPDATE public.videos SET thumbnail_generation_attempts = 1, thumbnail_generation_releases = 0 WHERE id = p_video_id;
    PERFORM thumbnails.enqueue(p_video_id, v.thumbnail_generation_lease_until);
  ELSE
    UPDATE public.videos
       SET thumbnail_generation_status = 'pending',
           thumbnail_generation_attempts = 0,
           thumbnail_generation_releases = 0,
           thumbnail_generation_error = NULL,
           thumbnail_generation_error_code = NULL,
           thumbnail_generation_next_attempt_at = t,
           thumbnail_generation_claim_token = NULL,
           thumbnail_generation_lease_until = NULL
     WHERE id = p_video_id;
    PERFORM thumbnails.enqueue(p_video_id, t);
    IF to_regnamespace('net') IS NULL OR NOT thumbnails.post_by_pg_net(p_video_id) THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (p_video_id, v.thumbnail_generation_status, CASE WHEN working THEN 'processing' ELSE 'pending' END, 0,
          'manual', 'triggered by hand');
  RETURN json_build_object('success', true, 'videoId', p_video_id, 'message', 'Thumbnail generation triggered');
END
$_$;
CREATE TABLE public.videos (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    title text,
    status text DEFAULT 'pending'::text NOT NULL,
    video_url text,
    thumbnail_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    thumbnail_generation_status text,
    thumbnail_generation_error text,
    thumbnail_generation_attempts integer DEFAULT 0,
    thumbnail_generation_started_at timestamp with time zone,
    thumbnail_generation_last_attempt_at timestamp with time zone,
    thumbnail_generated_at timestamp with time zone,
    thumbnail_metadata jsonb DEFAULT '{}'::jsonb,
    thumbnail_generation_error_code text,
    thumbnail_generation_next_attempt_at timestamp with time zone,
    thumbnail_generation_claim_token bigint,
    thumbnail_generation_lease_until timestamp with time zone,
    thumbnail_generation_releases integer DEFAULT 0,
    CONSTRAINT videos_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT videos_thumbnail_generation_claim_valid CHECK ((((thumbnail_generation_claim_token IS NULL) = (thumbnail_generation_lease_until IS NULL)) AND ((thumbnail_generation_claim_token IS NULL) OR (NOT (thumbnail_generation_status IS DISTINCT FROM 'processing'::text))))),
    CONSTRAINT videos_thumbnail_generation_status_valid CHECK (((thumbnail_generation_status IS NULL) OR (thumbnail_generation_status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text]))))
);
CREATE FUNCTION thumbnails.awaits_sweep(v public.videos, at timestamp with time zone, p_outer boolean) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT v.status IS NOT DISTINCT FROM 'completed' AND CASE v.thumbnail_generation_status
    WHEN 'processing' THEN
      v.thumbnail_generation_lease_until <= at
      OR (p_outer AND v.thumbnail_generation_claim_token IS NULL
          AND coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at, '-infinity')
              <= at - interval '30 minutes')
    WHEN 'failed' THEN
      v.thumbnail_generation_next_attempt_at <= at
      OR (p_outer AND v.thumbnail_generation_next_attempt_at IS NULL AND v.thumbnail_generation_error_code IS NULL
          AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
          AND coalesce(v.thumbnail_generation_attempts, 0) < thumbnails.max_attempts())
    ELSE
      (v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at <= at)
      -- A time means something to a waiting row only.
      OR (p_outer AND (v.thumbnail_generation_next_attempt_at IS NULL OR v.thumbnail_generation_status IS DISTINCT FROM 'pending')
          AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
          AND coalesce(greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at), '-infinity')
              <= at - interval '10 minutes')
    END
$$;
CREATE PROCEDURE thumbnails.backfill(IN batch_size integer DEFAULT 5000)
    LANGUAGE plpgsql
    AS $$
DECLARE
  last_id uuid := uuid '00000000-0000-0000-0000-000000000000';
  batch uuid[];
BEGIN
  LOOP
    -- Walks the primary key, so that every batch starts where the one before ended.
    SELECT array_agg(id) INTO batch
      FROM (SELECT id FROM public.videos WHERE id > last_id ORDER BY id LIMIT batch_size) AS page;
    EXIT WHEN batch IS NULL;
    last_id := batch[cardinality(batch)];
    UPDATE public.videos
       SET thumbnail_generation_status = 'completed',
           thumbnail_generation_error = NULL,
           thumbnail_metadata = CASE WHEN jsonb_typeof(thumbnail_metadata) = 'object' THEN thumbnail_metadata ELSE '{}' END
                                || '{"source": "backfill"}'
     WHERE id = ANY (batch)
       AND status = 'completed'
       -- Also what the original called waiting or failed although the thumbnail is there. A row of ours has a token, a time or a
       -- class.
       AND (thumbnail_generation_status IS NULL
            OR thumbnail_generation_status IN ('pending', 'failed', 'processing')
               AND thumbnail_generation_claim_token IS NULL AND thumbnail_generation_next_attempt_at IS NULL
               AND thumbnail_generation_error_code IS NULL)
       AND thumbnail_url IS NOT NULL AND thumbnail_url NOT LIKE 'data:image/svg%';
    -- Given up by the original without a word: from now on every failure says why.
    UPDATE public.videos
       SET thumbnail_generation_error = 'failed before this system, no reason was recorded'
     WHERE id = ANY (batch) AND thumbnail_generation_status = 'failed' AND thumbnail_generation_error IS NULL;
    COMMIT;
  END LOOP;
END
$$;
CREATE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE WHEN consecutive >= 5
              THEN make_interval(secs => least(300, 10 * power(2, least(consecutive - 5, 10)))) END
$$;
CREATE FUNCTION thumbnails.can_restart(v public.videos) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT v.thumbnail_generation_status = 'failed' AND v.status = 'completed' AND v.video_url IS NOT NULL
         AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
$$;
CREATE FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL::text, p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL::double precision, OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text, OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v public.videos%ROWTYPE;
  t timestamptz;
  lacks boolean;
  state text;
  is_breaker_open boolean;
  has_own_shape boolean;
  open_breaker thumbnails.breakers%ROWTYPE;
  requested jsonb;
  metadata jsonb;
BEGIN
  -- SKIP LOCKED: fifty copies of one webhook get one claim and forty-nine quick answers instead of a queue on the lock.
  SELECT * INTO v FROM public.videos WHERE id = p_video_id FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    SELECT * INTO v FROM public.videos WHERE id = p_video_id;
    IF NOT FOUND THEN
      outcome := 'not_found';
    ELSIF NOT p_regenerate AND v.status = 'completed' AND v.thumbnail_generation_status = 'completed'
          AND v.thumbnail_url IS NOT NULL AND v.thumbnail_url NOT LIKE 'data:image/svg%' THEN
      -- Whoever has it locked asks the same, or changes it and announces that anew.
      outcome := 'completed';
      detail := v.thumbnail_url;
    ELSE
      outcome := 'busy';
      retry_after_seconds := 1;
    END IF;
    RETURN;
  END IF;
  t := clock_timestamp();
  state := v.thumbnail_generation_status;
  lacks := v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%';
  IF v.status IS DISTINCT FROM 'completed' THEN
    outcome := 'not_finished';
    detail := v.status;
    RETURN;
  END IF;
  IF state = 'processing' THEN
    IF v.thumbnail_generation_claim_token IS NOT NULL THEN
      IF v.thumbnail_generation_lease_until > t THEN
        outcome := 'busy';
        retry_after_seconds := extract(epoch FROM v.thumbnail_generation_lease_until - t);
        RETURN;
      END IF;
      IF v.thumbnail_generation_attempts >= thumbnails.max_attempts() AND NOT p_regenerate THEN
        PERFORM thumbnails.give_up_lost(v.id, v.thumbnail_generation_claim_token);
        outcome := 'exhausted';
        detail := 'worker lost';
        RETURN;
      END IF;
    ELSIF coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at, '-infinity')
          > t - interval '30 minutes' THEN
      -- An old writer without tokens (the original function, during a move) has it.
      outcome := 'busy';
      retry_after_seconds := 60;
      RETURN;
    END IF;
  ELSIF p_regenerate THEN
    NULL;
  ELSIF NOT lacks AND state IS DISTINCT FROM 'pending' AND state IS DISTINCT FROM 'failed' THEN
    outcome := 'completed';
    detail := v.thumbnail_url;
    RETURN;
  ELSIF state = 'failed' THEN
    IF v.thumbnail_generation_next_attempt_at IS NULL
       AND (v.thumbnail_generation_error_code IS NOT NULL
            OR coalesce(v.thumbnail_generation_attempts, 0) >= thumbnails.max_attempts()) THEN
      outcome := 'exhausted';
      detail := v.thumbnail_generation_error;
      RETURN;
    END IF;
  END IF;
  IF NOT p_regenerate AND state IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at > t THEN
    outcome := 'not_due';
    retry_after_seconds := extract(epoch FROM v.thumbnail_generation_next_attempt_at - t);
    detail := v.thumbnail_generation_error;
    RETURN;
  END IF;
  -- What was asked for is stored, so that retries agree.
  IF jsonb_typeof(v.thumbnail_metadata) IS DISTINCT FROM 'object' THEN
    v.thumbnail_metadata := '{}';
  END IF;
  requested := coalesce(v.thumbnail_metadata -> 'requested', '{}');
  IF p_regenerate THEN
    requested := requested - 'timeSeconds';
  END IF;
  aspect_ratio := coalesce(p_aspect_ratio, requested ->> 'aspectRatio');
  -- One look for both. Few tables have the column, and making JSON of a whole row is not for nothing.
  SELECT EXISTS (SELECT FROM thumbnails.breakers WHERE open_until IS NOT NULL),
         EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.videos'::regclass AND attname = 'aspect_ratio' AND NOT attisdropped)
    INTO is_breaker_open, has_own_shape;
  IF aspect_ratio IS NULL AND has_own_shape THEN
    aspect_ratio := to_jsonb(v) ->> 'aspect_ratio';
  END IF;
  IF aspect_ratio IS NOT NULL OR p_time_seconds IS NOT NULL THEN
    requested := requested || jsonb_strip_nulls(jsonb_build_object('aspectRatio', aspect_ratio, 'timeSeconds', p_time_seconds));
  END IF;
  metadata := v.thumbnail_metadata;
  IF requested <> '{}' THEN
    metadata := metadata || jsonb_build_object('requested', requested);
  ELSIF metadata ? 'requested' THEN
    metadata := metadata - 'requested';
  END IF;
  -- What had ended begins anew, with the old picture in place until there is a new one.
  IF p_regenerate AND state IS DISTINCT FROM 'pending' AND state IS DISTINCT FROM 'processing' THEN
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (v.id, state, 'pending', 0, 'manual', 'asked for again');
    state := 'pending';
  END IF;
  -- An open breaker stops the work before anything is downloaded; once its time is over, one probe at a time may pass.
  IF is_breaker_open THEN
    FOR open_breaker IN SELECT * FROM thumbnails.breakers WHERE open_until IS NOT NULL ORDER BY class LOOP
      IF open_breaker.open_until <= t THEN
        UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
         WHERE b.class = open_breaker.class AND (b.probe_until IS NULL OR b.probe_until <= t);
        CONTINUE WHEN FOUND;
      END IF;
      outcome := 'paused';
      retry_after_seconds := greatest(1, extract(epoch FROM open_breaker.open_until - t));
      detail := open_breaker.last_error;
      IF p_regenerate THEN
        -- Nobody has to ask twice: what waits for its first picture is announced already, what has one is now.
        PERFORM thumbnails.postpone_regeneration(v.id, state, metadata, t + make_interval(secs => retry_after_seconds));
      END IF;
      RETURN;
    END LOOP;
  END IF;
  token := nextval('thumbnails.tokens');
  IF token <= v.thumbnail_generation_claim_token THEN
    -- Rows that were copied without the sequence: it starts behind them anew.
    PERFORM pg_advisory_xact_lock(thumbnails.sequence_key());
    PERFORM setval('thumbnails.tokens', greatest(v.thumbnail_generation_claim_token, (SELECT last_value FROM thumbnails.tokens)) + 1000);
    token := nextval('thumbnails.tokens');
  END IF;
  attempt := CASE
    WHEN p_regenerate THEN 1
    -- Another program left the row waiting with its attempts used up: no dead end.
    WHEN v.thumbnail_generation_claim_token IS NULL
         AND v.thumbnail_generation_attempts >= thumbnails.max_attempts() THEN 1
    ELSE coalesce(v.thumbnail_generation_attempts, 0) + 1 END;
  UPDATE public.videos AS u
     SET thumbnail_generation_status = 'processing',
         thumbnail_generation_attempts = attempt,
         thumbnail_generation_releases = CASE WHEN p_regenerate THEN 0 ELSE u.thumbnail_generation_releases END,
         thumbnail_generation_started_at = t,
         thumbnail_generation_last_attempt_at = t,
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = token,
         thumbnail_generation_lease_until = t + make_interval(secs => p_lease_seconds),
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_metadata = metadata
   WHERE u.id = v.id;
  -- The announcement has been heard. If this worker dies, its lease is found by polling (recover_due), within two seconds of its end.
  -- Taken from a worker that was lost: its history says so.
  WITH heard AS (
    DELETE FROM public.thumbnail_webhooks AS w WHERE w.video_id = v.id
  )
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
  VALUES (v.id, state, 'processing', token, attempt, CASE WHEN state = 'processing' THEN 'lost' END,
          CASE WHEN state = 'processing' THEN 'the worker before this one was lost' END);
  outcome := 'claimed';
  video_url := v.video_url;
  time_seconds := (requested ->> 'timeSeconds')::double precision;
END
$$;
CREATE FUNCTION thumbnails.collector_position() RETURNS text
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT coalesce((SELECT last_key FROM thumbnails.collector_position), '') $$;
CREATE FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision DEFAULT 86400) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  replaced_url text;
  attempt integer;
  started timestamptz;
  unused_key text;
  has_breakers boolean;
  answer text;
BEGIN
  -- `before` is read without a lock: whoever else changes thumbnail_url takes the token away, and then this changes nothing.
  UPDATE public.videos AS u
     SET thumbnail_url = p_thumbnail_url,
         thumbnail_generation_status = 'completed',
         thumbnail_generated_at = t,
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL,
         thumbnail_generation_releases = 0,
         thumbnail_metadata = CASE WHEN u.thumbnail_metadata ? 'requested'
           THEN p_metadata || jsonb_build_object('requested', u.thumbnail_metadata -> 'requested') ELSE p_metadata END
    FROM public.videos AS before
   WHERE u.id = p_video_id AND u.thumbnail_generation_status = 'processing'
     AND u.thumbnail_generation_claim_token = p_token
     AND before.id = u.id
  RETURNING before.thumbnail_url, u.thumbnail_generation_attempts, u.thumbnail_generation_started_at,
            EXISTS (SELECT FROM thumbnails.breakers)
       INTO replaced_url, attempt, started, has_breakers;
  IF FOUND THEN
    -- A trigger by hand during the work announces the video once more.
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
    IF has_breakers THEN
      -- In the order in which claims lock them.
      PERFORM FROM thumbnails.breakers ORDER BY class FOR UPDATE;
      DELETE FROM thumbnails.breakers;
    END IF;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, duration, detail)
    VALUES (p_video_id, 'processing', 'completed', p_token, attempt, t - started,
            jsonb_build_object('timestampSeconds', p_metadata -> 'timestampSeconds', 'bytesFetched', p_metadata -> 'bytesFetched',
                               'requests', p_metadata -> 'requests', 'stagesMs', p_metadata -> 'stagesMs'));
    unused_key := nullif(thumbnails.object_key(replaced_url), p_key);
    answer := 'ok';
  ELSIF EXISTS (SELECT FROM thumbnails.events
                 WHERE video_id = p_video_id AND token = p_token AND to_status = 'completed') THEN
    RETURN 'already';
  ELSE
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, class, text)
    VALUES (p_video_id, NULL, NULL, p_token, 'lost', 'a late result was refused: the row belongs to another claim');
    unused_key := p_key;
    answer := 'fenced';
  END IF;
  IF unused_key IS NOT NULL THEN
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    VALUES (unused_key, p_video_id, t + make_interval(secs => p_keep_seconds))
    ON CONFLICT (key) DO NOTHING;
  END IF;
  RETURN answer;
END
$$;
CREATE FUNCTION thumbnails.delivery_delay(deliveries integer, jitter double precision) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT make_interval(secs => least(60, power(2, least(greatest(deliveries, 1), 10) - 1)) * (1 + jitter) / 2)
$$;
CREATE FUNCTION thumbnails.describe_video(v public.videos) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT jsonb_build_object(
    'id', v.id, 'title', left(v.title, 300), 'videoStatus', v.status, 'status', v.thumbnail_generation_status,
    'thumbnailUrl', thumbnails.shown_url(v.thumbnail_url),
    'hasThumbnail', v.thumbnail_url IS NOT NULL AND v.thumbnail_url NOT LIKE 'data:image/svg%', 'canRestart', coalesce(thumbnails.can_restart(v), false),
    'error', left(v.thumbnail_generation_error, 500), 'class', v.thumbnail_generation_error_code,
    'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'maxAttempts', thumbnails.max_attempts(),
    'nextAttemptAt', thumbnails.finite(v.thumbnail_generation_next_attempt_at), 'leaseUntil', thumbnails.finite(v.thumbnail_generation_lease_until),
    'startedAt', thumbnails.finite(v.thumbnail_generation_started_at), 'generatedAt', thumbnails.finite(v.thumbnail_generated_at),
    'createdAt', thumbnails.finite(v.created_at), 'sourceHost', substring(v.video_url FROM '^[a-zA-Z]+://(?:[^/?#]*@)?([^/?#@]+)'))
$$;
CREATE FUNCTION thumbnails.enabled() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT r.enabled FROM thumbnails.readiness r $$;
CREATE FUNCTION thumbnails.enqueue(p_video_id uuid, p_due_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
  VALUES (p_video_id, p_due_at, nextval('thumbnails.tokens'))
  ON CONFLICT (video_id) DO UPDATE
    SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0;
END
$$;
CREATE FUNCTION thumbnails.enqueue_due(p_limit integer, p_outer boolean, OUT retried integer, OUT skipped integer, OUT lost integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
BEGIN
  WITH candidates AS MATERIALIZED (
    SELECT c.id FROM thumbnails.sweep_candidates(t, p_outer, p_limit) AS c
  ), held AS MATERIALIZED (
    SELECT v.id, v.thumbnail_generation_status AS state, v.thumbnail_generation_claim_token AS token,
           v.thumbnail_generation_attempts AS attempts, v.thumbnail_generation_started_at AS started, v.video_url
      FROM public.videos v
     WHERE v.id = ANY (ARRAY(SELECT c.id FROM candidates c))
       -- Asked again, for it is the version of now that is locked: its worker may have finished since the look.
       AND thumbnails.awaits_sweep(v, t, p_outer)
     ORDER BY v.id
     LIMIT p_limit
       FOR NO KEY UPDATE OF v SKIP LOCKED
  ), given_up AS (
    SELECT h.id FROM held h
     WHERE h.token IS NOT NULL AND h.attempts >= thumbnails.max_attempts()
       AND thumbnails.give_up_lost(h.id, h.token)
  ), moved AS (
    -- Left behind by another program: from now on an ordinary waiting row, or failed where there is nothing to fetch.
    UPDATE public.videos u
       SET thumbnail_generation_status = CASE WHEN h.video_url IS NULL OR h.state = 'failed' THEN 'failed' ELSE 'pending' END,
           thumbnail_generation_attempts =
             CASE WHEN coalesce(h.attempts, 0) >= thumbnails.max_attempts() THEN 0 ELSE coalesce(h.attempts, 0) END,
           thumbnail_generation_error = CASE WHEN h.video_url IS NULL THEN 'Video URL is null' ELSE u.thumbnail_generation_error END,
           thumbnail_generation_error_code = CASE WHEN h.video_url IS NULL THEN 'media' END,
           thumbnail_generation_next_attempt_at = CASE WHEN h.video_url IS NULL THEN NULL ELSE t END
      FROM held h
     WHERE u.id = h.id AND h.token IS NULL
       AND (u.thumbnail_generation_next_attempt_at IS NULL OR h.video_url IS NULL OR h.state IS NULL OR h.state = 'completed')
    RETURNING u.id, h.state AS from_state, u.thumbnail_generation_status AS to_state, u.thumbnail_generation_attempts AS attempts,
              u.thumbnail_generation_error_code AS class, u.thumbnail_generation_error AS error
  ), noted AS (
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    SELECT m.id, m.from_state, m.to_state, m.attempts, m.class, coalesce(m.error, 'found by the sweep') FROM moved m
     WHERE m.class IS NULL -- the trigger notes those that failed
  ), announced AS (
    INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
    -- What a worker left behind had come to its turn when it was claimed: it is not sent to the end of the queue.
    SELECT h.id, CASE WHEN h.token IS NOT NULL THEN least(h.started, t) ELSE t END, nextval('thumbnails.tokens') FROM held h
     WHERE h.id NOT IN (SELECT g.id FROM given_up g)
       AND NOT (h.video_url IS NULL AND h.token IS NULL)
     ORDER BY h.id
    ON CONFLICT (video_id) DO UPDATE
      SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0
      -- What is in delivery right now, or due already, needs no second announcement; what could not be delivered waits as long as it shall.
      WHERE w.due_at > t AND (w.leased_until IS NULL OR w.leased_until <= t) AND (p_outer OR w.deliveries = 0)
    RETURNING w.video_id
  )
  SELECT (SELECT count(*) FROM held h WHERE NOT (h.video_url IS NULL AND h.token IS NULL)) - (SELECT count(*) FROM given_up),
         (SELECT count(*) FROM candidates) - (SELECT count(*) FROM held),
         (SELECT count(*) FROM given_up)
    INTO retried, skipped, lost
    FROM (SELECT count(*) FROM announced) AS forced;
  IF retried > 0 THEN
    PERFORM thumbnails.wake_relay();
    IF p_outer AND to_regnamespace('net') IS NOT NULL AND thumbnails.missing_configuration() IS NULL THEN
      -- Where pg_net is all there is: a part of the backlog each time, for it keeps no order and no count.
      PERFORM thumbnails.post_by_pg_net(w.video_id)
         FROM (SELECT video_id FROM public.thumbnail_webhooks WHERE due_at <= clock_timestamp() AND leased_until IS NULL
                ORDER BY due_at LIMIT 500) AS w;
    END IF;
  END IF;
END
$$;
CREATE FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision DEFAULT NULL::double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  started timestamptz;
BEGIN
  UPDATE public.videos AS u
     SET thumbnail_generation_status = 'failed',
         thumbnail_generation_error = p_error,
         thumbnail_generation_error_code = p_class,
         thumbnail_generation_next_attempt_at =
           CASE WHEN p_retryable AND u.thumbnail_generation_attempts < thumbnails.max_attempts()
                THEN t + thumbnails.retry_delay(u.thumbnail_generation_attempts, p_retry_after_seconds, random()) END,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE u.id = p_video_id AND u.thumbnail_generation_status = 'processing'
     AND u.thumbnail_generation_claim_token = p_token
  RETURNING u.thumbnail_generation_next_attempt_at, u.thumbnail_generation_attempts, u.thumbnail_generation_started_at
       INTO next_attempt_at, attempt, started;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (SELECT FROM thumbnails.events e
                                  WHERE e.video_id = p_video_id AND e.token = p_token AND e.to_status = 'failed')
                    THEN 'already' ELSE 'fenced' END;
    RETURN;
  END IF;
  outcome := 'ok';
  PERFORM thumbnails.free_probe();
  IF next_attempt_at IS NULL THEN
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  ELSE
    PERFORM thumbnails.enqueue(p_video_id, next_attempt_at);
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', 'failed', p_token, attempt, p_class, p_error, t - started);
END
$$;
CREATE FUNCTION thumbnails.find_videos(p_state text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  ids uuid[];
  back interval;
BEGIN
  CASE p_state
    WHEN 'failed' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v WHERE v.thumbnail_generation_status = 'failed'
                    ORDER BY coalesce(v.thumbnail_generation_last_attempt_at, v.created_at) DESC NULLS LAST, v.id LIMIT p_limit);
    WHEN 'processing' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v WHERE v.thumbnail_generation_status = 'processing'
                    ORDER BY v.thumbnail_generation_started_at DESC NULLS LAST, v.id LIMIT p_limit);
    WHEN 'pending' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v
                    WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
                      AND (v.thumbnail_generation_status = 'pending' OR v.thumbnail_generation_status IS NULL)
                    ORDER BY v.created_at DESC, v.id LIMIT p_limit);
    ELSE
      FOREACH back IN ARRAY ARRAY[interval '1 hour', interval '24 hours', interval '8 days', interval '100 years'] LOOP
        -- The latest of the history, and of each its row by key, until there are enough: never the whole table. LIMIT keeps the planner
        -- from joining the two the other way round.
        ids := ARRAY(SELECT v.id
                       FROM (SELECT e.video_id, max(e.at) AS last FROM thumbnails.events e
                              WHERE e.at >= clock_timestamp() - back
                                AND (p_state IS NULL AND e.to_status IS NOT NULL OR e.to_status = p_state)
                              GROUP BY e.video_id ORDER BY last DESC) AS g
                      CROSS JOIN LATERAL (SELECT x.id FROM public.videos x
                                           WHERE x.id = g.video_id AND (p_state IS NULL OR x.thumbnail_generation_status = p_state) LIMIT 1) AS v
                      ORDER BY g.last DESC LIMIT p_limit);
        EXIT WHEN cardinality(ids) >= p_limit;
      END LOOP;
      ids := ids || ARRAY(SELECT v.id FROM public.videos v
                           WHERE (p_state IS NULL AND v.thumbnail_generation_status IS NOT NULL OR v.thumbnail_generation_status = p_state)
                             AND v.id <> ALL (ids)
                           ORDER BY v.id LIMIT p_limit - cardinality(ids));
  END CASE;
  RETURN coalesce((SELECT jsonb_agg(thumbnails.describe_video(v) ORDER BY i.position)
                     FROM unnest(ids) WITH ORDINALITY AS i (id, position) JOIN public.videos v ON v.id = i.id), '[]');
END
$$;
CREATE FUNCTION thumbnails.finite(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    AS $$ SELECT CASE WHEN isfinite(at) THEN thumbnails.iso(at) END $$;
CREATE FUNCTION thumbnails.fold_events() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  started timestamptz := clock_timestamp();
  p_from bigint;
  slice_to bigint;
  p_to bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(thumbnails.totals_key()) THEN
    RETURN;
  END IF;
  -- Looked at only now that nobody else moves the position.
  SELECT folded_before INTO p_from FROM thumbnails.totals_position;
  IF p_from > pg_current_xact_id()::text::bigint THEN
    -- Restored into a younger cluster, whose transactions count from the beginning: so do the figures.
    DELETE FROM thumbnails.hourly_totals;
    UPDATE thumbnails.events SET xid = NULL WHERE xid >= pg_current_xact_id()::text::bigint;
    p_from := 0;
  END IF;
  p_to := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  WHILE p_from < p_to LOOP
    -- The first slice is what has no transaction.
    slice_to := CASE WHEN p_from <= 0 THEN 1 ELSE least(p_to, p_from + 100000) END;
    INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
    SELECT m.hour, m.measure, m.label, sum(m.value) FROM thumbnails.measure_events(p_from, slice_to) AS m GROUP BY m.hour, m.measure, m.label
    ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
    p_from := coalesce((SELECT min(e.xid) FROM thumbnails.events e WHERE e.xid >= slice_to AND e.xid < p_to), p_to);
    EXIT WHEN clock_timestamp() > started + interval '2 seconds';
  END LOOP;
  UPDATE thumbnails.totals_position SET folded_before = p_from WHERE folded_before <> p_from;
END
$$;
CREATE FUNCTION thumbnails.forget_objects(p_keys text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  forgotten integer;
BEGIN
  DELETE FROM thumbnails.object_deletions WHERE key = ANY (p_keys);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END
$$;
CREATE FUNCTION thumbnails.free_probe() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM thumbnails.breakers WHERE probe_until IS NOT NULL) THEN
    PERFORM FROM thumbnails.breakers ORDER BY class FOR UPDATE;
    UPDATE thumbnails.breakers SET probe_until = NULL WHERE probe_until IS NOT NULL;
  END IF;
END
$$;
CREATE FUNCTION thumbnails.give_up_lost(p_video_id uuid, p_token bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  attempts integer;
  started timestamptz;
BEGIN
  UPDATE public.videos v
     SET thumbnail_generation_status = 'failed',
         thumbnail_generation_error = 'worker lost: the attempt ended without a result '
                                      || v.thumbnail_generation_attempts || ' times',
         thumbnail_generation_error_code = 'lost',
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE v.id = p_video_id AND v.thumbnail_generation_status = 'processing'
     AND v.thumbnail_generation_claim_token = p_token
     AND v.thumbnail_generation_lease_until <= clock_timestamp()
  RETURNING v.thumbnail_generation_attempts, v.thumbnail_generation_started_at INTO attempts, started;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', 'failed', p_token, attempts, 'lost', 'worker lost', clock_timestamp() - started);
  RETURN true;
END
$$;
CREATE FUNCTION thumbnails.head(list jsonb, p_limit integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce(jsonb_agg(e.value ORDER BY e.position), '[]') FROM jsonb_array_elements(list) WITH ORDINALITY AS e (value, position) WHERE e.position <= p_limit
$$;
CREATE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;
CREATE FUNCTION thumbnails.history(p_hours integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH figures AS MATERIALIZED (
    SELECT h.hour, h.measure, h.value FROM thumbnails.hourly_totals h
     WHERE h.hour > clock_timestamp() - make_interval(hours => p_hours + 1)
    UNION ALL
    SELECT m.hour, m.measure, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.totals_position p), 9223372036854775807) AS m
  ), hours AS (
    SELECT date_trunc('hour', clock_timestamp(), 'UTC') - make_interval(hours => ago) AS hour FROM generate_series(p_hours - 1, 0, -1) AS ago
  )
  SELECT jsonb_agg(jsonb_build_object('hour', thumbnails.iso(g.hour), 'announced', g.announced, 'completed', g.completed, 'failed', g.failed,
                                      'meanSeconds', round((g.seconds / nullif(g.completed, 0))::numeric, 3)) ORDER BY g.hour)
    FROM (SELECT h.hour,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'announced'), 0) AS announced,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'completed'), 0) AS completed,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'failed'), 0) AS failed,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'seconds'), 0) AS seconds
            FROM hours h LEFT JOIN figures f ON f.hour = h.hour
           GROUP BY h.hour) AS g
$$;
CREATE FUNCTION thumbnails.is_trusted(caller name) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce(bool_or(pg_has_role(caller, r.oid, 'MEMBER')), false)
    FROM pg_roles r
   WHERE r.oid = (SELECT relowner FROM pg_class WHERE oid = 'public.videos'::regclass)
      OR r.rolname IN ('service_role', 'thumbnail_handlers')
$$;
CREATE FUNCTION thumbnails.iso(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
CREATE FUNCTION thumbnails.key_video(key text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
  SELECT substring(key FROM '^thumbnails/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/\.?[0-9a-f]+-[0-9]+\.[a-z]+(?:\.[0-9]+\.part)?$')::uuid
$_$;
CREATE FUNCTION thumbnails.lease_webhooks(p_limit integer, p_lease_seconds double precision) RETURNS TABLE(video_id uuid, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN;
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT w.video_id
      FROM public.thumbnail_webhooks w
     WHERE w.due_at <= clock_timestamp()
       AND (w.leased_until IS NULL OR w.leased_until <= clock_timestamp())
     ORDER BY w.due_at
     LIMIT p_limit
       FOR UPDATE SKIP LOCKED
  )
  UPDATE public.thumbnail_webhooks w
     SET leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds), deliveries = w.deliveries + 1
   WHERE w.video_id = ANY (ARRAY(SELECT d.video_id FROM due d))
  RETURNING w.video_id, w.version;
END
$$;
CREATE FUNCTION thumbnails.list_deletions(p_limit integer) RETURNS TABLE(key text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions d
                                                        WHERE d.not_before <= clock_timestamp() ORDER BY d.not_before LIMIT p_limit)) AS u
$$;
CREATE FUNCTION thumbnails.list_orphans(p_keys text[]) RETURNS TABLE(key text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE EXISTS (SELECT FROM public.videos v WHERE v.id = u.video_id)
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = u.key)
$$;
CREATE FUNCTION thumbnails.list_videos(p_state text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  list_name text := format('videos %s %s', coalesce(p_state, 'recent'), p_limit);
  started timestamptz := clock_timestamp();
  cached thumbnails.report_cache%ROWTYPE;
  found_videos jsonb;
BEGIN
  SELECT * INTO cached FROM thumbnails.report_cache WHERE name = list_name;
  IF started BETWEEN cached.at AND cached.at + least(interval '10 seconds', 50 * cached.cost) THEN
    RETURN cached.value;
  END IF;
  -- While another session looks, what was seen last will do.
  IF NOT pg_try_advisory_xact_lock(hashtext('thumbnails.list_videos'), hashtext(list_name))
     AND started BETWEEN cached.at AND cached.at + interval '1 minute' THEN
    RETURN cached.value;
  END IF;
  found_videos := thumbnails.find_videos(p_state, p_limit);
  IF clock_timestamp() - started > interval '20 milliseconds' THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO thumbnails.report_cache (name, at, cost, value) VALUES (list_name, clock_timestamp(), clock_timestamp() - started, found_videos)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, cost = excluded.cost, value = excluded.value;
  END IF;
  RETURN found_videos;
END
$$;
CREATE FUNCTION thumbnails.look() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  health record;
  ready record;
  queue record;
  stuck record;
  recent record;
BEGIN
  PERFORM thumbnails.fold_events();
  SELECT * INTO health FROM public.thumbnail_generation_health;
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  SELECT count(*) FILTER (WHERE w.leased_until > t) AS leased,
         count(*) FILTER (WHERE w.due_at <= t AND (w.leased_until IS NULL OR w.leased_until <= t)) AS due,
         count(*) FILTER (WHERE w.due_at > t AND (w.leased_until IS NULL OR w.leased_until <= t)) AS later
    INTO queue
    FROM public.thumbnail_webhooks w;
  -- Three looks for three partial indexes.
  SELECT extract(epoch FROM t - min(waiting.since)) AS oldest_seconds,
         count(*) FILTER (WHERE waiting.is_lease) AS expired_leases,
         count(*) FILTER (WHERE waiting.since <= t - interval '1 hour') AS over_an_hour
    INTO stuck
    FROM (SELECT thumbnails.waiting_since(v) AS since, v.thumbnail_generation_claim_token IS NOT NULL AS is_lease
            FROM public.videos v WHERE v.thumbnail_generation_status = 'processing'
          UNION ALL
          SELECT thumbnails.waiting_since(v), false
            FROM public.videos v
           WHERE v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NOT NULL
             AND v.thumbnail_generation_next_attempt_at <= t
          UNION ALL
          SELECT thumbnails.waiting_since(v), false
            FROM public.videos v
           WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
             AND (v.thumbnail_generation_status IS NULL OR v.thumbnail_generation_status = 'completed'
                  OR v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at IS NULL)) AS waiting
   WHERE waiting.since <= t AND isfinite(waiting.since);
  SELECT round(avg(extract(epoch FROM e.duration)), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)))::numeric, 3) AS p95_seconds
    INTO recent
    FROM thumbnails.events e
   WHERE e.at >= t - interval '24 hours' AND e.token IS NOT NULL AND e.to_status = 'completed';
  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health.completed_count, 'failedCount', health.failed_count, 'processingCount', health.processing_count,
      'pendingCount', health.pending_count, 'needsGenerationCount', health.needs_generation_count,
      'successRatePercent', health.success_rate_percent, 'avgGenerationTimeSeconds', health.avg_generation_time_seconds,
      'lastDay', jsonb_build_object('meanSeconds', recent.mean_seconds, 'p95Seconds', recent.p95_seconds)),
    'queue', jsonb_build_object('due', queue.due, 'leased', queue.leased, 'later', queue.later,
                                'oldestDueSeconds', greatest(0, coalesce(round(stuck.oldest_seconds, 3), 0)),
                                'overAnHour', stuck.over_an_hour, 'expiredLeases', stuck.expired_leases),
    'failures', coalesce((
      SELECT jsonb_agg(jsonb_build_object('error', g.error, 'class', g.class, 'count', g.failures, 'exhausted', g.exhausted,
                                          'restartable', g.restartable,
                                          'lastOccurrence', thumbnails.iso(g.last_occurrence), 'videoIds', g.ids)
                       ORDER BY g.failures DESC, g.last_occurrence DESC)
        FROM (SELECT left(coalesce(v.thumbnail_generation_error, ''), 200) AS error, v.thumbnail_generation_error_code AS class,
                     count(*) AS failures,
                     count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NULL) AS exhausted,
                     count(*) FILTER (WHERE thumbnails.can_restart(v)) AS restartable,
                     max(coalesce(v.thumbnail_generation_last_attempt_at, v.created_at)) AS last_occurrence,
                     (array_agg(v.id ORDER BY coalesce(v.thumbnail_generation_last_attempt_at, v.created_at) DESC))[1:5] AS ids
                FROM public.videos v
               WHERE v.thumbnail_generation_status = 'failed'
               GROUP BY 1, 2
               ORDER BY failures DESC, last_occurrence DESC
               LIMIT 200) AS g), '[]'),
    'failureReasons', (SELECT count(DISTINCT (left(coalesce(v.thumbnail_generation_error, ''), 200), v.thumbnail_generation_error_code))
                         FROM public.videos v WHERE v.thumbnail_generation_status = 'failed'),
    'failed', coalesce((SELECT jsonb_agg(jsonb_build_object('class', g.class, 'exhausted', g.exhausted, 'retried', g.retried,
                                                              'restartable', g.restartable) ORDER BY g.class)
                          FROM (SELECT coalesce(v.thumbnail_generation_error_code, 'unknown') AS class,
                                       count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NULL) AS exhausted,
                                       count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NOT NULL) AS retried,
                                       count(*) FILTER (WHERE thumbnails.can_restart(v)) AS restartable
                                  FROM public.videos v WHERE v.thumbnail_generation_status = 'failed' GROUP BY 1) AS g), '[]'),
    -- Waiting because of a fault that is not theirs.
    'held', coalesce((SELECT jsonb_object_agg(g.class, g.videos)
                        FROM (SELECT v.thumbnail_generation_error_code AS class, count(*) AS videos FROM public.videos v
                               WHERE v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at IS NOT NULL
                                 AND v.thumbnail_generation_error_code IN ('storage', 'configuration')
                               GROUP BY 1) AS g), '{}'),
    'breakers', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                   'class', b.class, 'faults', b.consecutive, 'lastError', left(b.last_error, 200),
                                   'open', coalesce(b.open_until > t, false), 'openUntil', thumbnails.iso(b.open_until)) ORDER BY b.class)
                            FROM thumbnails.breakers b), '[]'),
    'lastSweep', (SELECT jsonb_build_object('at', thumbnails.iso(s.at), 'epoch', round(extract(epoch FROM s.at), 3),
                                            'retriedCount', s.retried, 'skippedCount', s.skipped, 'lostCount', s.lost)
                    FROM thumbnails.last_sweep s),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions d),
    'histogramBounds', (SELECT jsonb_agg(b.bound::text ORDER BY b.bound) FROM unnest(thumbnails.histogram_bounds()) AS b (bound)),
    'enabled', ready.enabled, 'missingConfiguration', ready.missing,
    'totals', thumbnails.totals());
END
$$;
CREATE FUNCTION thumbnails.max_attempts() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 3 $$;
CREATE FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint) RETURNS TABLE(hour timestamp with time zone, measure text, label text, value numeric)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH picked AS (
    SELECT date_trunc('hour', e.at, 'UTC') AS hour, coalesce(e.class, '') AS class, e.from_status, e.to_status, e.token, e.attempt,
           round(extract(epoch FROM e.duration), 6) AS seconds,
           CASE WHEN jsonb_typeof(e.detail -> 'bytesFetched') = 'number' THEN (e.detail ->> 'bytesFetched')::numeric END AS bytes,
           e.token IS NOT NULL AND e.from_status = 'processing' AND e.to_status = 'completed' AS is_result
      FROM thumbnails.events e
     WHERE (e.xid >= p_from AND e.xid < p_to OR p_from <= 0 AND e.xid IS NULL) AND isfinite(e.at)
  ), sums AS (
    SELECT p.hour, p.class,
           count(*) FILTER (WHERE p.to_status = 'pending' AND p.attempt = 0 AND p.class IN ('', 'manual')) AS announced,
           count(*) FILTER (WHERE p.to_status = 'processing' AND p.token IS NOT NULL) AS attempts,
           count(*) FILTER (WHERE p.is_result) AS completed,
           -- Also an attempt whose worker was lost and that another one took over.
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.from_status = 'processing'
                              AND (p.to_status = 'failed' OR p.to_status = 'processing' AND p.class = 'lost')) AS failed,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.from_status = 'processing' AND p.to_status = 'pending') AS released,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.to_status IS NULL) AS stale,
           sum(p.seconds) FILTER (WHERE p.is_result) AS seconds,
           sum(p.bytes) FILTER (WHERE p.is_result) AS bytes
      FROM picked p
     GROUP BY p.hour, p.class
  ), classes AS (
    -- How many fell between a bound and the one below it.
    SELECT p.hour, width_bucket(-p.seconds, ARRAY(SELECT -b FROM unnest(thumbnails.histogram_bounds()) AS b ORDER BY b DESC)::numeric[]) AS above,
           count(*) AS results
      FROM picked p
     WHERE p.is_result
     GROUP BY 1, 2
  )
  SELECT s.hour, m.measure, m.label, m.value
    FROM sums s
   CROSS JOIN LATERAL (VALUES ('announced', '', s.announced::numeric), ('attempts', '', s.attempts), ('completed', '', s.completed),
                              ('failed', s.class, s.failed), ('released', s.class, s.released), ('stale', '', s.stale),
                              ('seconds', '', s.seconds), ('bytes', '', s.bytes)) AS m (measure, label, value)
   WHERE m.value > 0
  UNION ALL
  SELECT c.hour, 'le', b.bound::text, sum(c.results)
    FROM classes c
    JOIN unnest(thumbnails.histogram_bounds()) WITH ORDINALITY AS b (bound, position)
      ON c.above > cardinality(thumbnails.histogram_bounds()) - b.position
   GROUP BY c.hour, b.bound
$$;
CREATE FUNCTION thumbnails.missing_configuration() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT r.missing FROM thumbnails.readiness r $$;
CREATE FUNCTION thumbnails.move_collector(p_last_key text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  INSERT INTO thumbnails.collector_position (last_key) VALUES (p_last_key) ON CONFLICT (is_only) DO UPDATE SET last_key = excluded.last_key
$$;
CREATE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  answer jsonb;
BEGIN
  WITH candidates AS MATERIALIZED (
    SELECT c.id FROM thumbnails.sweep_candidates(t, true, 10000) AS c
  ), shown AS (
    SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_generation_attempts, 0) AS attempts,
           CASE WHEN v.thumbnail_generation_status = 'processing' AND v.thumbnail_generation_claim_token IS NOT NULL THEN 'lease_over'
                WHEN v.thumbnail_generation_status = 'processing' THEN 'no_token'
                WHEN v.thumbnail_generation_next_attempt_at IS NOT NULL THEN 'due'
                ELSE 'left_behind' END AS reason,
           thumbnails.waiting_since(v) AS since
      FROM (SELECT c.id FROM candidates c LIMIT greatest(p_limit, 0)) AS c
      JOIN public.videos v ON v.id = c.id
  )
  SELECT jsonb_build_object(
           'count', least(10000, (SELECT count(*) FROM candidates)),
           'videos', coalesce((SELECT jsonb_agg(jsonb_build_object('videoId', s.id, 'state', s.state, 'attempts', s.attempts, 'reason', s.reason,
                                                                   'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM t - s.since)), 1) END)
                                                ORDER BY s.since NULLS LAST, s.id)
                                 FROM shown s), '[]'))
    INTO answer;
  RETURN answer;
END
$$;
CREATE FUNCTION thumbnails.note_sweep(p_retried integer, p_skipped integer, p_lost integer) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  INSERT INTO thumbnails.last_sweep (at, retried, skipped, lost) VALUES (clock_timestamp(), p_retried, p_skipped, p_lost)
  ON CONFLICT (is_only) DO UPDATE
    SET at = excluded.at, retried = excluded.retried, skipped = excluded.skipped, lost = excluded.lost
$$;
CREATE FUNCTION thumbnails.object_key(url text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
  SELECT substring(url FROM 'thumbnails/[0-9a-f-]{36}/[0-9a-f]+-[0-9]+\.[a-z]+$')
$_$;
CREATE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  base_url text := coalesce(thumbnails.setting('thumbnail_handlers_url'), thumbnails.setting('supabase_url'));
  secret text := thumbnails.setting('webhook_secret');
BEGIN
  IF to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') IS NULL THEN
    RETURN false;
  END IF;
  IF secret IS NULL THEN
    secret := thumbnails.setting('service_role_key');
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, 'pending', 'pending', 0, 'configuration',
            'system_config.webhook_secret is not set: the service key travels through pg_net''s readable queue');
  END IF;
  EXECUTE 'SELECT net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := $4)'
    USING rtrim(base_url, '/') || '/functions/v1/auto-generate-thumbnail',
          jsonb_build_object('videoId', p_video_id),
          jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || secret,
                             'Prefer', 'respond-async'),
          5000;
  UPDATE public.thumbnail_webhooks SET due_at = clock_timestamp() + interval '60 seconds' WHERE video_id = p_video_id;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (p_video_id, 'pending', 'pending', 0, 'configuration', 'pg_net refused the webhook: ' || SQLERRM);
  RETURN false;
END
$_$;
CREATE FUNCTION thumbnails.postpone_regeneration(p_video_id uuid, p_from_state text, p_metadata jsonb, p_due_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  UPDATE public.videos
     SET thumbnail_generation_status = 'pending',
         thumbnail_generation_attempts = 0,
         thumbnail_generation_releases = 0,
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_generation_next_attempt_at = p_due_at,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL,
         thumbnail_metadata = p_metadata
   WHERE id = p_video_id;
  PERFORM thumbnails.enqueue(p_video_id, p_due_at);
  IF p_from_state = 'processing' THEN
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, 'processing', 'pending', 0, 'manual', 'asked for again');
  END IF;
END
$$;
CREATE FUNCTION thumbnails.prune_history() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
  -- A setting that is no number of days counts as not set.
  DELETE FROM thumbnails.events
   WHERE ctid IN (SELECT e.ctid FROM thumbnails.events e
                   WHERE e.at < clock_timestamp() - make_interval(days => coalesce(
                                  substring(thumbnails.setting('thumbnail_events_days') FROM '^[0-9]{1,5}$')::integer, 30))
                     AND coalesce(e.xid, 0) < (SELECT p.folded_before FROM thumbnails.totals_position p)
                   LIMIT 200000);
  WITH old AS (
    DELETE FROM thumbnails.hourly_totals h
     WHERE h.hour < clock_timestamp() - interval '9 days' AND h.hour <> '-infinity'
    RETURNING h.measure, h.label, h.value
  )
  INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
  SELECT '-infinity', o.measure, o.label, sum(o.value) FROM old o GROUP BY o.measure, o.label
  ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
END
$_$;
CREATE FUNCTION thumbnails.put_down_orphans(p_keys text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  found_keys integer;
BEGIN
  INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
  SELECT u.key, u.video_id, clock_timestamp() FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE EXISTS (SELECT FROM public.videos v WHERE v.id = u.video_id)
  ON CONFLICT (key) DO NOTHING;
  GET DIAGNOSTICS found_keys = ROW_COUNT;
  RETURN found_keys;
END
$$;
CREATE FUNCTION thumbnails.recover_due(p_limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE WHEN thumbnails.enabled() THEN (SELECT d.retried FROM thumbnails.enqueue_due(p_limit, false) d) ELSE 0 END
$$;
CREATE FUNCTION thumbnails.release(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retry_after_seconds double precision DEFAULT NULL::double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  v public.videos%ROWTYPE;
  counts boolean;
  final boolean;
  to_state text;
BEGIN
  SELECT * INTO v FROM public.videos
   WHERE id = p_video_id AND thumbnail_generation_status = 'processing'
     AND thumbnail_generation_claim_token = p_token
     FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (SELECT FROM thumbnails.events e
                                  WHERE e.video_id = p_video_id AND e.token = p_token
                                    AND e.from_status = 'processing' AND e.to_status IN ('pending', 'failed'))
                    THEN 'already' ELSE 'fenced' END;
    RETURN;
  END IF;
  outcome := 'ok';
  counts := p_class <> 'shutdown' AND (coalesce(v.thumbnail_generation_releases, 0) + 1) % 10 = 0;
  attempt := v.thumbnail_generation_attempts - CASE WHEN counts THEN 0 ELSE 1 END;
  final := counts AND attempt >= thumbnails.max_attempts();
  to_state := CASE WHEN final THEN 'failed' ELSE 'pending' END;
  next_attempt_at := CASE
    WHEN final THEN NULL
    WHEN p_class = 'shutdown' THEN t
    ELSE t + greatest(thumbnails.release_delay(coalesce(v.thumbnail_generation_releases, 0) + 1, random()),
                      make_interval(secs => least(300, coalesce(p_retry_after_seconds, 0)))) END;
  UPDATE public.videos AS u
     SET thumbnail_generation_status = to_state,
         thumbnail_generation_error = p_error,
         thumbnail_generation_error_code = p_class,
         thumbnail_generation_attempts = attempt,
         thumbnail_generation_releases = coalesce(u.thumbnail_generation_releases, 0)
                                         + CASE WHEN p_class = 'shutdown' THEN 0 ELSE 1 END,
         thumbnail_generation_next_attempt_at = next_attempt_at,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE u.id = p_video_id;
  IF final THEN
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  ELSE
    PERFORM thumbnails.enqueue(p_video_id, next_attempt_at);
    IF next_attempt_at <= t THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', to_state, p_token, attempt, p_class, p_error,
          t - v.thumbnail_generation_started_at);
  IF p_class IN ('storage', 'configuration') THEN
    -- While it is open, faults of claims made before it opened still come in: they say nothing new.
    INSERT INTO thumbnails.breakers AS b (class, consecutive, video_ids, last_error)
    VALUES (p_class, 1, ARRAY[p_video_id], p_error)
    ON CONFLICT (class) DO UPDATE
      SET consecutive = b.consecutive + 1,
          video_ids = CASE WHEN p_video_id = ANY (b.video_ids) OR cardinality(b.video_ids) >= 2 THEN b.video_ids
                           ELSE b.video_ids || p_video_id END,
          last_error = p_error,
          probe_until = NULL,
          updated_at = t
      WHERE b.open_until IS NULL OR b.open_until <= t;
    UPDATE thumbnails.breakers b
       SET open_until = t + thumbnails.breaker_delay(b.consecutive)
     WHERE b.class = p_class AND b.consecutive >= 5 AND cardinality(b.video_ids) >= 2
       AND (b.open_until IS NULL OR b.open_until <= t);
  ELSE
    PERFORM thumbnails.free_probe();
  END IF;
END
$$;
CREATE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2)
$$;
CREATE FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  UPDATE public.videos
     SET thumbnail_generation_lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE id = p_video_id AND thumbnail_generation_status = 'processing'
     AND thumbnail_generation_claim_token = p_token;
  RETURN FOUND;
END
$$;
CREATE FUNCTION thumbnails.report(p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  s jsonb := thumbnails.snapshot();
BEGIN
  RETURN (s - ARRAY['failed', 'totals', 'histogramBounds'])
         || jsonb_build_object(
              'failures', thumbnails.head(s -> 'failures', p_limit),
              'exhaustedCount', thumbnails.sum_of(s -> 'failed', 'exhausted'),
              'restartableCount', thumbnails.sum_of(s -> 'failed', 'restartable'),
              'nextSweep', jsonb_set(s -> 'nextSweep', '{videos}', thumbnails.head(s #> '{nextSweep,videos}', p_limit)));
END
$$;
CREATE FUNCTION thumbnails.report_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026006 $$;
CREATE FUNCTION thumbnails.restart(p_video_id uuid) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM thumbnails.report_cache WHERE name LIKE 'videos %';
  RETURN public.manually_trigger_thumbnail_generation(p_video_id);
END
$$;
CREATE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT make_interval(secs => least(2400, greatest(
    CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
    coalesce(retry_after_seconds, 0))))
$$;
CREATE FUNCTION thumbnails.retry_failed(p_limit integer, p_error text DEFAULT NULL::text, p_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_class text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  ready record;
  latest timestamptz := coalesce(p_before, clock_timestamp());
  kind text := left(p_error, 200);
  restarted integer;
BEGIN
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  IF NOT ready.enabled THEN
    RETURN jsonb_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  ELSIF ready.missing IS NOT NULL THEN
    RETURN jsonb_build_object('success', false, 'error', 'Missing configuration in system_config');
  END IF;
  DELETE FROM thumbnails.report_cache WHERE name LIKE 'videos %';
  WITH held AS MATERIALIZED (
    SELECT v.id FROM public.videos v
     WHERE thumbnails.can_restart(v) AND (kind IS NULL OR left(coalesce(v.thumbnail_generation_error, ''), 200) = kind)
       AND (p_class IS NULL OR coalesce(v.thumbnail_generation_error_code, 'unknown') = p_class)
       AND coalesce(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), '-infinity') <= latest
     ORDER BY v.id
     LIMIT least(greatest(p_limit, 0), 1000)
       FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT count(*) FILTER (WHERE (public.manually_trigger_thumbnail_generation(h.id) ->> 'success')::boolean) INTO restarted FROM held h;
  RETURN jsonb_build_object(
    'success', true, 'processed', restarted, 'before', to_char(latest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'remaining', (SELECT count(*) FROM public.videos v
                   WHERE thumbnails.can_restart(v) AND (kind IS NULL OR left(coalesce(v.thumbnail_generation_error, ''), 200) = kind)
       AND (p_class IS NULL OR coalesce(v.thumbnail_generation_error_code, 'unknown') = p_class)
                     AND coalesce(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), '-infinity') <= latest));
END
$$;
CREATE FUNCTION thumbnails.sequence_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026004 $$;
CREATE FUNCTION thumbnails.setting(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RETURN (SELECT nullif(btrim(value), '') FROM public.system_config WHERE key = name);
END
$$;
CREATE FUNCTION thumbnails.settle_and_lease_webhooks(p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[], p_limit integer, p_lease_seconds double precision) RETURNS TABLE(video_id uuid, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF cardinality(p_video_ids) > 0 THEN
    PERFORM thumbnails.settle_webhooks(p_video_ids, p_versions, p_done, p_delay_seconds);
  END IF;
  IF p_limit > 0 THEN
    RETURN QUERY SELECT * FROM thumbnails.lease_webhooks(p_limit, p_lease_seconds);
  END IF;
END
$$;
CREATE FUNCTION thumbnails.settle_webhooks(p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  settled integer;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  WITH held AS MATERIALIZED (
    SELECT w.video_id, r.done, r.delay_seconds
      FROM unnest(p_video_ids, p_versions, p_done, p_delay_seconds) AS r (video_id, version, done, delay_seconds)
      JOIN public.thumbnail_webhooks w ON w.video_id = r.video_id AND w.version = r.version
       FOR UPDATE OF w SKIP LOCKED
  ), deleted AS (
    DELETE FROM public.thumbnail_webhooks w
     WHERE w.video_id = ANY (ARRAY(SELECT h.video_id FROM held h WHERE h.done))
  ), postponed AS (
    UPDATE public.thumbnail_webhooks w
       SET leased_until = NULL,
           due_at = clock_timestamp() + coalesce(make_interval(secs => h.delay_seconds),
                                                 thumbnails.delivery_delay(w.deliveries, random()))
      FROM held h
     WHERE NOT h.done AND w.video_id = h.video_id
  )
  SELECT count(*) INTO settled FROM held;
  RETURN settled;
END
$$;
CREATE FUNCTION thumbnails.shown_metadata(metadata jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
    FROM jsonb_each(CASE WHEN jsonb_typeof(metadata) = 'object' THEN metadata ELSE '{}' END) AS m
   WHERE m.key IN ('width', 'height', 'bytes', 'timestampSeconds', 'durationSeconds', 'score', 'candidates', 'bytesFetched', 'requests')
         AND jsonb_typeof(m.value) = 'number'
      OR m.key IN ('method', 'format', 'aspectRatio', 'container', 'codec', 'source') AND jsonb_typeof(m.value) = 'string' AND length(m.value #>> '{}') <= 100
      OR m.key IN ('rejected', 'stagesMs') AND jsonb_typeof(m.value) = 'object' AND length(m.value::text) <= 1000
         AND NOT EXISTS (SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(m.value) = 'object' THEN m.value ELSE '{}' END) AS inner_value
                          WHERE jsonb_typeof(inner_value.value) <> 'number')
$$;
CREATE FUNCTION thumbnails.shown_url(url text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE WHEN url LIKE 'data:image/svg%' OR length(url) > 2000
                OR url ~* '[?&](token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|expires|policy|key-pair-id|verify|hdnts|hdnea)=' OR url ~ '^[a-z]+://[^/?#]*@'
              THEN NULL ELSE url END
$$;
CREATE FUNCTION thumbnails.snapshot() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  cached thumbnails.report_cache%ROWTYPE;
  started timestamptz;
  looked jsonb;
BEGIN
  SELECT * INTO cached FROM thumbnails.report_cache WHERE name = 'snapshot';
  -- A clock that was set back makes nothing fresh for ever.
  IF clock_timestamp() BETWEEN cached.at AND cached.at + least(interval '10 seconds', 50 * cached.cost) THEN
    RETURN cached.value;
  END IF;
  IF NOT pg_try_advisory_xact_lock(thumbnails.report_key()) THEN
    IF clock_timestamp() BETWEEN cached.at AND cached.at + interval '1 minute' THEN
      RETURN cached.value;
    END IF;
    PERFORM pg_advisory_xact_lock(thumbnails.report_key());
    SELECT * INTO cached FROM thumbnails.report_cache WHERE name = 'snapshot';
    IF clock_timestamp() BETWEEN cached.at AND cached.at + interval '10 seconds' THEN
      RETURN cached.value;
    END IF;
  END IF;
  started := clock_timestamp();
  looked := thumbnails.look();
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO thumbnails.report_cache (name, at, cost, value) VALUES ('snapshot', clock_timestamp(), clock_timestamp() - started, looked)
  ON CONFLICT (name) DO UPDATE SET at = excluded.at, cost = excluded.cost, value = excluded.value;
  RETURN looked;
END
$$;
CREATE FUNCTION thumbnails.sum_of(list jsonb, field text) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce(sum((e.value ->> field)::bigint), 0) FROM jsonb_array_elements(list) AS e
$$;
CREATE FUNCTION thumbnails.sweep_candidates(at timestamp with time zone, p_outer boolean, p_limit integer) RETURNS TABLE(id uuid)
    LANGUAGE sql STABLE
    AS $$
  (SELECT v.id FROM public.videos v
    WHERE v.thumbnail_generation_status = 'processing' AND thumbnails.awaits_sweep(v, at, p_outer)
    LIMIT p_limit)
  UNION ALL
  (SELECT v.id FROM public.videos v
    WHERE v.thumbnail_generation_status IN ('pending', 'failed')
      AND v.thumbnail_generation_next_attempt_at <= at
      AND v.status = 'completed'
      AND (p_outer AND v.thumbnail_generation_status = 'failed'
           OR NOT EXISTS (SELECT FROM public.thumbnail_webhooks w WHERE w.video_id = v.id))
      -- Polling: while announced ones wait there is no hurry to find the others among them.
      AND (p_outer OR NOT EXISTS (SELECT FROM public.thumbnail_webhooks w
                                   WHERE w.due_at <= at AND (w.leased_until IS NULL OR w.leased_until <= at)))
    ORDER BY v.thumbnail_generation_next_attempt_at
    LIMIT p_limit)
  UNION ALL
  (SELECT v.id FROM public.videos v
    WHERE p_outer
      AND v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
      AND (v.thumbnail_generation_status IS NULL OR v.thumbnail_generation_status = 'completed'
           OR v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NULL)
      AND thumbnails.awaits_sweep(v, at, p_outer)
    LIMIT p_limit)
$$;
CREATE FUNCTION thumbnails.sweep_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026002 $$;
CREATE FUNCTION thumbnails.take_deletions(p_limit integer) RETURNS TABLE(key text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
  due text[];
  unneeded text[];
BEGIN
  SELECT array_agg(d.key) INTO due
    FROM (SELECT key FROM thumbnails.object_deletions WHERE not_before <= clock_timestamp() ORDER BY not_before LIMIT p_limit
            FOR UPDATE SKIP LOCKED) AS d;
  IF due IS NULL THEN
    RETURN;
  END IF;
  SELECT array_agg(u.key) INTO unneeded FROM thumbnails.unneeded_objects(due) AS u;
  DELETE FROM thumbnails.object_deletions d
   USING public.videos v
   WHERE d.key = ANY (due) AND v.id = d.video_id AND strpos(v.thumbnail_url, d.key) > 0;
  UPDATE thumbnails.object_deletions d
     SET not_before = clock_timestamp() + CASE WHEN d.key = ANY (unneeded) THEN interval '1 hour' ELSE interval '5 minutes' END
   WHERE d.key = ANY (due);
  RETURN QUERY SELECT unnest(unneeded);
END
$$;
CREATE FUNCTION thumbnails.timeline(p_video_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT thumbnails.describe_video(v)
         || jsonb_build_object(
              'metadata', thumbnails.shown_metadata(v.thumbnail_metadata),
              'events', coalesce((
                SELECT jsonb_agg(jsonb_build_object('at', thumbnails.iso(e.at), 'from', e.from_status, 'to', e.to_status, 'attempt', e.attempt,
                                                    'class', e.class, 'text', left(e.text, 500),
                                                    'seconds', round(extract(epoch FROM e.duration), 3), 'detail', CASE WHEN e.detail IS NOT NULL THEN thumbnails.shown_metadata(e.detail) END) ORDER BY e.id DESC)
                  FROM (SELECT * FROM thumbnails.events x WHERE x.video_id = v.id ORDER BY x.id DESC LIMIT 100) AS e), '[]'))
    FROM public.videos v WHERE v.id = p_video_id
$$;
CREATE FUNCTION thumbnails.totals() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH figures AS (
    SELECT h.measure, h.label, h.value FROM thumbnails.hourly_totals h
    UNION ALL
    SELECT m.measure, m.label, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.totals_position p), 9223372036854775807) AS m
  ), summed AS (
    SELECT f.measure, f.label, sum(f.value) AS value FROM figures f GROUP BY f.measure, f.label
  )
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'stale', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb)
         || coalesce((SELECT jsonb_object_agg(s.measure, s.value) FROM summed s WHERE s.label = ''
                                                                                  AND s.measure NOT IN ('failed', 'released')), '{}')
         || coalesce((SELECT jsonb_object_agg(g.measure, g.labels)
                        FROM (SELECT s.measure, jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value) AS labels FROM summed s
                               WHERE s.measure IN ('failed', 'released', 'le') GROUP BY s.measure) AS g), '{}')
$$;
CREATE FUNCTION thumbnails.totals_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026005 $$;
CREATE FUNCTION thumbnails.unneeded_objects(p_keys text[]) RETURNS TABLE(key text, video_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH ours AS MATERIALIZED (
    SELECT k.key, thumbnails.key_video(k.key) AS video_id FROM unnest(p_keys) AS k (key) WHERE thumbnails.key_video(k.key) IS NOT NULL
  ), held AS MATERIALIZED (
    SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_url, '') AS url
      FROM public.videos v
     WHERE v.id = ANY (ARRAY(SELECT o.video_id FROM ours o))
     ORDER BY v.id
       FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT o.key, o.video_id
    FROM ours o
    LEFT JOIN held h ON h.id = o.video_id
   WHERE CASE WHEN h.id IS NULL THEN NOT EXISTS (SELECT FROM public.videos v WHERE v.id = o.video_id)
              ELSE h.state IS DISTINCT FROM 'processing' AND strpos(h.url, o.key) = 0 END;
END
$$;
CREATE FUNCTION thumbnails.videos_after_delete() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM public.thumbnail_webhooks WHERE video_id = OLD.id;
  IF thumbnails.object_key(OLD.thumbnail_url) IS NOT NULL THEN
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    VALUES (thumbnails.object_key(OLD.thumbnail_url), OLD.id, clock_timestamp() + interval '24 hours')
    ON CONFLICT (key) DO NOTHING;
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'traces of deleted video % were left behind: %', OLD.id, SQLERRM;
  RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.videos_after_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.thumbnail_generation_status IS NOT DISTINCT FROM OLD.thumbnail_generation_status
     -- What came with a change of the platform's columns is noted with it.
     OR (NEW.status, NEW.video_url, NEW.thumbnail_url) IS DISTINCT FROM (OLD.status, OLD.video_url, OLD.thumbnail_url)
     -- Made waiting by a trigger by hand or a sweep.
     OR (NEW.thumbnail_generation_status = 'pending'
         AND NEW.thumbnail_generation_next_attempt_at IS DISTINCT FROM OLD.thumbnail_generation_next_attempt_at)
     -- A back-fill is no event of a video's life.
     OR NEW.thumbnail_metadata ->> 'source' = 'backfill' THEN
    RETURN NULL;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (NEW.id, OLD.thumbnail_generation_status, NEW.thumbnail_generation_status, NEW.thumbnail_generation_attempts,
          coalesce(NEW.thumbnail_generation_error_code, 'external'), coalesce(NEW.thumbnail_generation_error, 'set by another program'));
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'a change of video % is missing in its history: %', NEW.id, SQLERRM;
  RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.videos_after_write() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  from_status text;
  from_due_at timestamptz;
  ready record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    from_status := OLD.thumbnail_generation_status;
    from_due_at := OLD.thumbnail_generation_next_attempt_at;
  END IF;
  IF NEW.status IS DISTINCT FROM 'completed' OR NEW.thumbnail_generation_status IS DISTINCT FROM 'pending'
     OR NEW.thumbnail_generation_next_attempt_at IS NOT DISTINCT FROM from_due_at THEN
    IF NEW.thumbnail_generation_status IS NOT DISTINCT FROM from_status THEN
      RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
      -- A row that came with its state and with a time to go on is no event of its life.
      IF NEW.thumbnail_generation_next_attempt_at IS NOT NULL THEN
        RETURN NULL;
      END IF;
    ELSIF NEW.thumbnail_generation_claim_token IS DISTINCT FROM OLD.thumbnail_generation_claim_token
          AND NEW.thumbnail_generation_status = 'completed' AND NEW.thumbnail_metadata ->> 'source' IS DISTINCT FROM 'external' THEN
      -- A worker's result: complete() notes it.
      RETURN NULL;
    END IF;
    -- Without the token, even of a claim this ended: an event with a token is what that claim itself did.
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (NEW.id, from_status, NEW.thumbnail_generation_status, NEW.thumbnail_generation_attempts,
            coalesce(NEW.thumbnail_generation_error_code, 'external'), coalesce(NEW.thumbnail_generation_error, 'set by another program'));
    RETURN NULL;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt)
  VALUES (NEW.id, from_status, 'pending', 0);
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  IF NOT ready.enabled THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
  VALUES (NEW.id, clock_timestamp(), nextval('thumbnails.tokens'))
  ON CONFLICT (video_id) DO UPDATE
    SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0;
  IF ready.missing IS NOT NULL THEN
    UPDATE public.videos
       SET thumbnail_generation_error = ready.missing, thumbnail_generation_error_code = 'configuration'
     WHERE id = NEW.id;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (NEW.id, 'pending', 'pending', 0, 'configuration', ready.missing);
  END IF;
  -- The schema is asked for before the call, for most have none, and that look is the cheaper one.
  IF ready.missing IS NULL AND to_regnamespace('net') IS NOT NULL AND thumbnails.post_by_pg_net(NEW.id) THEN
    NULL;
  ELSE
    PERFORM thumbnails.wake_relay();
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'thumbnail of video % could not be announced or noted, polling finds what is due: %', NEW.id, SQLERRM;
  RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.videos_before_write() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  finished boolean := NEW.status IS NOT DISTINCT FROM 'completed';
  lacks boolean := NEW.thumbnail_url IS NULL OR NEW.thumbnail_url LIKE 'data:image/svg%';
  restart boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.thumbnail_generation_claim_token IS DISTINCT FROM OLD.thumbnail_generation_claim_token THEN
    -- Claim, complete, fail and release change the token; the platform never does.
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF lacks THEN
      -- A state that came with the row (a restored dump, another program) is respected.
      restart := finished AND NEW.thumbnail_generation_status IS NULL;
    ELSIF NEW.thumbnail_generation_status IS NULL THEN
      NEW.thumbnail_generation_status := 'completed';
      NEW.thumbnail_metadata := CASE WHEN jsonb_typeof(NEW.thumbnail_metadata) = 'object' THEN NEW.thumbnail_metadata ELSE '{}' END
                                || '{"source": "external"}';
    END IF;
  ELSIF NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url AND NOT lacks THEN
    -- A real thumbnail from outside completes the row; a worker that has it is fenced off by the missing token.
    IF OLD.thumbnail_generation_claim_token IS NOT NULL
       OR OLD.thumbnail_generation_status IS DISTINCT FROM 'processing' THEN
      NEW.thumbnail_generation_started_at := NULL;
      NEW.thumbnail_metadata := '{"source": "external"}';
    END IF;
    NEW.thumbnail_generation_status := 'completed';
    NEW.thumbnail_generated_at := clock_timestamp();
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_error_code := NULL;
    NEW.thumbnail_generation_next_attempt_at := NULL;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    -- A new video in the same statement still needs its own picture.
    restart := false;
  ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
    restart := (finished OR OLD.thumbnail_generation_status IS NOT NULL) AND (lacks OR NEW.video_url IS NOT NULL);
  ELSIF finished AND lacks AND OLD.thumbnail_url IS DISTINCT FROM NEW.thumbnail_url
        AND NOT (OLD.thumbnail_url IS NULL OR OLD.thumbnail_url LIKE 'data:image/svg%') THEN
    restart := true;
  ELSIF finished AND OLD.status IS DISTINCT FROM 'completed' THEN
    -- A worker that has the row keeps it; a row that waited for the video to be finished is announced now.
    restart := (lacks OR NEW.thumbnail_generation_status IS NOT DISTINCT FROM 'pending')
               AND NEW.thumbnail_generation_claim_token IS NULL;
  END IF;
  IF restart THEN
    NEW.thumbnail_generation_attempts := 0;
    NEW.thumbnail_generation_releases := 0;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    -- Another program may have put anything here: what is no object would end the platform's own statement.
    NEW.thumbnail_metadata := CASE WHEN jsonb_typeof(NEW.thumbnail_metadata) = 'object'
                                   THEN NEW.thumbnail_metadata #- '{requested,timeSeconds}' ELSE '{}' END;
    IF NEW.video_url IS NULL THEN
      NEW.thumbnail_generation_status := 'failed';
      NEW.thumbnail_generation_error := 'Video URL is null';
      NEW.thumbnail_generation_error_code := 'media';
      NEW.thumbnail_generation_next_attempt_at := NULL;
    ELSE
      NEW.thumbnail_generation_status := 'pending';
      NEW.thumbnail_generation_error := NULL;
      NEW.thumbnail_generation_error_code := NULL;
      NEW.thumbnail_generation_next_attempt_at := clock_timestamp();
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION thumbnails.videos_guard_state() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF current_user <> 'anon' AND current_user <> 'authenticated' THEN
    IF TG_OP = 'UPDATE' AND OLD.thumbnail_generation_claim_token IS NOT NULL THEN
      IF NEW.thumbnail_generation_claim_token < OLD.thumbnail_generation_claim_token THEN
        RAISE EXCEPTION 'the claim token of video % never goes back', OLD.id USING ERRCODE = 'check_violation';
      ELSIF NEW.thumbnail_generation_status = 'completed' AND NEW.thumbnail_url IS NULL THEN
        RAISE EXCEPTION 'video % cannot be completed without a thumbnail', OLD.id USING ERRCODE = 'check_violation';
      END IF;
    END IF;
  ELSIF TG_OP = 'INSERT' THEN
    NEW.thumbnail_generation_status := NULL;
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_attempts := 0;
    NEW.thumbnail_generation_started_at := NULL;
    NEW.thumbnail_generation_last_attempt_at := NULL;
    NEW.thumbnail_generated_at := NULL;
    NEW.thumbnail_metadata := '{}';
    NEW.thumbnail_generation_error_code := NULL;
    NEW.thumbnail_generation_next_attempt_at := NULL;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    NEW.thumbnail_generation_releases := 0;
  ELSE
    NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
    NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
    NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
    NEW.thumbnail_generation_started_at := OLD.thumbnail_generation_started_at;
    NEW.thumbnail_generation_last_attempt_at := OLD.thumbnail_generation_last_attempt_at;
    NEW.thumbnail_generated_at := OLD.thumbnail_generated_at;
    NEW.thumbnail_metadata := OLD.thumbnail_metadata;
    NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
    NEW.thumbnail_generation_next_attempt_at := OLD.thumbnail_generation_next_attempt_at;
    NEW.thumbnail_generation_claim_token := OLD.thumbnail_generation_claim_token;
    NEW.thumbnail_generation_lease_until := OLD.thumbnail_generation_lease_until;
    NEW.thumbnail_generation_releases := OLD.thumbnail_generation_releases;
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION thumbnails.waiting_since(v public.videos) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
  SELECT CASE
    WHEN v.status IS DISTINCT FROM 'completed' THEN NULL
    WHEN v.thumbnail_generation_status = 'processing' THEN
      coalesce(v.thumbnail_generation_lease_until,
               coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at) + interval '30 minutes')
    WHEN v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NOT NULL THEN
      v.thumbnail_generation_next_attempt_at
    WHEN v.thumbnail_generation_status = 'failed' THEN NULL
    WHEN v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%' THEN
      greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at)
    END
$$;
CREATE FUNCTION thumbnails.wake_relay() RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key()) THEN
    PERFORM pg_catalog.pg_notify('thumbnail_webhooks', '');
  END IF;
END
$$;
CREATE FUNCTION thumbnails.wake_up_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026001 $$;
CREATE TABLE public.system_config (
    key text NOT NULL,
    value text NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE VIEW public.thumbnail_generation_failures WITH (security_invoker='true') AS
 SELECT videos.thumbnail_generation_error,
    count(*) AS failure_count,
    max(COALESCE(videos.thumbnail_generation_last_attempt_at, videos.created_at)) AS last_occurrence,
    (array_agg(videos.id ORDER BY COALESCE(videos.thumbnail_generation_last_attempt_at, videos.created_at) DESC))[1:5] AS recent_video_ids
   FROM public.videos
  WHERE (videos.thumbnail_generation_status = 'failed'::text)
  GROUP BY videos.thumbnail_generation_error
  ORDER BY (count(*)) DESC, (max(COALESCE(videos.thumbnail_generation_last_attempt_at, videos.created_at))) DESC;
CREATE VIEW public.thumbnail_generation_health WITH (security_invoker='true') AS
 SELECT counted.completed_count,
    counted.failed_count,
    counted.processing_count,
    counted.pending_count,
    counted.needs_generation_count,
    round(((100.0 * (counted.completed_count)::numeric) / (NULLIF((counted.completed_count + counted.failed_count), 0))::numeric), 2) AS success_rate_percent,
    counted.avg_generation_time_seconds
   FROM ( SELECT count(*) FILTER (WHERE (videos.thumbnail_generation_status = 'completed'::text)) AS completed_count,
            count(*) FILTER (WHERE (videos.thumbnail_generation_status = 'failed'::text)) AS failed_count,
            count(*) FILTER (WHERE (videos.thumbnail_generation_status = 'processing'::text)) AS processing_count,
            count(*) FILTER (WHERE (videos.thumbnail_generation_status = 'pending'::text)) AS pending_count,
            count(*) FILTER (WHERE ((videos.status = 'completed'::text) AND ((videos.thumbnail_url IS NULL) OR (videos.thumbnail_url ~~ 'data:image/svg%'::text)))) AS needs_generation_count,
            round(EXTRACT(epoch FROM avg((videos.thumbnail_generated_at - videos.thumbnail_generation_started_at)) FILTER (WHERE ((videos.thumbnail_generation_status = 'completed'::text) AND isfinite(videos.thumbnail_generation_started_at) AND isfinite(videos.thumbnail_generated_at) AND (COALESCE((videos.thumbnail_metadata ->> 'source'::text), ''::text) <> ALL (ARRAY['backfill'::text, 'external'::text]))))), 2) AS avg_generation_time_seconds
           FROM public.videos) counted;
CREATE TABLE public.thumbnail_webhooks (
    video_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    leased_until timestamp with time zone,
    deliveries integer DEFAULT 0 NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='1000');
CREATE VIEW public.videos_need_thumbnail_generation WITH (security_invoker='true') AS
 SELECT videos.id,
    videos.title,
    videos.video_url,
    videos.status,
    videos.thumbnail_url,
    videos.thumbnail_generation_status,
    videos.thumbnail_generation_error,
    videos.thumbnail_generation_attempts,
    videos.thumbnail_generation_last_attempt_at,
    round((EXTRACT(epoch FROM (now() - videos.thumbnail_generation_last_attempt_at)) / (60)::numeric), 1) AS minutes_since_last_attempt,
    videos.created_at
   FROM public.videos
  WHERE ((videos.status = 'completed'::text) AND ((videos.thumbnail_url IS NULL) OR (videos.thumbnail_url ~~ 'data:image/svg%'::text)))
  ORDER BY videos.created_at DESC;
CREATE TABLE thumbnails.applied_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE thumbnails.breakers (
    class text NOT NULL,
    consecutive integer NOT NULL,
    video_ids uuid[] NOT NULL,
    open_until timestamp with time zone,
    probe_until timestamp with time zone,
    last_error text,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE thumbnails.collector_position (
    is_only boolean DEFAULT true NOT NULL,
    last_key text NOT NULL,
    CONSTRAINT collector_position_is_only_check CHECK (is_only)
);
CREATE TABLE thumbnails.events (
    id bigint NOT NULL,
    video_id uuid NOT NULL,
    from_status text,
    to_status text,
    token bigint,
    attempt integer,
    class text,
    text text,
    duration interval,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    detail jsonb,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint
);
ALTER TABLE thumbnails.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME thumbnails.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE thumbnails.hourly_totals (
    hour timestamp with time zone NOT NULL,
    measure text NOT NULL,
    label text NOT NULL,
    value numeric NOT NULL
);
CREATE TABLE thumbnails.last_sweep (
    is_only boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    retried integer NOT NULL,
    skipped integer NOT NULL,
    lost integer NOT NULL,
    CONSTRAINT last_sweep_is_only_check CHECK (is_only)
);
CREATE TABLE thumbnails.object_deletions (
    key text NOT NULL,
    video_id uuid NOT NULL,
    not_before timestamp with time zone NOT NULL
);
CREATE VIEW thumbnails.readiness AS
 SELECT looked.enabled,
        CASE
            WHEN (NOT (looked.has_url AND looked.has_secret)) THEN ('Missing configuration in system_config: '::text || concat_ws(', '::text,
            CASE
                WHEN (NOT looked.has_url) THEN 'supabase_url'::text
                ELSE NULL::text
            END,
            CASE
                WHEN (NOT looked.has_secret) THEN 'service_role_key'::text
                ELSE NULL::text
            END))
            ELSE NULL::text
        END AS missing
   FROM ( SELECT COALESCE(bool_and((lower(btrim(c.value)) <> ALL (ARRAY['false'::text, 'off'::text, 'no'::text, '0'::text]))) FILTER (WHERE (c.key = 'auto_thumbnail_enabled'::text)), true) AS enabled,
            COALESCE(bool_or((c.key = ANY (ARRAY['thumbnail_handlers_url'::text, 'supabase_url'::text]))), false) AS has_url,
            COALESCE(bool_or((c.key = ANY (ARRAY['webhook_secret'::text, 'service_role_key'::text]))), false) AS has_secret
           FROM public.system_config c
          WHERE (btrim(c.value) <> ''::text)) looked;
CREATE UNLOGGED TABLE thumbnails.report_cache (
    name text NOT NULL,
    at timestamp with time zone NOT NULL,
    cost interval NOT NULL,
    value jsonb NOT NULL
);
CREATE SEQUENCE thumbnails.tokens
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE thumbnails.totals_position (
    is_only boolean DEFAULT true NOT NULL,
    folded_before bigint DEFAULT 0 NOT NULL,
    CONSTRAINT totals_position_is_only_check CHECK (is_only)
);
ALTER TABLE ONLY public.system_config
    ADD CONSTRAINT system_config_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.thumbnail_webhooks
    ADD CONSTRAINT thumbnail_webhooks_pkey PRIMARY KEY (video_id);
ALTER TABLE ONLY public.videos
    ADD CONSTRAINT videos_pkey PRIMARY KEY (id);
ALTER TABLE ONLY thumbnails.applied_migrations
    ADD CONSTRAINT applied_migrations_pkey PRIMARY KEY (name);
ALTER TABLE ONLY thumbnails.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (class);
ALTER TABLE ONLY thumbnails.collector_position
    ADD CONSTRAINT collector_position_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY thumbnails.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (video_id, id);
ALTER TABLE ONLY thumbnails.hourly_totals
    ADD CONSTRAINT hourly_totals_pkey PRIMARY KEY (hour, measure, label);
ALTER TABLE ONLY thumbnails.last_sweep
    ADD CONSTRAINT last_sweep_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY thumbnails.object_deletions
    ADD CONSTRAINT object_deletions_pkey PRIMARY KEY (key);
ALTER TABLE ONLY thumbnails.report_cache
    ADD CONSTRAINT report_cache_pkey PRIMARY KEY (name);
ALTER TABLE ONLY thumbnails.totals_position
    ADD CONSTRAINT totals_position_pkey PRIMARY KEY (is_only);
CREATE INDEX thumbnail_webhooks_due ON public.thumbnail_webhooks USING btree (due_at);
CREATE INDEX videos_thumbnail_failed ON public.videos USING btree (id) WHERE (thumbnail_generation_status = 'failed'::text);
CREATE INDEX videos_thumbnail_lacking ON public.videos USING btree (id) WHERE ((status = 'completed'::text) AND ((thumbnail_url IS NULL) OR (thumbnail_url ~~ 'data:image/svg%'::text)));
CREATE INDEX videos_thumbnail_next_attempt ON public.videos USING btree (thumbnail_generation_next_attempt_at) WHERE ((thumbnail_generation_status = ANY (ARRAY['pending'::text, 'failed'::text])) AND (thumbnail_generation_next_attempt_at IS NOT NULL));
CREATE INDEX videos_thumbnail_processing ON public.videos USING btree (id) WHERE (thumbnail_generation_status = 'processing'::text);
CREATE INDEX events_recent ON thumbnails.events USING brin (at, xid) WITH (autosummarize='on');
CREATE TRIGGER thumbnails_a_guard_insert BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_guard_state();
CREATE TRIGGER thumbnails_a_guard_update BEFORE UPDATE OF thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata, thumbnail_generation_error_code, thumbnail_generation_next_attempt_at, thumbnail_generation_claim_token, thumbnail_generation_lease_until, thumbnail_generation_releases ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_guard_state();
CREATE TRIGGER thumbnails_b_before_insert BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_before_write();
CREATE TRIGGER thumbnails_b_before_update BEFORE UPDATE OF status, video_url, thumbnail_url ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_before_write();
CREATE TRIGGER thumbnails_c_after_insert AFTER INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_write();
CREATE TRIGGER thumbnails_c_after_state AFTER UPDATE OF thumbnail_generation_status ON public.videos FOR EACH ROW WHEN (((old.thumbnail_generation_claim_token IS NULL) AND (new.thumbnail_generation_claim_token IS NULL))) EXECUTE FUNCTION thumbnails.videos_after_state();
CREATE TRIGGER thumbnails_c_after_update AFTER UPDATE OF status, video_url, thumbnail_url ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_write();
CREATE TRIGGER thumbnails_d_after_delete AFTER DELETE ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_delete();
ALTER TABLE public.thumbnail_webhooks ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.auto_retry_stuck_thumbnails() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auto_retry_stuck_thumbnails() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.awaits_sweep(v public.videos, at timestamp with time zone, p_outer boolean) FROM PUBLIC;
REVOKE ALL ON PROCEDURE thumbnails.backfill(IN batch_size integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.breaker_delay(consecutive integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.can_restart(v public.videos) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text, p_regenerate boolean, p_time_seconds double precision, OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text, OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text, p_regenerate boolean, p_time_seconds double precision, OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text, OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.collector_position() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.collector_position() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.delivery_delay(deliveries integer, jitter double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.describe_video(v public.videos) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.enabled() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.enqueue(p_video_id uuid, p_due_at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.enqueue_due(p_limit integer, p_outer boolean, OUT retried integer, OUT skipped integer, OUT lost integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.find_videos(p_state text, p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.finite(at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.fold_events() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.forget_objects(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.forget_objects(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.free_probe() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.give_up_lost(p_video_id uuid, p_token bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.head(list jsonb, p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.histogram_bounds() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.history(p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.history(p_hours integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.is_trusted(caller name) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.iso(at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.key_video(key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.lease_webhooks(p_limit integer, p_lease_seconds double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.list_deletions(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.list_deletions(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.list_orphans(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.list_orphans(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.list_videos(p_state text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.list_videos(p_state text, p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.look() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.max_attempts() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.missing_configuration() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.move_collector(p_last_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.move_collector(p_last_key text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.next_sweep(p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.note_sweep(p_retried integer, p_skipped integer, p_lost integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.object_key(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.postpone_regeneration(p_video_id uuid, p_from_state text, p_metadata jsonb, p_due_at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.prune_history() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.put_down_orphans(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.put_down_orphans(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.recover_due(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.recover_due(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.release(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retry_after_seconds double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.release(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retry_after_seconds double precision, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.release_delay(releases integer, jitter double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.report(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.report(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.report_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.restart(p_video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.restart(p_video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.retry_failed(p_limit integer, p_error text, p_before timestamp with time zone, p_class text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.retry_failed(p_limit integer, p_error text, p_before timestamp with time zone, p_class text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.sequence_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.setting(name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.settle_and_lease_webhooks(p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[], p_limit integer, p_lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.settle_and_lease_webhooks(p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[], p_limit integer, p_lease_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.settle_webhooks(p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shown_metadata(metadata jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shown_url(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.snapshot() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.snapshot() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.sum_of(list jsonb, field text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.sweep_candidates(at timestamp with time zone, p_outer boolean, p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.sweep_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.take_deletions(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.take_deletions(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.timeline(p_video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.timeline(p_video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.totals() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.totals_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.unneeded_objects(p_keys text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.videos_after_delete() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.videos_after_state() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.videos_after_write() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.videos_before_write() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.videos_guard_state() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.waiting_since(v public.videos) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.wake_relay() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.wake_up_key() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.wake_up_key() TO thumbnail_handlers;
