-- The order of work. Where a snapshot is held for long, dead entries stay in front of the queue's index: a session goes on in each lane a tenth
-- of a second before where it was, and looks from the start before it says that nothing is due, and every three seconds; where that takes long, so
-- rarely that it takes a hundredth of the time.

-- Where this session was, of the setting `p_name`: of each of the four lanes, when the start was last looked at (`p_now`: it is looked at
-- now), and for how long that will do. In seconds of the epoch, which mean the same under every DateStyle.
CREATE OR REPLACE FUNCTION thumbnails.marks(p_name text, p_now timestamptz) RETURNS double precision[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  marks double precision[] := nullif(current_setting(p_name, true), '')::double precision[];
BEGIN
  -- Not extract, which counts in decimals.
  IF date_part('epoch', p_now) - marks[5] BETWEEN 1e-6 AND marks[6] THEN
    RETURN marks;
  END IF;
  RETURN ARRAY['-infinity', '-infinity', '-infinity', '-infinity', date_part('epoch', p_now), 3]::double precision[];
END
$$;

-- Takes what is due next: the lowest lane that has something, in it what has been due longest. `outcome` is claimed, paused (a breaker of
-- this host is open), or none. Who goes on from job to job merges now and then, so that a new video waits for no backlog, and before it
-- says that nothing is due: there may be nobody else who does.
CREATE OR REPLACE FUNCTION thumbnails.claim_next(
  p_lease_seconds double precision, p_host text DEFAULT '',
  OUT outcome text, OUT video_id uuid, OUT kind text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text,
  OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text, OUT tenant text)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := clock_timestamp();
  now_due timestamptz;
  marks double precision[] := thumbnails.marks('thumbnails.claim_marks', t);
  known record;
  locked record;
  job thumbnails.jobs%ROWTYPE;
  taken record;
BEGIN
  outcome := 'none';
  SELECT NOT EXISTS (SELECT FROM public.system_config c WHERE c.key = 'auto_thumbnail_enabled' AND thumbnails.is_off(c.value))
           AS is_enabled,
         EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers INTO known;
  IF NOT known.is_enabled THEN
    RETURN;
  END IF;
  IF known.has_breakers THEN
    SELECT b.wait_seconds, b.reason INTO retry_after_seconds, detail FROM thumbnails.pass_breakers(p_host, p_lease_seconds) AS b;
    IF retry_after_seconds IS NOT NULL THEN
      outcome := 'paused';
      RETURN;
    END IF;
  END IF;
  IF marks[5] = date_part('epoch', t) THEN
    PERFORM thumbnails.merge(500);
  END IF;
  -- Again where a job turns out to be none any more, at most a thousand times in a transaction.
  FOR round IN 1..1000 LOOP
    now_due := clock_timestamp(); -- what the end of a job has just admitted, too
    FOR l IN 0..3 LOOP
      SELECT j AS job, s AS video INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
       WHERE j.lane = l AND j.due_at >= to_timestamp(marks[l + 1]) AND j.due_at <= now_due ORDER BY j.due_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
      IF FOUND THEN
        job := locked.job;
        marks[l + 1] := date_part('epoch', job.due_at) - 0.1;
        EXIT;
      END IF;
    END LOOP;
    IF marks[5] = date_part('epoch', t) THEN
      marks[6] := least(greatest(3, 100 * date_part('epoch', clock_timestamp() - now_due)), 30);
    END IF;
    IF job.video_id IS NULL THEN
      EXIT WHEN marks[5] = date_part('epoch', t);
      marks := thumbnails.marks(NULL, t);
      PERFORM thumbnails.merge(500);
      PERFORM thumbnails.admit_stalled();
      CONTINUE;
    END IF;
    taken := thumbnails.take(job, locked.video, p_lease_seconds);
    IF taken.outcome = 'claimed' THEN
      outcome := taken.outcome;
      video_id := job.video_id;
      kind := job.kind;
      token := taken.token;
      attempt := taken.attempt;
      video_url := taken.video_url;
      aspect_ratio := taken.aspect_ratio;
      time_seconds := taken.time_seconds;
      tenant := job.tenant;
      EXIT;
    END IF;
    job := NULL;
    IF round = 1000 THEN
      outcome := 'paused';
      retry_after_seconds := 0;
    END IF;
  END LOOP;
  PERFORM set_config('thumbnails.claim_marks', marks::text, false);
END
$$;

-- Merges what is in the inbox, and answers the ids of up to `p_limit` jobs that are due, in the order of claims, but none of `p_except` (those
-- under way): for who wakes workers. Nothing while generation is switched off or all of it paused.
CREATE OR REPLACE FUNCTION thumbnails.due_videos(p_limit integer, p_except uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz;
  marks double precision[];
  left_over integer := p_limit;
  job record;
  is_first boolean;
BEGIN
  -- What is lost in a crash is a merge that left its hints where they were: nobody waits for the disk.
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM thumbnails.merge(1000);
  IF NOT thumbnails.enabled() OR EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = '*') THEN
    RETURN;
  END IF;
  t := clock_timestamp();
  marks := thumbnails.marks('thumbnails.due_marks', t);
  LOOP
    FOR l IN 0..2 LOOP
      is_first := true;
      FOR job IN SELECT j.video_id, j.due_at FROM thumbnails.jobs j
                  WHERE j.lane = l AND j.due_at >= to_timestamp(marks[l + 1]) AND j.due_at <= t AND j.video_id <> ALL (p_except)
                  ORDER BY j.due_at LIMIT left_over LOOP
        IF is_first THEN
          marks[l + 1] := date_part('epoch', job.due_at) - 0.1;
        END IF;
        is_first := false;
        left_over := left_over - 1;
        RETURN NEXT job.video_id;
      END LOOP;
    END LOOP;
    EXIT WHEN left_over < p_limit OR marks[5] = date_part('epoch', t);
    marks := thumbnails.marks(NULL, t);
  END LOOP;
  PERFORM set_config('thumbnails.due_marks', marks::text, false);
END
$$;

-- Wakes workers for what is due, by whatever there is: the relay, and pg_net.
CREATE OR REPLACE FUNCTION thumbnails.wake_workers() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM thumbnails.wake_relay();
  IF to_regnamespace('net') IS NOT NULL THEN
    -- The original's function makes one video a call.
    PERFORM thumbnails.post_by_pg_net(d.id)
       FROM thumbnails.due_videos(CASE WHEN coalesce(thumbnails.setting('thumbnail_handlers_url'), thumbnails.setting('webhook_secret')) IS NULL
                                       THEN 200 ELSE 4 END, '{}') AS d (id);
  END IF;
END
$$;
