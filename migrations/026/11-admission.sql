-- One tenant's many never stop another's first: a tenant starts with two admitted jobs, the rest is parked (due at infinity), and each job
-- that ends admits another; one that ends quickly admits two, so that fast work soon has all workers. Every way out of the queue comes by
-- here.

-- How many jobs of a tenant are admitted, counted to `p_most`: at work, or due now (with a second's slack for what a merge has just made).
-- What waits for its next attempt or for the platform does not count.
CREATE OR REPLACE FUNCTION thumbnails.admitted(p_tenant text, p_most integer) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j
                                 WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.due_at < 'infinity' AND j.lane < 9
                                   AND (j.token IS NOT NULL OR j.due_at <= clock_timestamp() + interval '1 second')
                                 -- In the order of the index: else a few of many would be looked for by reading all jobs.
                                 ORDER BY j.due_at LIMIT p_most) AS counted);
END
$$;

-- Admits up to `p_count` parked jobs of a tenant, the longest waiting first.
CREATE OR REPLACE FUNCTION thumbnails.admit(p_tenant text, p_count integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_tenant <> '' THEN
    UPDATE thumbnails.jobs AS j SET due_at = clock_timestamp()
     WHERE (j.video_id, j.kind) IN (SELECT p.video_id, p.kind FROM thumbnails.jobs p
                                     WHERE p.tenant = p_tenant AND p.due_at = 'infinity'
                                     ORDER BY p.created_at LIMIT p_count FOR UPDATE SKIP LOCKED);
    IF FOUND THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
END
$$;

-- A job of the tenant has ended, `p_seconds` after its claim (NULL: it was not worked on).
CREATE OR REPLACE FUNCTION thumbnails.admit_next(p_tenant text, p_seconds double precision DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF p_tenant <> '' THEN
    PERFORM thumbnails.admit(p_tenant, CASE WHEN p_seconds < 5 AND thumbnails.admitted(p_tenant, 16) < 16 THEN 2 ELSE 1 END);
  END IF;
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
