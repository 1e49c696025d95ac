-- The order of work. While a snapshot is held for long, dead entries stay in front of the queue's index. So a session continues in each lane where
-- it was, but at least a tenth of a second back, since what became due then may have been committed later. It looks from the start before it says
-- that nothing is due, and every three seconds or, if that is slow, so rarely that it takes a hundredth of the time.

-- Reads from the setting `p_name` where this session was in each of the four lanes, when it last looked from the start (`p_now`: it does so now),
-- and for how long that will do. Times are seconds of the epoch, which do not depend on DateStyle.
CREATE OR REPLACE FUNCTION thumbnails.marks(p_name text, p_now timestamptz) RETURNS double precision[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  marks double precision[] := nullif(current_setting(p_name, true), '')::double precision[];
BEGIN
  -- Not extract, which computes in numeric.
  IF date_part('epoch', p_now) - marks[5] BETWEEN 1e-6 AND marks[6] THEN
    RETURN marks;
  END IF;
  RETURN ARRAY['-infinity', '-infinity', '-infinity', '-infinity', date_part('epoch', p_now), 3]::double precision[];
END
$$;

-- Claims what is due next: the lowest lane that has something, in it what has been due longest. `outcome` is claimed, paused (a breaker of this host
-- is open, or a thousand jobs were outdated: ask again at once), or none. A worker merges and writes kept results now and then, so that they wait for no
-- backlog, and before it says that nothing is due, since nobody else may be doing it.
CREATE OR REPLACE FUNCTION thumbnails.claim_next(p_lease_seconds double precision, p_host text DEFAULT '') RETURNS thumbnails.claim_answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  now_due timestamptz;
  marks double precision[] := thumbnails.marks('thumbnails.claim_marks', t);
  locked record;
  known record;
  job thumbnails.jobs%ROWTYPE;
  said thumbnails.claim_answer;
BEGIN
  said.outcome := 'none';
  IF marks[5] = date_part('epoch', t) THEN
    PERFORM thumbnails.merge(500), thumbnails.settle_kept(20);
  END IF;
  -- Repeats if a job is outdated, at most a thousand times in a transaction.
  FOR round IN 1..1000 LOOP
    now_due := clock_timestamp(); -- includes what the end of a job has just admitted
    FOR l IN 0..3 LOOP
      SELECT j AS job, s AS video INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
       WHERE j.lane = l AND j.due_at >= to_timestamp(marks[l + 1]) AND j.due_at <= now_due ORDER BY j.due_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
      IF FOUND THEN
        job := locked.job;
        marks[l + 1] := least(date_part('epoch', job.due_at), date_part('epoch', now_due) - 0.1);
        EXIT;
      END IF;
    END LOOP;
    IF marks[5] = date_part('epoch', t) THEN
      marks[6] := least(greatest(3, 100 * date_part('epoch', clock_timestamp() - now_due)), 30);
    END IF;
    IF job.video_id IS NULL THEN
      EXIT WHEN marks[5] = date_part('epoch', t);
      marks := thumbnails.marks(NULL, t);
      PERFORM thumbnails.merge(500), thumbnails.settle_kept(20), thumbnails.admit_stalled();
      CONTINUE;
    END IF;
    IF known IS NULL THEN
      -- Only with a job in hand, or the one probe of a breaker would be wasted.
      PERFORM thumbnails.check_config();
      SELECT EXISTS (SELECT FROM public.system_config c WHERE c.key = 'auto_thumbnail_enabled' AND thumbnails.is_off(c.value)) AS is_off,
             EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers INTO known;
      EXIT WHEN known.is_off;
      IF known.has_breakers THEN
        said := thumbnails.pass_breakers(p_host, p_lease_seconds);
        EXIT WHEN said.outcome = 'paused';
      END IF;
    END IF;
    said := thumbnails.take(job, locked.video, p_lease_seconds);
    EXIT WHEN said.outcome = 'claimed';
    job := NULL;
    said.outcome := CASE WHEN round < 1000 THEN 'none' ELSE 'paused' END;
    said.retry_after_seconds := 0;
  END LOOP;
  PERFORM set_config('thumbnails.claim_marks', marks::text, false);
  RETURN said;
END
$$;
