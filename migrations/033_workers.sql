-- Processes that report themselves once a minute, until they are told to stop; no decision depends on them.
CREATE TABLE IF NOT EXISTS thumbnails.workers (
  name       text PRIMARY KEY,          -- The application_name: `program:pid@host`, or `program:cgi@host` for all that a CGI server starts there
  program    text NOT NULL,
  host       text NOT NULL,
  pid        integer,
  version    text NOT NULL,
  mode       text NOT NULL,             -- FastCGI, CGI, or service
  sandbox    text,                      -- required or off: whether videos have to be decoded in a box; NULL if none are decoded
  completed  bigint NOT NULL DEFAULT 0, -- Attempts since it started
  failed     bigint NOT NULL DEFAULT 0,
  polls      text,                      -- Why the relay polls; why its posts do not reach the handlers
  trouble    text,
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);

-- Records that a process is there. Only the database's clock counts: `p_age_seconds` is how long the process has been running.
CREATE OR REPLACE FUNCTION thumbnails.note_worker(
  p_name text, p_program text, p_host text, p_pid integer, p_version text, p_mode text, p_sandbox text, p_completed bigint, p_failed bigint,
  p_polls text, p_trouble text, p_age_seconds double precision) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
BEGIN
  -- Processes of a CGI server report the same, many at once: they must not wait for each other.
  IF p_mode = 'CGI' AND EXISTS (SELECT FROM thumbnails.workers AS w WHERE w.name = left(p_name, 63) AND w.seen_at > t - interval '20 seconds'
                                  AND w.version = left(p_version, 63) AND w.sandbox IS NOT DISTINCT FROM p_sandbox) THEN
    RETURN;
  END IF;
  -- A crash may lose a report: the next one comes within a minute.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO thumbnails.workers AS w (name, program, host, pid, version, mode, sandbox, completed, failed, polls, trouble, started_at, seen_at)
  VALUES (left(p_name, 63), left(p_program, 63), left(p_host, 255), p_pid, left(p_version, 63), p_mode, p_sandbox, p_completed, p_failed,
          left(p_polls, 300), left(p_trouble, 300), t - make_interval(secs => p_age_seconds), t)
  ON CONFLICT (name) DO UPDATE
    SET version = excluded.version, sandbox = excluded.sandbox, completed = excluded.completed, failed = excluded.failed, polls = excluded.polls,
        trouble = excluded.trouble, started_at = excluded.started_at, seen_at = excluded.seen_at;
  -- A process of the same program on the same host that was silent for three minutes is gone; on another host it is worth showing for a day.
  DELETE FROM thumbnails.workers AS w
   WHERE w.name = ANY (ARRAY(SELECT s.name FROM thumbnails.workers AS s
                              WHERE s.name <> p_name AND s.seen_at < t - CASE WHEN s.program = p_program AND s.host = p_host AND s.mode = p_mode
                                                                              THEN interval '3 minutes' ELSE interval '1 day' END
                              LIMIT 1000 FOR UPDATE SKIP LOCKED));
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.forget_worker(p_name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ DELETE FROM thumbnails.workers AS w WHERE w.name = p_name $$;

-- Makes `p_holder` the one handler that keeps waking workers, for `p_seconds`; NULL if another one is.
CREATE OR REPLACE FUNCTION thumbnails.hold_delivery(p_holder text, p_seconds double precision) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE thumbnails.positions AS p SET deliverer = p_holder, delivers_until = clock_timestamp() + make_interval(secs => p_seconds)
   WHERE p.deliverer = p_holder OR p.delivers_until <= clock_timestamp() RETURNING true
$$;

-- `workers`, `relay` and `processProblems` of the report.
CREATE OR REPLACE FUNCTION thumbnails.look_at_workers() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := statement_timestamp();
  all_workers jsonb;
  counts jsonb;
  relay jsonb;
  unboxed jsonb;
  versions text;
BEGIN
  WITH held AS MATERIALIZED (
    -- The history has the worker of each token.
    SELECT coalesce(c.worker, '') AS worker,
           jsonb_agg(jsonb_build_object('videoId', j.video_id, 'attempt', j.attempts, 'since', thumbnails.iso(j.claimed_at), 'leaseUntil', thumbnails.iso(j.due_at))
                     ORDER BY j.claimed_at, j.video_id) AS jobs
      FROM (SELECT x.video_id, x.attempts, x.token, x.claimed_at, x.due_at FROM thumbnails.jobs AS x
             WHERE x.token IS NOT NULL AND x.due_at > t ORDER BY x.claimed_at LIMIT 1000) AS j
      LEFT JOIN LATERAL (SELECT e.detail ->> 'worker' AS worker FROM thumbnails.events AS e
                          WHERE e.video_id = j.video_id AND e.token = j.token AND e.to_status = 'processing' ORDER BY e.id DESC LIMIT 1) AS c ON true
     GROUP BY 1
  ), listed AS (
    SELECT coalesce(w.name, nullif(h.worker, '')) AS name, w.program, w.host, w.pid, w.version, w.mode, w.sandbox, w.completed, w.failed,
           thumbnails.iso(w.started_at) AS "startedAt", thumbnails.iso(w.seen_at) AS "seenAt", coalesce(h.jobs, '[]') AS "inHand",
           -- Processes of a CGI server report only when there is something to do.
           CASE WHEN h.jobs IS NOT NULL THEN 'busy' WHEN w.mode <> 'CGI' AND w.seen_at < t - interval '3 minutes' THEN 'silent' ELSE 'idle' END AS state
      FROM thumbnails.workers AS w FULL JOIN held AS h ON h.worker = w.name
  )
  SELECT coalesce(jsonb_agg(l ORDER BY l.state <> 'busy', l.program, l.host, l.name), '[]'),
         jsonb_build_object(
           'busy', count(*) FILTER (WHERE l.state = 'busy'),
           'idle', count(*) FILTER (WHERE l.state = 'idle' AND l.program = 'auto-generate-thumbnail'),
           'silent', count(*) FILTER (WHERE l.state = 'silent' AND l.program = 'auto-generate-thumbnail')),
         coalesce(jsonb_agg(DISTINCT l.host) FILTER (WHERE l.sandbox = 'off'), '[]'),
         CASE WHEN count(DISTINCT l.version) FILTER (WHERE l.state <> 'silent') > 1
              THEN string_agg(DISTINCT format('%s on %s', l.version, l.host), ', ') FILTER (WHERE l.state <> 'silent' AND l.version IS NOT NULL) END
    INTO all_workers, counts, unboxed, versions
    FROM listed AS l;
  SELECT jsonb_build_object('host', w.host, 'version', w.version, 'seenAt', thumbnails.iso(w.seen_at), 'reason', w.polls, 'trouble', w.trouble,
                            'state', CASE WHEN w.seen_at < t - interval '3 minutes' THEN 'silent' WHEN w.polls IS NULL THEN 'listening' ELSE 'polling' END)
    INTO relay FROM thumbnails.workers AS w WHERE w.program = 'webhook-relay' ORDER BY w.seen_at DESC LIMIT 1;
  RETURN jsonb_build_object(
    'workers', jsonb_build_object('counts', counts, 'unboxedHosts', unboxed, 'list', all_workers),
    'relay', relay,
    'processProblems', to_jsonb(array_remove(ARRAY[
      thumbnails.trigger_problem(),
      (SELECT format('system_config, which holds secrets, can be read by %I: REVOKE ALL ON public.system_config FROM %1$I, PUBLIC', r.rolname)
         FROM pg_roles AS r JOIN pg_class AS c ON c.oid = to_regclass('public.system_config') AND NOT c.relrowsecurity
        WHERE r.rolname IN ('anon', 'authenticated') AND has_table_privilege(r.oid, c.oid, 'SELECT') LIMIT 1),
      CASE WHEN counts ->> 'busy' = '0' AND counts ->> 'idle' = '0'
                AND EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane < 9 AND j.due_at BETWEEN '-infinity' AND t - interval '3 minutes') THEN
        'videos are due, and no worker has been heard from for three minutes: auto-generate-thumbnail has ended everywhere, or does not reach the database' END,
      -- If nothing else merges, the hourly sweep does.
      (SELECT format('what has happened to videos since %s is not in the queue yet: nobody merges it, or a session that has begun a transaction with the queue does not end it '
                     '(pg_stat_activity: idle in transaction)', thumbnails.iso(i.at))
         FROM (SELECT n.at FROM thumbnails.inbox AS n ORDER BY n.id LIMIT 1) AS i WHERE i.at < t - interval '65 minutes'),
      -- The first entries of the history, of which only sweeps delete, say how long there has been something to sweep.
      (SELECT CASE WHEN p.last_sweep IS NULL THEN 'the hourly sweep has never run: set up a timer, crontab or cron service for POST /scheduled'
                   ELSE format('the hourly sweep last ran at %s: is its timer or cron service on?', p.last_sweep ->> 'at') END
         FROM thumbnails.positions AS p
        WHERE (thumbnails.readiness()).enabled AND coalesce(to_timestamp((p.last_sweep ->> 'epoch')::double precision),
                                                (SELECT e.at FROM (SELECT f.id, f.at FROM thumbnails.events AS f LIMIT 1000) AS e ORDER BY e.id LIMIT 1)) < t - interval '2 hours'),
      (SELECT format('objects that no row shows should have been deleted since %s: the sweep deletes them if retry-stuck-thumbnails knows the store, and so does '
                     'auto-generate-thumbnail gc', thumbnails.iso(d.not_before))
         FROM (SELECT o.not_before FROM thumbnails.object_deletions AS o ORDER BY o.not_before LIMIT 1) AS d WHERE d.not_before < t - interval '1 day'),
      CASE WHEN unboxed <> '[]' THEN
        format('videos are decoded without a box, because MEDIA_SANDBOX is off, on %s', (SELECT string_agg(u.host, ', ') FROM jsonb_array_elements_text(unboxed) AS u (host))) END,
      CASE WHEN relay ->> 'state' = 'silent' THEN
        format('the relay on %s was last heard from at %s: it has ended, or does not reach the database', relay ->> 'host', relay ->> 'seenAt') END,
      -- If transactions can be prepared there are no notifications, and polling is right.
      CASE WHEN relay ->> 'state' = 'polling' AND current_setting('max_prepared_transactions') = '0' THEN
        format('the relay on %s polls: %s', relay ->> 'host', relay ->> 'reason') END,
      CASE WHEN relay ->> 'state' <> 'silent' AND relay ->> 'trouble' IS NOT NULL THEN
        format('the relay on %s wakes nobody: %s', relay ->> 'host', relay ->> 'trouble') END,
      CASE WHEN versions IS NOT NULL THEN format('programs of several versions run: %s', left(versions, 300)) END], NULL)));
