CREATE OR REPLACE FUNCTION thumbnails.is_final(code text, attempts bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(code IN ('media', 'forbidden', 'request'), false) OR coalesce(attempts, 0) >= thumbnails.max_attempts()
$$;

-- Whether a row without picture and job was left behind: processing for 30 minutes; failed with attempts left; or, for 10 minutes, waiting or without
-- a state (also `completed` without a picture). Absurd times count as long ago.
CREATE OR REPLACE FUNCTION thumbnails.is_left_behind(
  state text, code text, attempts bigint, started_at timestamptz, last_attempt_at timestamptz, generated_at timestamptz, created_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF state = 'failed' THEN
    RETURN NOT thumbnails.is_final(code, attempts);
  ELSIF created_at > statement_timestamp() THEN
    created_at := NULL; -- a local time, of another zone
  END IF;
  RETURN NOT coalesce(CASE state WHEN 'processing' THEN coalesce(started_at, last_attempt_at, created_at) ELSE greatest(last_attempt_at, generated_at, created_at) END
    BETWEEN statement_timestamp() - make_interval(mins => CASE state WHEN 'processing' THEN 30 ELSE 10 END) AND statement_timestamp() + interval '1 day', false);
END
$$;

-- Examines up to `p_limit` finished videos that lack a picture, with ids above `p_from` (NULL: from the start), and returns those left behind, with
-- neither job nor hint, and the last id examined. With the index `videos_thumbnail_lacking`, the cost depends on what is to be done.
CREATE OR REPLACE FUNCTION thumbnails.find_left_behind(p_from uuid, p_limit integer, OUT ids uuid[], OUT last_id uuid, OUT looked_at integer)
LANGUAGE sql STABLE AS $$
  -- The most expensive conditions come last.
  SELECT array_agg(l.id ORDER BY l.id) FILTER (
           WHERE NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = l.id AND j.kind = 'thumbnail')
             AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = l.id)
             AND thumbnails.is_left_behind(l.state, l.code, l.attempts, l.started_at, l.last_attempt_at, l.generated_at,
                   CASE WHEN l.state IS DISTINCT FROM 'failed' THEN thumbnails.moment(thumbnails.own(l.id) ->> 'created_at') END)),
         (array_agg(l.id ORDER BY l.id DESC))[1], count(*)
    FROM (SELECT v.id, v.thumbnail_generation_status AS state, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
                 v.thumbnail_generation_started_at AS started_at, v.thumbnail_generation_last_attempt_at AS last_attempt_at, v.thumbnail_generated_at AS generated_at
            FROM public.videos v
           WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
             AND v.id >= coalesce(find_left_behind.p_from, '00000000-0000-0000-0000-000000000000') AND v.id IS DISTINCT FROM find_left_behind.p_from
           ORDER BY v.id LIMIT find_left_behind.p_limit) AS l
$$;

-- The hourly sweep. It begins the walk and continues for two seconds at most; handlers, relay and later calls continue it. A second sweep at the
-- same time returns `skipped`. With `p_posts`, pg_net wakes workers if anything is due.
CREATE OR REPLACE FUNCTION thumbnails.sweep(p_posts boolean) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  started timestamptz := clock_timestamp();
  patience interval := thumbnails.patience();
  found_videos integer;
  goes_on boolean;
  retried bigint := 0;
  lost integer := 0;
  waiting bigint;
  reason text := CASE WHEN NOT thumbnails.try_lock('sweep') THEN 'another sweep is running'
                      WHEN NOT (thumbnails.readiness()).enabled THEN 'Auto thumbnail generation is disabled' END;
BEGIN
  IF reason IS NULL THEN
    PERFORM thumbnails.make_rows();
    PERFORM thumbnails.mend_times();
    -- Jobs that have lost their worker for the last time. Others that lost theirs are simply due.
    SELECT count(thumbnails.give_up_lost(l.job)) INTO lost
      FROM (SELECT j AS job FROM thumbnails.jobs j
             WHERE j.lane BETWEEN 0 AND 3 AND j.due_at <= started AND j.token IS NOT NULL AND j.attempts >= thumbnails.max_attempts()
             LIMIT 1000 FOR UPDATE SKIP LOCKED) AS l;
    PERFORM thumbnails.hint_again(NULL, false);
    -- Jobs of lost workers and retries are due already; they are counted for the answer.
    SELECT count(*) INTO retried FROM (SELECT FROM thumbnails.jobs j
                                        WHERE j.lane < 9 AND j.kind = 'thumbnail' AND j.due_at <= started AND (j.token IS NOT NULL OR j.attempts > 0) LIMIT 100000) AS j;
    PERFORM thumbnails.settle_kept(100);
    PERFORM thumbnails.admit_stalled();
    LOOP
      SELECT s.found_videos, s.goes_on INTO found_videos, goes_on FROM thumbnails.sweep_step(2000) AS s;
      retried := retried + found_videos;
      WHILE thumbnails.merge(2000) > 0 LOOP
        EXIT WHEN clock_timestamp() > started + 1.5 * patience;
      END LOOP;
      EXIT WHEN NOT goes_on OR clock_timestamp() > started + patience;
    END LOOP;
    -- An error in the figures must not stop the rescue.
    BEGIN
      PERFORM thumbnails.fold_events();
      PERFORM thumbnails.prune_history();
    EXCEPTION WHEN OTHERS OR assert_failure THEN
      RAISE WARNING 'the history was not added up: % (%)', SQLERRM, SQLSTATE;
    END;
    IF p_posts THEN
      PERFORM thumbnails.wake_workers();
    ELSE
      PERFORM thumbnails.wake_relay();
    END IF;
    -- Parked jobs wait only for their turn, so they count.
    SELECT count(*) INTO waiting FROM (SELECT FROM thumbnails.jobs j WHERE j.lane < 9 AND j.due_at <= clock_timestamp()
                                       UNION ALL SELECT FROM thumbnails.jobs j WHERE j.due_at = 'infinity' LIMIT 100000) AS w;
  END IF;
  IF reason IS DISTINCT FROM 'another sweep is running' THEN
    -- Also while generation is off, which the report says elsewhere: the timer works.
    UPDATE thumbnails.positions
       SET last_sweep = jsonb_build_object('at', thumbnails.iso(clock_timestamp()), 'epoch', round(extract(epoch FROM clock_timestamp()), 3),
                                           'retriedCount', retried, 'skippedCount', 0, 'lostCount', lost)
     WHERE is_only;
  END IF;
  RETURN json_strip_nulls(json_build_object(
    'success', true, 'retriedCount', retried, 'skippedCount', 0, 'skipped', CASE WHEN reason IS NOT NULL THEN true END, 'reason', reason,
    'lostCount', lost, 'waitingCount', waiting, 'goesOn', goes_on, 'isPaused', EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = '*'),
    'timestamp', thumbnails.iso(clock_timestamp())));
END
$$;

-- The sweep for pg_cron and people: only the relay and pg_net wake workers then.
CREATE OR REPLACE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT thumbnails.sweep(true) $$;
