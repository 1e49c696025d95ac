-- One tenant's many never stop another's first: a tenant starts with two admitted jobs, the rest is parked (due at infinity), and each job
-- that ends admits another; one that ends quickly admits two, so that fast work soon has all workers. Every way out of the queue comes by
-- here, and every claim: whatever is due, no more than two of a tenant's that did not earn it are at work at a time.

-- How many jobs of a tenant are admitted, counted to `p_most` each: at work, and due now (with a second's slack for what a merge has just
-- made). What waits for its next attempt or for the platform does not count.
CREATE OR REPLACE FUNCTION thumbnails.admitted(p_tenant text, p_most integer, p_soon timestamptz DEFAULT clock_timestamp() + interval '1 second')
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.token IS NOT NULL LIMIT p_most) AS h)
         + (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j
                                   WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.due_at < 'infinity' AND j.due_at <= p_soon
                                     AND j.token IS NULL AND j.lane < 9
                                   -- In the order of the index: else a few of many would be looked for by reading all jobs.
                                   ORDER BY j.due_at LIMIT p_most) AS d);
END
$$;

-- Admits up to `p_count` parked jobs of a tenant, the longest waiting first; none while a person has paused it.
CREATE OR REPLACE FUNCTION thumbnails.admit(p_tenant text, p_count integer, p_is_earned boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  IF p_tenant <> '' AND p_count > 0 AND NOT EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_tenant) THEN
    WITH admitted AS (
      UPDATE thumbnails.jobs j SET due_at = clock_timestamp(), is_earned = p_is_earned
       -- An array: a plan that asks a subquery again for every row would get others each time, and admit all.
       WHERE j.ctid = ANY (ARRAY(SELECT p.ctid FROM thumbnails.jobs p
                                  WHERE p.tenant = p_tenant AND p.due_at = 'infinity'
                                  ORDER BY p.created_at LIMIT p_count FOR UPDATE SKIP LOCKED))
      RETURNING j.video_id
    )
    SELECT array_agg(a.video_id) INTO ids FROM admitted AS a;
    IF ids IS NOT NULL THEN
      PERFORM thumbnails.wake_relay();
      -- The worker that is at it takes one by itself.
      IF cardinality(ids) > 1 AND to_regnamespace('net') IS NOT NULL THEN
        PERFORM thumbnails.post_by_pg_net(ids[2]);
      END IF;
    END IF;
  END IF;
END
$$;

-- A job of the tenant has ended, `p_seconds` after its claim (NULL: it was not worked on). After five seconds it is a slow end, which fills what
-- is left of two places: what was earned is not kept.
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

-- Whether a job that the caller has locked may be taken now. Here it is decided, whatever way a job became due (a retry whose time has come,
-- another URL, by hand) or is asked for by its id: one of two may, or, of what was earned, any while fewer than two are known to be slow. A job
-- that is taken over from a lost worker has its place. Who takes a place that was not earned holds the tenant's lock to the end of the
-- transaction, or two would take the last one at once; who is refused lets go of it, by the subtransaction's end. Where a session keeps it, the
-- workers go on with other tenants'.
CREATE OR REPLACE FUNCTION thumbnails.has_turn(p_job thumbnails.jobs) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
  slow_since timestamptz := timestamptz 'infinity';
BEGIN
  IF p_job.tenant = '' OR p_job.token IS NOT NULL THEN
    RETURN true;
  ELSIF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant) THEN
    RETURN false;
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

-- Parks a job whose turn it is not. What was tried before is known to be slow, and waits behind what is not.
CREATE OR REPLACE FUNCTION thumbnails.park(p_job thumbnails.jobs) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE thumbnails.jobs j
     SET due_at = 'infinity', is_earned = false, lane = greatest(j.lane, 1),
         created_at = CASE WHEN j.attempts > 0 THEN clock_timestamp() ELSE j.created_at END
   WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
END
$$;

-- Whether a job gives way, so that a tenant whose quick ones have had all workers does not keep them with slow ones: it was earned, has been
-- at work for three seconds beside two of its tenant that began before it, and somebody else's that was never tried waits. The first two stay:
-- they are what makes the tenant known to be slow, and those of one moment do not all give way to one video.
CREATE OR REPLACE FUNCTION thumbnails.gives_way(p_job thumbnails.jobs) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz := clock_timestamp() - interval '1 second';
BEGIN
  RETURN p_job.is_earned AND p_job.claimed_at < since - interval '2 seconds'
         AND (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
                                         WHERE j.tenant = p_job.tenant AND j.tenant <> '' AND j.token IS NOT NULL
                                           AND (j.claimed_at, j.video_id) < (p_job.claimed_at, p_job.video_id) LIMIT 2) AS h)
         AND EXISTS (SELECT FROM thumbnails.jobs j
                      WHERE j.lane IN (0, 1) AND j.due_at <= since AND j.token IS NULL AND j.attempts = 0 AND j.tenant <> p_job.tenant);
END
$$;

-- Of all tenants with parked jobs and none admitted, admits as many as a tenant starts with: nothing is parked for ever, whatever went
-- wrong. Steps from tenant to tenant by the index.
CREATE OR REPLACE FUNCTION thumbnails.admit_stalled() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  next_tenant text := '';
BEGIN
  LOOP
    SELECT j.tenant INTO next_tenant FROM thumbnails.jobs j
     WHERE j.tenant > next_tenant AND j.due_at = 'infinity' ORDER BY j.tenant LIMIT 1;
    EXIT WHEN NOT FOUND;
    IF thumbnails.admitted(next_tenant, 1) = 0 THEN
      PERFORM thumbnails.admit(next_tenant, 2);
    END IF;
  END LOOP;
END
$$;
