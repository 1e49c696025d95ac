-- What people and programs look at: all figures in one query, and the report made from them.
--
-- `look` and `report` return JSON for retry-stuck-thumbnails' GET. No function here writes, so they work on a physical standby, too.

-- Videos that failed for good and that a person has removed from lists and rates; see 032. It holds until another attempt is made.
CREATE TABLE IF NOT EXISTS thumbnails.dismissed (
  video_id        uuid PRIMARY KEY,
  last_attempt_at timestamptz
);

-- Upper bounds of the histogram of generation times, in seconds.
CREATE OR REPLACE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;

-- Whether a failure of this class is the upload's fault, so that rates leave it out.
CREATE OR REPLACE FUNCTION thumbnails.is_bad_upload(class text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT class IN ('media', 'forbidden') $$;

-- Up to `p_limit` videos that the next sweep would start, and how many there are among the first ten thousand that it examines.
CREATE OR REPLACE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := statement_timestamp();
  left_behind uuid[] := coalesce((SELECT f.ids FROM thumbnails.find_left_behind(NULL, 10000) AS f), '{}');
  lost uuid[] := ARRAY(SELECT j.video_id FROM thumbnails.jobs AS j WHERE j.lane BETWEEN 0 AND 3 AND j.kind = 'thumbnail' AND j.token IS NOT NULL AND j.due_at <= t LIMIT 10000);
BEGIN
  RETURN jsonb_build_object(
    'count', cardinality(lost) + cardinality(left_behind),
    'videos', coalesce((SELECT jsonb_agg(jsonb_build_object('videoId', s.id, 'state', s.state, 'attempts', s.attempts, 'reason', s.reason,
                                                            'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM t - s.since)), 1) END)
                                         ORDER BY s.since NULLS LAST, s.id)
                          FROM (SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_generation_attempts, 0) AS attempts, c.reason,
                                       coalesce(j.due_at, CASE WHEN v.thumbnail_generation_status = 'processing' THEN v.thumbnail_generation_started_at END,
                                                greatest(v.thumbnail_generation_last_attempt_at, thumbnails.moment(thumbnails.own(v.id) ->> 'created_at'))) AS since
                                  FROM (SELECT l.id, 'lease_over' AS reason FROM unnest(lost) AS l (id)
                                        UNION ALL SELECT l.id, 'left_behind' FROM unnest(left_behind) AS l (id) LIMIT greatest(p_limit, 0)) AS c
                                  JOIN public.videos AS v ON v.id = c.id
                                  LEFT JOIN thumbnails.jobs AS j ON j.video_id = c.id AND j.kind = 'thumbnail') AS s), '[]'));
END
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
  health jsonb;
  ready record;
  queue record;
  failures jsonb;
  reasons bigint;
  failed jsonb;
  bad_uploads bigint;
  recent record;
  dismissed bigint;
  completed_count bigint;
  failed_count bigint;
BEGIN
  -- EXECUTE, since only then can several processes count. The figures are those of the public view, which somebody may have dropped.
  BEGIN
    EXECUTE $q$
      SELECT jsonb_build_object(
               'completed_count', count(*) FILTER (WHERE v.thumbnail_generation_status = 'completed'),
               'failed_count', count(*) FILTER (WHERE v.thumbnail_generation_status = 'failed'),
               'processing_count', count(*) FILTER (WHERE v.thumbnail_generation_status = 'processing'),
               'pending_count', count(*) FILTER (WHERE v.thumbnail_generation_status = 'pending'),
               'needs_generation_count', (SELECT count(*) FROM public.videos AS l
                                           WHERE l.status = 'completed' AND (l.thumbnail_url IS NULL OR l.thumbnail_url = '' OR l.thumbnail_url LIKE 'data:image/svg%')),
               'avg_generation_time_seconds', round(avg(date_part('epoch', v.thumbnail_generated_at - v.thumbnail_generation_started_at))
                 FILTER (WHERE v.thumbnail_generation_status = 'completed' AND v.thumbnail_generation_started_at > to_timestamp(0)
                           AND v.thumbnail_generated_at >= v.thumbnail_generation_started_at AND v.thumbnail_generated_at < to_timestamp(1e11))::numeric, 2))
        FROM public.videos AS v$q$ INTO health;
  EXCEPTION WHEN undefined_column OR undefined_table THEN
    -- The table was made anew, without our columns, or has another name.
    RAISE EXCEPTION '%', coalesce(thumbnails.trigger_problem(), SQLERRM) USING ERRCODE = SQLSTATE;
  END;
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness() AS r;
  SELECT count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at > t) AS leased,
         count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t) AS due,
         count(*) FILTER (WHERE j.lane < 9 AND j.token IS NULL AND j.due_at > t) AS later,
         count(*) FILTER (WHERE j.lane = 9) AS kept,
         extract(epoch FROM t - min(CASE WHEN j.due_at <= t AND isfinite(j.due_at) THEN j.due_at END)) AS oldest_seconds,
         count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t - interval '1 hour') AS over_an_hour,
         count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at <= t) AS expired_leases
    INTO queue FROM thumbnails.jobs AS j WHERE j.kind = 'thumbnail';
  -- Looked up by key, since they are few beside the videos.
  SELECT count(*) INTO dismissed FROM thumbnails.dismissed AS d CROSS JOIN LATERAL (
    SELECT FROM public.videos AS v WHERE v.id = d.video_id AND v.thumbnail_generation_status = 'failed'
                                     AND v.thumbnail_generation_last_attempt_at IS NOT DISTINCT FROM d.last_attempt_at LIMIT 1) AS g;
  completed_count := (health ->> 'completed_count')::bigint;
  failed_count := (health ->> 'failed_count')::bigint - dismissed;
  WITH failed_videos AS MATERIALIZED (
    SELECT v.id, left(coalesce(v.thumbnail_generation_error, 'failed before this system, no reason was recorded'), 200) AS error,
           v.thumbnail_generation_error_code AS class, j.video_id IS NULL AS is_exhausted,
           NOT thumbnails.is_blank(v.video_url) AS can_restart, v.thumbnail_generation_last_attempt_at AS at
      FROM public.videos AS v LEFT JOIN thumbnails.jobs AS j ON j.video_id = v.id AND j.kind = 'thumbnail'
     WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
       AND v.thumbnail_generation_status = 'failed'
       AND NOT EXISTS (SELECT FROM thumbnails.dismissed AS d
                        WHERE d.video_id = v.id AND d.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at)
  ), by_reason AS (
    SELECT f.error, f.class, count(*) AS failures, count(*) FILTER (WHERE f.is_exhausted) AS exhausted,
           count(*) FILTER (WHERE f.can_restart) AS restartable, max(f.at) AS last_occurrence, (array_agg(f.id ORDER BY f.at DESC NULLS LAST))[1:5] AS ids
      FROM failed_videos AS f GROUP BY f.error, f.class
  )
  SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('error', g.error, 'class', g.class, 'count', g.failures, 'exhausted', g.exhausted,
                                                       'restartable', g.restartable, 'lastOccurrence', thumbnails.iso(g.last_occurrence), 'videoIds', g.ids)
                                    ORDER BY g.failures DESC, g.last_occurrence DESC)
                     FROM (SELECT b.* FROM by_reason AS b ORDER BY b.failures DESC, b.last_occurrence DESC LIMIT 200) AS g), '[]'),
         (SELECT count(*) FROM by_reason AS b),
         coalesce((SELECT jsonb_agg(jsonb_build_object('class', c.class, 'exhausted', c.exhausted, 'retried', c.failures - c.exhausted,
                                                       'restartable', c.restartable) ORDER BY c.class)
                     FROM (SELECT coalesce(b.class, 'unknown') AS class, sum(b.exhausted) AS exhausted, sum(b.failures) AS failures,
                                  sum(b.restartable) AS restartable FROM by_reason AS b GROUP BY 1) AS c), '[]'),
         (SELECT coalesce(sum(b.failures), 0) FROM by_reason AS b WHERE thumbnails.is_bad_upload(b.class))
    INTO failures, reasons, failed, bad_uploads;
  SELECT round(avg(extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'))::numeric, 3) AS p95_seconds,
         count(*) FILTER (WHERE e.class = 'platform') AS refusals,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'completed') AS completed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status IS DISTINCT FROM 'completed' AND e.class IS DISTINCT FROM 'platform') AS failed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'failed' AND thumbnails.is_bad_upload(e.class)) AS bad_uploads
    INTO recent
    FROM thumbnails.events AS e
   WHERE e.at >= t - interval '24 hours'
     -- An attempt has failed, too, if its worker was lost and another one took over.
     AND (e.token IS NOT NULL AND (e.to_status IN ('completed', 'failed') OR e.to_status = 'processing' AND e.class = 'lost') OR e.class = 'platform');

  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health -> 'completed_count', 'failedCount', failed_count, 'dismissedCount', dismissed,
      'processingCount', health -> 'processing_count', 'pendingCount', health -> 'pending_count', 'needsGenerationCount', health -> 'needs_generation_count',
      'successRatePercent', thumbnails.percent(completed_count, failed_count), 'avgGenerationTimeSeconds', health -> 'avg_generation_time_seconds',
      -- Without uploads that cannot be used: here by videos, below by attempts.
      'successRateWithoutBadUploadsPercent', thumbnails.percent(completed_count, failed_count - bad_uploads),
      'lastDay', jsonb_build_object(
        'meanSeconds', recent.mean_seconds, 'p95Seconds', recent.p95_seconds,
        'completed', recent.completed, 'failed', recent.failed, 'badUploads', recent.bad_uploads,
        'successRatePercent', thumbnails.percent(recent.completed, recent.failed),
        'successRateWithoutBadUploadsPercent', thumbnails.percent(recent.completed, recent.failed - recent.bad_uploads))),
    'queue', jsonb_build_object('due', queue.due, 'leased', queue.leased, 'later', queue.later, 'kept', queue.kept,
                                'oldestDueSeconds', greatest(0, coalesce(round(queue.oldest_seconds, 3), 0)),
                                'overAnHour', queue.over_an_hour, 'expiredLeases', queue.expired_leases),
    'lanes', coalesce((SELECT jsonb_agg(jsonb_build_object('lane', g.lane, 'due', g.due, 'oldestDueSeconds', greatest(0, round(g.oldest_seconds, 3))) ORDER BY g.lane)
                         FROM (SELECT j.lane, count(*) AS due, coalesce(extract(epoch FROM t - min(j.due_at) FILTER (WHERE isfinite(j.due_at))), 0) AS oldest_seconds
                                 FROM thumbnails.jobs AS j WHERE j.lane < 9 AND j.due_at <= t GROUP BY j.lane) AS g), '[]'),
    'failures', failures, 'failureReasons', reasons, 'failed', failed,
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
    'breakers', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                   'class', b.class, 'host', b.host, 'faults', b.consecutive, 'lastError', left(b.last_error, 200),
                                   'open', coalesce(b.open_until > t, false), 'openUntil', thumbnails.iso(b.open_until)) ORDER BY b.class, b.host)
                            FROM thumbnails.breakers AS b WHERE b.class <> 'manual'), '[]'),
    -- What people have paused, with who and since when.
    'paused', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                 'tenant', substring(b.host FROM '^tenant (.*)$'), 'host', CASE WHEN b.host <> '*' AND b.host NOT LIKE 'tenant %' THEN b.host END,
                                 'text', b.last_error, 'at', thumbnails.iso(b.updated_at))) ORDER BY b.host)
                          FROM thumbnails.breakers AS b WHERE b.class = 'manual'), '[]'),
    'lastSweep', (SELECT p.last_sweep FROM thumbnails.positions AS p),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions AS d),
    -- What the store did not delete when it was told to.
    'objectsRefused', (SELECT jsonb_build_object('count', count(*), 'lastError', max(d.refused)) FROM thumbnails.object_deletions AS d WHERE d.refused IS NOT NULL),
    'histogramBounds', (SELECT jsonb_agg(b.bound::text ORDER BY b.bound) FROM unnest(thumbnails.histogram_bounds()) AS b (bound)),
    'enabled', ready.enabled, 'missingConfiguration', ready.missing, 'deliveryProblems', thumbnails.delivery_problems(p_webhook_hash, p_service_hash),
    'pgNet', thumbnails.pg_net_answers(),
    'totals', thumbnails.totals()) || thumbnails.look_at_workers();
