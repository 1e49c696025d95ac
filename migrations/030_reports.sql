-- `look` and `report` return JSON for retry-stuck-thumbnails' GET. No function here writes, so they work on a physical standby, too.

-- Videos that failed for good and that a person has removed from lists and rates; see 032. It holds until another attempt is made.
CREATE TABLE IF NOT EXISTS thumbnails.dismissed (
  video_id        uuid PRIMARY KEY,
  last_attempt_at timestamptz
);

CREATE OR REPLACE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;

-- Up to `p_limit` videos that the next sweep would start, and how many there are among the first ten thousand that it examines.
CREATE OR REPLACE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH found AS (
    SELECT l.video_id, 'lease_over' AS reason
      FROM (SELECT j.video_id FROM thumbnails.jobs AS j
             WHERE j.lane BETWEEN 0 AND 3 AND j.kind = 'thumbnail' AND j.token IS NOT NULL AND j.due_at <= statement_timestamp() LIMIT 10000) AS l
     UNION ALL
    SELECT unnest(f.ids), 'left_behind' FROM thumbnails.find_left_behind(NULL, 10000) AS f
  )
  SELECT jsonb_build_object('count', (SELECT count(*) FROM found), 'videos', coalesce(jsonb_agg(jsonb_build_object(
           'videoId', v.id, 'state', v.thumbnail_generation_status, 'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'reason', c.reason,
           'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM statement_timestamp() - s.since)), 1) END)
           ORDER BY s.since NULLS LAST, v.id), '[]'))
    FROM (SELECT * FROM found LIMIT greatest(p_limit, 0)) AS c
    JOIN public.videos AS v ON v.id = c.video_id
    LEFT JOIN thumbnails.jobs AS j ON j.video_id = c.video_id AND j.kind = 'thumbnail'
   CROSS JOIN LATERAL (SELECT coalesce(j.due_at, CASE WHEN v.thumbnail_generation_status = 'processing' THEN v.thumbnail_generation_started_at END,
                                       greatest(v.thumbnail_generation_last_attempt_at, thumbnails.moment(thumbnails.own(v.id) ->> 'created_at'))) AS since) AS s
$$;

-- The percentage of those that ended well: 100 if all did, NULL if none has ended.
CREATE OR REPLACE FUNCTION thumbnails.percent(p_good bigint, p_bad bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT least(round(100.0 * p_good / nullif(p_good + p_bad, 0), 2), CASE WHEN p_bad > 0 THEN 99.99 END)
$$;

-- All figures of the report and the metrics. Lists are as long as the longest report shows. jit is off, since compiling takes longer than one run.
CREATE OR REPLACE FUNCTION thumbnails.look(p_webhook_hash text DEFAULT NULL, p_service_hash text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := statement_timestamp();
  health record;
  dismissed bigint;
  failed record;
  recent record;
  totals jsonb;
BEGIN
  -- EXECUTE, since only then can several processes count.
  EXECUTE 'SELECT * FROM thumbnails.health' INTO health;
  -- Looked up by key, since they are few beside the videos.
  SELECT count(*) INTO dismissed FROM thumbnails.dismissed AS d CROSS JOIN LATERAL (
    SELECT FROM public.videos AS v WHERE v.id = d.video_id AND v.thumbnail_generation_status = 'failed'
                                     AND v.thumbnail_generation_last_attempt_at IS NOT DISTINCT FROM d.last_attempt_at LIMIT 1) AS g;
  WITH by_reason AS MATERIALIZED (
    SELECT left(coalesce(v.thumbnail_generation_error, 'failed before this system, no reason was recorded'), 200) AS error,
           v.thumbnail_generation_error_code AS class, count(*) AS count, count(*) FILTER (WHERE j.video_id IS NULL) AS exhausted,
           count(*) FILTER (WHERE NOT thumbnails.is_blank(v.video_url)) AS restartable,
           thumbnails.iso(max(v.thumbnail_generation_last_attempt_at)) AS "lastOccurrence",
           (array_agg(v.id ORDER BY v.thumbnail_generation_last_attempt_at DESC NULLS LAST))[1:5] AS "videoIds"
      FROM (SELECT l.* FROM public.videos AS l
             WHERE l.status = 'completed' AND (l.thumbnail_url IS NULL OR l.thumbnail_url = '' OR l.thumbnail_url LIKE 'data:image/svg%')
             UNION ALL
            -- Those that have an earlier picture. There is no index of them, so the table is read only if there are any.
            SELECT l.* FROM public.videos AS l
             WHERE l.status = 'completed' AND NOT thumbnails.lacks(l.thumbnail_url) AND health.failed_count > (
               SELECT count(*) FROM public.videos AS x WHERE x.thumbnail_generation_status = 'failed'
                AND x.status = 'completed' AND (x.thumbnail_url IS NULL OR x.thumbnail_url = '' OR x.thumbnail_url LIKE 'data:image/svg%'))) AS v
      LEFT JOIN thumbnails.jobs AS j ON j.video_id = v.id AND j.kind = 'thumbnail'
     WHERE v.thumbnail_generation_status = 'failed'
       AND NOT EXISTS (SELECT FROM thumbnails.dismissed AS d
                        WHERE d.video_id = v.id AND d.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at)
     GROUP BY 1, 2
  )
  SELECT count(*) AS reasons, coalesce(sum(r.exhausted), 0) AS exhausted, coalesce(sum(r.restartable), 0) AS restartable,
         coalesce(sum(r.count) FILTER (WHERE r.class IN ('media', 'forbidden')), 0)::bigint AS bad_uploads,
         (SELECT jsonb_agg(g) FROM (SELECT b.* FROM by_reason AS b ORDER BY b.count DESC, b."lastOccurrence" DESC LIMIT 200) AS g) AS list,
         (SELECT jsonb_agg(c) FROM (SELECT coalesce(b.class, 'unknown') AS class, sum(b.exhausted) AS exhausted,
                                           sum(b.count - b.exhausted) AS retried, sum(b.restartable) AS restartable
                                      FROM by_reason AS b GROUP BY 1 ORDER BY 1) AS c) AS classes
    INTO failed FROM by_reason AS r;
  SELECT round(avg(extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'))::numeric, 3) AS p95_seconds,
         count(*) FILTER (WHERE e.class = 'platform') AS refusals,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'completed') AS completed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status IS DISTINCT FROM 'completed' AND e.class IS DISTINCT FROM 'platform') AS failed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'failed' AND e.class IN ('media', 'forbidden')) AS bad_uploads
    INTO recent
    FROM thumbnails.events AS e
   WHERE e.at >= t - interval '24 hours'
     -- An attempt has failed, too, if its worker was lost and another one took over.
     AND (e.token IS NOT NULL AND (e.to_status IN ('completed', 'failed') OR e.to_status = 'processing' AND e.class = 'lost') OR e.class = 'platform');
  totals := thumbnails.totals();
  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health.completed_count, 'failedCount', health.failed_count - dismissed, 'dismissedCount', dismissed,
      'processingCount', health.processing_count, 'pendingCount', health.pending_count, 'needsGenerationCount', health.needs_generation_count,
      'avgGenerationTimeSeconds', health.avg_generation_time_seconds,
      'successRatePercent', thumbnails.percent(health.completed_count, health.failed_count - dismissed),
      -- Without uploads that cannot be used: here by videos, below by attempts.
      'successRateWithoutBadUploadsPercent', thumbnails.percent(health.completed_count, health.failed_count - dismissed - failed.bad_uploads),
      'lastDay', jsonb_build_object(
        'meanSeconds', recent.mean_seconds, 'p95Seconds', recent.p95_seconds,
        'completed', recent.completed, 'failed', recent.failed, 'badUploads', recent.bad_uploads,
        'successRatePercent', thumbnails.percent(recent.completed, recent.failed),
        'successRateWithoutBadUploadsPercent', thumbnails.percent(recent.completed, recent.failed - recent.bad_uploads))),
    'queue', (SELECT to_jsonb(q) FROM (
      SELECT count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at > t) AS leased, count(*) FILTER (WHERE j.lane = 9) AS kept,
             count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t) AS due,
             count(*) FILTER (WHERE j.lane < 9 AND j.token IS NULL AND j.due_at > t) AS later,
             greatest(0, coalesce(round(extract(epoch FROM t - min(j.due_at) FILTER (WHERE j.due_at <= t AND isfinite(j.due_at))), 3), 0)) AS "oldestDueSeconds",
             count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t - interval '1 hour') AS "overAnHour",
             count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at <= t) AS "expiredLeases"
        FROM thumbnails.jobs AS j WHERE j.kind = 'thumbnail') AS q),
    'lanes', coalesce((SELECT jsonb_agg(g) FROM (
      SELECT j.lane, count(*) AS due,
             greatest(0, round(coalesce(extract(epoch FROM t - min(j.due_at) FILTER (WHERE isfinite(j.due_at))), 0), 3)) AS "oldestDueSeconds"
        FROM thumbnails.jobs AS j WHERE j.lane < 9 AND j.due_at <= t GROUP BY j.lane ORDER BY j.lane) AS g), '[]'),
    'failures', coalesce(failed.list, '[]'), 'failureReasons', failed.reasons, 'failedClasses', coalesce(failed.classes, '[]'),
    'exhaustedCount', failed.exhausted, 'restartableCount', failed.restartable,
    -- Videos that wait because of a fault that is not theirs.
    'held', coalesce((SELECT jsonb_object_agg(g.class, g.videos)
                        FROM (SELECT v.thumbnail_generation_error_code AS class, count(*) AS videos
                                FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
                               WHERE j.releases > 0 AND j.kind = 'thumbnail' AND v.thumbnail_generation_status = 'pending'
                                 AND v.thumbnail_generation_error_code IN ('storage', 'configuration', 'platform')
                               GROUP BY 1) AS g), '{}'),
    -- What the platform's own triggers and rules have refused: kept results, and hints that could not be queued.
    'platform', jsonb_build_object(
      'refusals', recent.refusals, 'setAside', (SELECT count(*) FROM thumbnails.set_aside AS a WHERE a.sqlstate <> ''),
      'lastRefusal', (SELECT left(e.text, 300) FROM thumbnails.events AS e WHERE e.at >= t - interval '24 hours' AND e.class = 'platform' ORDER BY e.at DESC LIMIT 1)),
    'breakers', coalesce((SELECT jsonb_agg(g) FROM (
      SELECT b.class, b.host, b.consecutive AS faults, left(b.last_error, 200) AS "lastError", coalesce(b.open_until > t, false) AS open,
             thumbnails.iso(b.open_until) AS "openUntil"
        FROM thumbnails.breakers AS b WHERE b.class <> 'manual' ORDER BY b.class, b.host) AS g), '[]'),
    'paused', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(g))) FROM (
      SELECT substring(b.host FROM '^tenant (.*)$') AS tenant, CASE WHEN b.host <> '*' AND b.host NOT LIKE 'tenant %' THEN b.host END AS host,
             b.last_error AS text, thumbnails.iso(b.updated_at) AS at
        FROM thumbnails.breakers AS b WHERE b.class = 'manual' ORDER BY b.host) AS g), '[]'),
    'lastSweep', (SELECT p.last_sweep FROM thumbnails.positions AS p),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions AS d),
    'objectsRefused', (SELECT jsonb_build_object('count', count(*), 'lastError', max(d.refused)) FROM thumbnails.object_deletions AS d WHERE d.refused IS NOT NULL),
    'histogramBounds', (SELECT jsonb_agg(b.bound::text ORDER BY b.bound) FROM unnest(thumbnails.histogram_bounds()) AS b (bound)),
    'deliveryProblems', thumbnails.delivery_problems(p_webhook_hash, p_service_hash), 'pgNet', thumbnails.pg_net_answers(),
    'totals', totals,
    -- The history is added up by the hour: this is the current hour and the 23 before it.
    'decoderEnds', jsonb_build_object('total', totals -> 'decoder', 'lastDay', coalesce((
      SELECT jsonb_object_agg(g.label, g.ends)
        FROM (SELECT f.label, sum(f.value) AS ends FROM thumbnails.figures() AS f
               WHERE f.measure = 'decoder' AND f.hour >= date_trunc('hour', t, 'UTC') - interval '23 hours' GROUP BY f.label) AS g), '{}')))
    || (SELECT jsonb_build_object('enabled', r.enabled, 'missingConfiguration', r.missing) FROM thumbnails.readiness() AS r)
    || thumbnails.look_at_workers();
EXCEPTION WHEN undefined_column OR undefined_table OR out_of_memory THEN
  -- The table was made anew, without our columns, or has another name, or more partitions than can be locked.
  RAISE EXCEPTION '%', coalesce(thumbnails.trigger_problem(), SQLERRM) USING ERRCODE = SQLSTATE;
END
$$;

-- The report, made from the answer of `look`, with lists cut to `p_limit`.
CREATE OR REPLACE FUNCTION thumbnails.report(p_look jsonb, p_limit integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_look - '{totals,histogramBounds}'::text[] || jsonb_build_object(
           'failures', jsonb_path_query_array(p_look, '$.failures[0 to $n]', n),
           'nextSweep', jsonb_set(p_look -> 'nextSweep', '{videos}', jsonb_path_query_array(p_look, '$.nextSweep.videos[0 to $n]', n)),
           'workers', jsonb_set(p_look -> 'workers', '{list}', jsonb_path_query_array(p_look, '$.workers.list[0 to $n]', n)))
    FROM jsonb_build_object('n', p_limit - 1) AS n
$$;
