-- One tenant's many jobs never block another's first. A tenant starts with two admitted jobs, and the rest is parked (due at infinity). Each job that
-- ends admits another; one that ends quickly admits two, so that fast work soon has all workers. Everything that leaves the queue passes here, and so
-- does every claim: at most two of a tenant's jobs run at a time that were not earned.

-- How many jobs of a tenant are admitted, counted to `p_most` each: running, and due (within a second, for what a merge has just made).
CREATE OR REPLACE FUNCTION thumbnails.admitted(p_tenant text, p_most integer, p_soon timestamptz DEFAULT clock_timestamp() + interval '1 second')
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.token IS NOT NULL LIMIT p_most) AS h)
         + (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j
                                   WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.due_at < 'infinity' AND j.due_at <= p_soon
                                     AND j.token IS NULL AND j.lane < 9
                                   -- In the index's order; otherwise all jobs would be read to find a few.
                                   ORDER BY j.due_at LIMIT p_most) AS d);
END
$$;

-- Admits up to `p_count` parked jobs of a tenant, the longest waiting first; none if a person has paused it.
CREATE OR REPLACE FUNCTION thumbnails.admit(p_tenant text, p_count integer, p_is_earned boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  IF p_count > 0 AND NOT EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_tenant) THEN
    WITH admitted AS (
      UPDATE thumbnails.jobs j SET due_at = clock_timestamp(), is_earned = p_is_earned
       -- An array, since a plan that runs a subquery for each row would find other jobs each time, and admit all.
       WHERE j.ctid = ANY (ARRAY(SELECT p.ctid FROM thumbnails.jobs p
                                  WHERE p.tenant = p_tenant AND p.due_at = 'infinity'
                                  ORDER BY p.created_at LIMIT p_count FOR UPDATE SKIP LOCKED))
      RETURNING j.video_id
    )
    SELECT array_agg(a.video_id) INTO ids FROM admitted AS a;
    PERFORM thumbnails.wake_relay() WHERE ids IS NOT NULL;
    -- The worker that ended the job claims one of them.
    PERFORM thumbnails.post_by_pg_net(ids[2]) WHERE cardinality(ids) > 1 AND to_regnamespace('net') IS NOT NULL;
  END IF;
END
$$;

-- Called when a job of the tenant has ended, `p_seconds` after its claim (NULL: not run). From five seconds on it is slow, and only fills up two places.
CREATE OR REPLACE FUNCTION thumbnails.admit_next(p_tenant text, p_seconds double precision DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_tenant = '' OR NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.due_at = 'infinity') THEN
    RETURN;
  ELSIF p_seconds < 5 THEN
    PERFORM thumbnails.admit(p_tenant, CASE WHEN thumbnails.admitted(p_tenant, 16) < 16 THEN 2 ELSE 1 END, true);
  ELSE
    PERFORM thumbnails.admit(p_tenant, 2 - thumbnails.admitted(p_tenant, 2));
  END IF;
END
$$;

-- Whether a job that the caller has locked may be claimed now, however it became due: two of a tenant may run or, if earned, any number until two are
-- known to be slow. A claim that was not earned holds the tenant's lock to the end of the transaction, or two would take the last place; a refused one
-- releases it with the subtransaction. If a session keeps the lock, workers go on with other tenants.
CREATE OR REPLACE FUNCTION thumbnails.has_turn(p_job thumbnails.jobs) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  slow_since timestamptz := timestamptz 'infinity';
BEGIN
  IF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant) THEN
    RETURN false;
  ELSIF p_job.token IS NOT NULL THEN
    RETURN true;
  ELSIF p_job.is_earned THEN
    slow_since := clock_timestamp() - interval '5 seconds';
  ELSE
    PERFORM FROM thumbnails.locks l WHERE l.name = 'tenant ' || left(p_job.tenant, 2) FOR UPDATE;
  END IF;
  IF (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
                                 WHERE j.tenant = p_job.tenant AND j.tenant <> '' AND j.token IS NOT NULL AND j.claimed_at < slow_since LIMIT 2) AS h) THEN
    RAISE EXCEPTION 'there is no place' USING ERRCODE = 'PLACE';
  END IF;
  RETURN true;
EXCEPTION WHEN SQLSTATE 'PLACE' OR lock_not_available THEN
  RETURN false;
END
$$;

-- Parks a job whose turn has not come. One that was tried before is known to be slow, and waits behind others. What a lost worker of a paused tenant
-- had is looked at again in a minute: its token stays, since its result may still come.
CREATE OR REPLACE FUNCTION thumbnails.park(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE thumbnails.jobs j
     SET due_at = CASE WHEN j.token IS NULL THEN timestamptz 'infinity' ELSE clock_timestamp() + interval '1 minute' END, is_earned = false, lane = greatest(j.lane, 1),
         created_at = CASE WHEN j.attempts > 0 THEN clock_timestamp() ELSE j.created_at END
   WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
END
$$;

-- Admits the first jobs of every tenant that has parked jobs and none admitted, so that nothing stays parked for ever. Steps by the index.
CREATE OR REPLACE FUNCTION thumbnails.admit_stalled() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  next_tenant text := '';
BEGIN
  LOOP
    SELECT j.tenant INTO next_tenant FROM thumbnails.jobs j
     WHERE j.tenant > next_tenant AND j.due_at = 'infinity' ORDER BY j.tenant LIMIT 1;
    EXIT WHEN NOT FOUND;
    PERFORM thumbnails.admit(next_tenant, 2) WHERE thumbnails.admitted(next_tenant, 1) = 0;
  END LOOP;
END
$$;