END
$$;

-- Whether a table of many partitions needs more locks than the server has room for: an id does not tell the partition, so a claim locks all of them
-- and their indexes. The room is for twice as many as it lets sessions have, and what several lock counts for each. The relay, and the report with its
-- parallel workers, are more.
CREATE OR REPLACE FUNCTION thumbnails.lock_problem() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT format('each claim locks all partitions of videos and their indexes, %s in all, and the server has no room for that in %s sessions at once: writes fail with '
                '"out of shared memory", the platform''s own, too. Set max_locks_per_transaction to %s and restart it, or make the partitions larger',
                n.locks, n.sessions, n.locks * n.sessions / n.room + 1)
    FROM (SELECT (SELECT count(DISTINCT p.relid) + count(i.indexrelid) FROM pg_partition_tree(to_regclass('public.videos')) AS p LEFT JOIN pg_index AS i ON i.indrelid = p.relid) AS locks,
                 (SELECT count(*) + 2 + current_setting('max_parallel_workers_per_gather')::bigint FROM thumbnails.workers AS w WHERE w.program = 'auto-generate-thumbnail') AS sessions,
                 (SELECT 1 + sum(current_setting(g.name)::bigint)::bigint
                    FROM unnest('{max_connections,max_prepared_transactions,autovacuum_max_workers,max_worker_processes,max_wal_senders}'::text[]) AS g (name)) AS room) AS n
   WHERE n.locks * n.sessions > 2 * n.room * current_setting('max_locks_per_transaction')::bigint
