-- One step of the sweep, over up to `p_limit` videos from where the last one ended. A row that fails is skipped and noted.
CREATE OR REPLACE FUNCTION thumbnails.sweep_step(p_limit integer, OUT found_videos integer, OUT goes_on boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  swept_to uuid := (SELECT p.swept_to FROM thumbnails.positions p);
  step record;
BEGIN
  PERFORM thumbnails.see_all();
  found_videos := 0;
  BEGIN
    SELECT f.ids, f.last_id, f.looked_at INTO step FROM thumbnails.find_left_behind(swept_to, p_limit) AS f;
    INSERT INTO thumbnails.inbox (video_id, reason, old_state)
    SELECT v.id, 'found', v.thumbnail_generation_status FROM public.videos v WHERE v.id = ANY (step.ids) ORDER BY v.id;
    found_videos := coalesce(cardinality(step.ids), 0);
    goes_on := step.looked_at = p_limit;
  EXCEPTION WHEN OTHERS OR assert_failure THEN
    IF SQLSTATE ~ '^(40|53[123]|55|57|58)' THEN
      RAISE;
    ELSIF p_limit > 1 THEN
      SELECT s.found_videos, s.goes_on INTO found_videos, goes_on FROM thumbnails.sweep_step(p_limit / 2) AS s;
      RETURN;
    END IF;
    SELECT v.id AS last_id INTO step FROM public.videos v
     WHERE v.status = 'completed' AND thumbnails.lacks(v.thumbnail_url) AND (swept_to IS NULL OR v.id > swept_to) ORDER BY v.id LIMIT 1;
    PERFORM thumbnails.note_event(step.last_id, 'platform', format('the sweep passed it over: %s (%s)', SQLERRM, SQLSTATE));
    goes_on := true;
  END;
  UPDATE thumbnails.positions SET swept_to = CASE WHEN goes_on THEN step.last_id END WHERE is_only;
END
$$;

-- Retries up to `p_limit` hints that were set aside (NULL: all). `p_soon`: only rows whose state could not be written, ten seconds ago or more.
CREATE OR REPLACE FUNCTION thumbnails.hint_again(p_limit integer, p_soon boolean) RETURNS void
LANGUAGE sql AS $$
  WITH again AS (
    DELETE FROM thumbnails.set_aside a
     WHERE a.ctid = ANY (ARRAY(SELECT s.ctid FROM thumbnails.set_aside s
                                WHERE NOT p_soon OR s.sqlstate = '' AND s.at < clock_timestamp() - interval '10 seconds'
                                LIMIT p_limit FOR UPDATE SKIP LOCKED))
    RETURNING a.*
  )
  INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state, at)
  SELECT a.video_id, a.reason, a.old_source, a.old_key, a.old_state, a.at FROM again AS a
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
    PERFORM thumbnails.wake_relay();
    PERFORM thumbnails.wake_workers() WHERE p_posts;
    -- Parked jobs wait only for their turn, so they count.
    SELECT count(*) INTO waiting FROM (SELECT FROM thumbnails.jobs j WHERE j.lane < 9 AND j.due_at <= clock_timestamp()
                                       UNION ALL SELECT FROM thumbnails.jobs j WHERE j.due_at = 'infinity' LIMIT 100000) AS w;
  END IF;
  -- Also while generation is off, which the report says elsewhere: the timer works.
  UPDATE thumbnails.positions
     SET last_sweep = jsonb_build_object('at', thumbnails.iso(clock_timestamp()), 'epoch', round(extract(epoch FROM clock_timestamp()), 3),
                                         'retriedCount', retried, 'skippedCount', 0, 'lostCount', lost)
   WHERE is_only AND reason IS DISTINCT FROM 'another sweep is running';
  RETURN json_strip_nulls(json_build_object(
    'success', true, 'retriedCount', retried, 'skippedCount', 0, 'skipped', CASE WHEN reason IS NOT NULL THEN true END, 'reason', reason,
    'lostCount', lost, 'waitingCount', waiting, 'goesOn', goes_on, 'isPaused', EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = '*'),
    'timestamp', thumbnails.iso(clock_timestamp())));
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.is_sweeping() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.swept_to IS NOT NULL AND (thumbnails.readiness()).enabled FROM thumbnails.positions p
$$;

-- Mends times written while the server's clock was ahead: nothing of ours waits longer than an hour, and no object is kept for longer than a year
-- (OBJECT_KEEP_SECONDS). Also mends the history's sequence if rows were copied without it, as to a logical subscriber that takes over.
CREATE OR REPLACE FUNCTION thumbnails.mend_times() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := clock_timestamp();
  latest timestamptz := t + interval '61 minutes';
BEGIN
  UPDATE thumbnails.jobs j SET due_at = t WHERE j.due_at > latest AND j.due_at < 'infinity';
  DELETE FROM thumbnails.breakers b WHERE greatest(b.open_until, b.probe_until) > latest AND b.class <> 'manual';
  UPDATE thumbnails.positions p SET delivers_until = t WHERE p.delivers_until > latest;
  UPDATE thumbnails.object_deletions d SET not_before = t + interval '1 day' WHERE d.not_before > latest + interval '1 year';
  DELETE FROM thumbnails.workers w WHERE w.seen_at > latest; -- living processes report again
  UPDATE thumbnails.events e SET at = t WHERE e.at > latest;
  -- The whole history is read only if the sequence is behind the estimated number of rows.
  PERFORM setval(s.name, s.last)
     FROM (SELECT n.name, CASE WHEN coalesce(pg_sequence_last_value(n.name), 0) < greatest(0.9 * c.reltuples, 10000)
                            THEN (SELECT max(e.id) FROM thumbnails.events e) END AS last
             FROM pg_get_serial_sequence('thumbnails.events', 'id') AS f (name) CROSS JOIN LATERAL (SELECT f.name::regclass AS name) AS n
             JOIN pg_class c ON c.oid = 'thumbnails.events'::regclass) AS s
    WHERE s.last > coalesce(pg_sequence_last_value(s.name), 0);
END
$$;

-- Background work in small steps: by the relay every two seconds, and by retry-stuck-thumbnails while it continues a sweep. Returns how many were found.
CREATE OR REPLACE FUNCTION thumbnails.look_after(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_videos integer := 0;
BEGIN
  PERFORM thumbnails.settle_kept(20);
  PERFORM thumbnails.admit_stalled();
  PERFORM thumbnails.hint_again(20, true);
  -- Reports add up what is not in the totals yet.
  PERFORM thumbnails.fold_events() FROM thumbnails.positions p WHERE NOT p.folded_at BETWEEN clock_timestamp() - interval '30 seconds' AND clock_timestamp();
  IF thumbnails.is_sweeping() AND thumbnails.try_lock('sweep') THEN
    SELECT s.found_videos INTO found_videos FROM thumbnails.sweep_step(p_limit) AS s;
  END IF;
  RETURN found_videos;
END
$$;