END
$$;

-- The first `p_limit` elements of an array.
CREATE OR REPLACE FUNCTION thumbnails.head(list jsonb, p_limit integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(e.value ORDER BY e.position), '[]') FROM jsonb_array_elements(list) WITH ORDINALITY AS e (value, position) WHERE e.position <= p_limit
$$;

-- The sum of a field over the objects of an array.
CREATE OR REPLACE FUNCTION thumbnails.sum_of(list jsonb, field text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum((e.value ->> field)::bigint), 0) FROM jsonb_array_elements(list) AS e
$$;

-- The report, made from the answer of `look`: the state of things and the dry run, with lists cut to `p_limit`.
CREATE OR REPLACE FUNCTION thumbnails.report(p_look jsonb, p_limit integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (p_look - ARRAY['failed', 'totals', 'histogramBounds'])
         || jsonb_build_object(
              'failures', thumbnails.head(p_look -> 'failures', p_limit),
              'failedClasses', p_look -> 'failed',
              'exhaustedCount', thumbnails.sum_of(p_look -> 'failed', 'exhausted'),
              'restartableCount', thumbnails.sum_of(p_look -> 'failed', 'restartable'),
              'nextSweep', jsonb_set(p_look -> 'nextSweep', '{videos}', thumbnails.head(p_look #> '{nextSweep,videos}', p_limit)),
              'workers', jsonb_set(p_look -> 'workers', '{list}', thumbnails.head(p_look #> '{workers,list}', p_limit)),
              'decoderEnds', (p_look -> 'decoderEnds') || jsonb_build_object('total', p_look #> '{totals,decoder}'))
$$;

DO $$ BEGIN PERFORM thumbnails.hand_out('{look, report}'); END $$;