$$;

-- `complete`, and in the same transaction a claim of what is due next: for workers that continue. Both functions have their own privileges.
CREATE OR REPLACE FUNCTION thumbnails.complete_and_next(
  p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text,
  p_lease_seconds double precision) RETURNS thumbnails.claim_answer
LANGUAGE plpgsql AS $$
DECLARE
  answer text := thumbnails.complete(p_video_id, p_token, p_thumbnail_url, p_key, p_metadata, p_keep_seconds, p_host);
  said thumbnails.claim_answer := thumbnails.claim_next(p_lease_seconds, p_host);
BEGIN
  said.answer := answer;
  RETURN said;
END
$$;

-- Whether there are hints to merge or jobs due, for those that poll. Storyboards wait until they look at the queue.
CREATE OR REPLACE FUNCTION thumbnails.has_work() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM thumbnails.inbox AS i)
         OR EXISTS (SELECT FROM generate_series(0, 2) AS l WHERE EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = l AND j.due_at <= statement_timestamp()))
$$;

-- Whether a video is queued, or has a hint that will queue it, so that a worker will claim it in its turn.
CREATE OR REPLACE FUNCTION thumbnails.is_queued(p_video_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail')
         OR EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = p_video_id)
$$;

-- Extends the lease; false if the caller no longer has the job, or it gives way to another tenant's, which was never tried: it was earned, and has run
-- for three seconds beside two of its tenant that began earlier. Those stay: they tell that the tenant is slow, and not all give way to one video.
CREATE OR REPLACE FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  since timestamptz := clock_timestamp() - interval '1 second';
BEGIN
  UPDATE thumbnails.jobs j SET due_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE j.video_id = p_video_id AND j.token = p_token
  RETURNING j.* INTO job;
  IF job.is_earned AND job.claimed_at < since - interval '2 seconds'
     AND (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
                                     WHERE j.tenant = job.tenant AND j.tenant <> '' AND j.token IS NOT NULL
                                       AND (j.claimed_at, j.video_id) < (job.claimed_at, job.video_id) LIMIT 2) AS h)
     AND EXISTS (SELECT FROM thumbnails.jobs j
                  WHERE j.lane IN (0, 1) AND j.due_at <= since AND j.token IS NULL AND j.attempts = 0 AND j.tenant <> job.tenant) THEN
    UPDATE thumbnails.jobs j SET token = NULL, attempts = j.attempts - 1 WHERE j.video_id = p_video_id AND j.kind = job.kind;
    PERFORM thumbnails.park(job);
    PERFORM thumbnails.put_back(job, 'pending', 'source', 'slow: it gave way to others'' and waits for its turn', job.attempts - 1);
    RETURN false;
  END IF;
  RETURN job.video_id IS NOT NULL;
END
$$;
