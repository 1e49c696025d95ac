-- What people and programs look at: the report, the metrics, the history, one video's life; and starting failed videos again.
--
-- migrate: own-transactions
--
-- Everything here answers JSON for retry-stuck-thumbnails' GET. It reads; what it writes are its own sums and its own cache.

BEGIN;
SET LOCAL client_min_messages = warning;

-- What was last looked up, for those who poll. Unlogged: after a crash it is looked up anew.
CREATE UNLOGGED TABLE IF NOT EXISTS thumbnails.report_cache (
  name    text PRIMARY KEY,
  at      timestamptz NOT NULL,
  -- How long looking it up took.
  cost    interval NOT NULL,
  value   jsonb NOT NULL
);

-- Advisory lock of whoever refreshes the cache.
CREATE OR REPLACE FUNCTION thumbnails.report_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026006 $$;

-- Since when a row has been waiting for somebody to come: the time it was due, its lease ended, or it was left behind. NULL where
-- nobody has to come.
CREATE OR REPLACE FUNCTION thumbnails.waiting_since(v public.videos) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN v.status IS DISTINCT FROM 'completed' THEN NULL
    WHEN v.thumbnail_generation_status = 'processing' THEN
      coalesce(v.thumbnail_generation_lease_until,
               coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at) + interval '30 minutes')
    WHEN v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NOT NULL THEN
      v.thumbnail_generation_next_attempt_at
    WHEN v.thumbnail_generation_status = 'failed' THEN NULL
    WHEN v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%' THEN
      greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at)
    END
$$;

-- Whether a failed row can be started again by hand: it still lacks its thumbnail, and there is something to fetch.
CREATE OR REPLACE FUNCTION thumbnails.can_restart(v public.videos) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT v.thumbnail_generation_status = 'failed' AND v.status = 'completed' AND v.video_url IS NOT NULL
         AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
$$;

-- The counters since the beginning, as {measure: number} and {measure: {label: number}}: what has been added up and what is newer, in
-- one look.
CREATE OR REPLACE FUNCTION thumbnails.totals() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH figures AS (
    SELECT h.measure, h.label, h.value FROM thumbnails.hourly_totals h
    UNION ALL
    SELECT m.measure, m.label, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.totals_position p), 9223372036854775807) AS m
  ), summed AS (
    SELECT f.measure, f.label, sum(f.value) AS value FROM figures f GROUP BY f.measure, f.label
  )
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'stale', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb)
         || coalesce((SELECT jsonb_object_agg(s.measure, s.value) FROM summed s WHERE s.label = ''
                                                                                  AND s.measure NOT IN ('failed', 'released')), '{}')
         || coalesce((SELECT jsonb_object_agg(g.measure, g.labels)
                        FROM (SELECT s.measure, jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value) AS labels FROM summed s
                               WHERE s.measure IN ('failed', 'released', 'le') GROUP BY s.measure) AS g), '{}')
$$;

-- What the next sweep would set going, up to `p_limit` of it, and how many there are (counted to ten thousand, which is what one
-- sweep takes).
CREATE OR REPLACE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  answer jsonb;
BEGIN
  WITH candidates AS MATERIALIZED (
    SELECT c.id FROM thumbnails.sweep_candidates(t, true, 10000) AS c
  ), shown AS (
    SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_generation_attempts, 0) AS attempts,
           CASE WHEN v.thumbnail_generation_status = 'processing' AND v.thumbnail_generation_claim_token IS NOT NULL THEN 'lease_over'
                WHEN v.thumbnail_generation_status = 'processing' THEN 'no_token'
                WHEN v.thumbnail_generation_next_attempt_at IS NOT NULL THEN 'due'
                ELSE 'left_behind' END AS reason,
           thumbnails.waiting_since(v) AS since
      FROM (SELECT c.id FROM candidates c LIMIT greatest(p_limit, 0)) AS c
      JOIN public.videos v ON v.id = c.id
  )
  SELECT jsonb_build_object(
           'count', least(10000, (SELECT count(*) FROM candidates)),
           'videos', coalesce((SELECT jsonb_agg(jsonb_build_object('videoId', s.id, 'state', s.state, 'attempts', s.attempts, 'reason', s.reason,
                                                                   'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM t - s.since)), 1) END)
                                                ORDER BY s.since NULLS LAST, s.id)
                                 FROM shown s), '[]'))
    INTO answer;
  RETURN answer;
END
$$;

-- Everything the report and the metrics say. Lists hold what the longest report shows.
CREATE OR REPLACE FUNCTION thumbnails.look() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  health record;
  ready record;
  queue record;
  stuck record;
  recent record;
BEGIN
  PERFORM thumbnails.fold_events();
  SELECT * INTO health FROM public.thumbnail_generation_health;
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  SELECT count(*) FILTER (WHERE w.leased_until > t) AS leased,
         count(*) FILTER (WHERE w.due_at <= t AND (w.leased_until IS NULL OR w.leased_until <= t)) AS due,
         count(*) FILTER (WHERE w.due_at > t AND (w.leased_until IS NULL OR w.leased_until <= t)) AS later
    INTO queue
    FROM public.thumbnail_webhooks w;
  -- Three looks for three partial indexes.
  SELECT extract(epoch FROM t - min(waiting.since)) AS oldest_seconds,
         count(*) FILTER (WHERE waiting.is_lease) AS expired_leases,
         count(*) FILTER (WHERE waiting.since <= t - interval '1 hour') AS over_an_hour
    INTO stuck
    FROM (SELECT thumbnails.waiting_since(v) AS since, v.thumbnail_generation_claim_token IS NOT NULL AS is_lease
            FROM public.videos v WHERE v.thumbnail_generation_status = 'processing'
          UNION ALL
          SELECT thumbnails.waiting_since(v), false
            FROM public.videos v
           WHERE v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NOT NULL
             AND v.thumbnail_generation_next_attempt_at <= t
          UNION ALL
          SELECT thumbnails.waiting_since(v), false
            FROM public.videos v
           WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
             AND (v.thumbnail_generation_status IS NULL OR v.thumbnail_generation_status = 'completed'
                  OR v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at IS NULL)) AS waiting
   WHERE waiting.since <= t AND isfinite(waiting.since);
  SELECT round(avg(extract(epoch FROM e.duration)), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)))::numeric, 3) AS p95_seconds
    INTO recent
    FROM thumbnails.events e
   WHERE e.at >= t - interval '24 hours' AND e.token IS NOT NULL AND e.to_status = 'completed';

  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health.completed_count, 'failedCount', health.failed_count, 'processingCount', health.processing_count,
      'pendingCount', health.pending_count, 'needsGenerationCount', health.needs_generation_count,
      'successRatePercent', health.success_rate_percent, 'avgGenerationTimeSeconds', health.avg_generation_time_seconds,
      'lastDay', jsonb_build_object('meanSeconds', recent.mean_seconds, 'p95Seconds', recent.p95_seconds)),
    'queue', jsonb_build_object('due', queue.due, 'leased', queue.leased, 'later', queue.later,
                                'oldestDueSeconds', greatest(0, coalesce(round(stuck.oldest_seconds, 3), 0)),
                                'overAnHour', stuck.over_an_hour, 'expiredLeases', stuck.expired_leases),
    'failures', coalesce((
      SELECT jsonb_agg(jsonb_build_object('error', g.error, 'class', g.class, 'count', g.failures, 'exhausted', g.exhausted,
                                          'restartable', g.restartable,
                                          'lastOccurrence', thumbnails.iso(g.last_occurrence), 'videoIds', g.ids)
                       ORDER BY g.failures DESC, g.last_occurrence DESC)
        FROM (SELECT left(coalesce(v.thumbnail_generation_error, ''), 200) AS error, v.thumbnail_generation_error_code AS class,
                     count(*) AS failures,
                     count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NULL) AS exhausted,
                     count(*) FILTER (WHERE thumbnails.can_restart(v)) AS restartable,
                     max(coalesce(v.thumbnail_generation_last_attempt_at, v.created_at)) AS last_occurrence,
                     (array_agg(v.id ORDER BY coalesce(v.thumbnail_generation_last_attempt_at, v.created_at) DESC))[1:5] AS ids
                FROM public.videos v
               WHERE v.thumbnail_generation_status = 'failed'
               GROUP BY 1, 2
               ORDER BY failures DESC, last_occurrence DESC
               LIMIT 200) AS g), '[]'),
    'failureReasons', (SELECT count(DISTINCT (left(coalesce(v.thumbnail_generation_error, ''), 200), v.thumbnail_generation_error_code))
                         FROM public.videos v WHERE v.thumbnail_generation_status = 'failed'),
    'failed', coalesce((SELECT jsonb_agg(jsonb_build_object('class', g.class, 'exhausted', g.exhausted, 'retried', g.retried,
                                                              'restartable', g.restartable) ORDER BY g.class)
                          FROM (SELECT coalesce(v.thumbnail_generation_error_code, 'unknown') AS class,
                                       count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NULL) AS exhausted,
                                       count(*) FILTER (WHERE v.thumbnail_generation_next_attempt_at IS NOT NULL) AS retried,
                                       count(*) FILTER (WHERE thumbnails.can_restart(v)) AS restartable
                                  FROM public.videos v WHERE v.thumbnail_generation_status = 'failed' GROUP BY 1) AS g), '[]'),
    -- Waiting because of a fault that is not theirs.
    'held', coalesce((SELECT jsonb_object_agg(g.class, g.videos)
                        FROM (SELECT v.thumbnail_generation_error_code AS class, count(*) AS videos FROM public.videos v
                               WHERE v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at IS NOT NULL
                                 AND v.thumbnail_generation_error_code IN ('storage', 'configuration')
                               GROUP BY 1) AS g), '{}'),
    'breakers', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                   'class', b.class, 'faults', b.consecutive, 'lastError', left(b.last_error, 200),
                                   'open', coalesce(b.open_until > t, false), 'openUntil', thumbnails.iso(b.open_until)) ORDER BY b.class)
                            FROM thumbnails.breakers b), '[]'),
    'lastSweep', (SELECT jsonb_build_object('at', thumbnails.iso(s.at), 'epoch', round(extract(epoch FROM s.at), 3),
                                            'retriedCount', s.retried, 'skippedCount', s.skipped, 'lostCount', s.lost)
                    FROM thumbnails.last_sweep s),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions d),
    'histogramBounds', (SELECT jsonb_agg(b.bound::text ORDER BY b.bound) FROM unnest(thumbnails.histogram_bounds()) AS b (bound)),
    'enabled', ready.enabled, 'missingConfiguration', ready.missing,
    'totals', thumbnails.totals());
END
$$;

-- The same for those who poll: looked up anew after ten seconds, or fifty times what looking costs where that is less, so that small databases
-- show every change at once and large ones are not kept busy by whoever watches. While one session looks, the others are told what
-- was seen last, up to a minute ago.
CREATE OR REPLACE FUNCTION thumbnails.snapshot() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cached thumbnails.report_cache%ROWTYPE;
  started timestamptz;
  looked jsonb;
BEGIN
  SELECT * INTO cached FROM thumbnails.report_cache WHERE name = 'snapshot';
  -- A clock that was set back makes nothing fresh for ever.
  IF clock_timestamp() BETWEEN cached.at AND cached.at + least(interval '10 seconds', 50 * cached.cost) THEN
    RETURN cached.value;
  END IF;
  IF NOT pg_try_advisory_xact_lock(thumbnails.report_key()) THEN
    IF clock_timestamp() BETWEEN cached.at AND cached.at + interval '1 minute' THEN
      RETURN cached.value;
    END IF;
    PERFORM pg_advisory_xact_lock(thumbnails.report_key());
    SELECT * INTO cached FROM thumbnails.report_cache WHERE name = 'snapshot';
    IF clock_timestamp() BETWEEN cached.at AND cached.at + interval '10 seconds' THEN
      RETURN cached.value;
    END IF;
  END IF;
  started := clock_timestamp();
  looked := thumbnails.look();
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO thumbnails.report_cache (name, at, cost, value) VALUES ('snapshot', clock_timestamp(), clock_timestamp() - started, looked)
  ON CONFLICT (name) DO UPDATE SET at = excluded.at, cost = excluded.cost, value = excluded.value;
  RETURN looked;
END
$$;

-- The first `p_limit` elements of an array.
CREATE OR REPLACE FUNCTION thumbnails.head(list jsonb, p_limit integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(e.value ORDER BY e.position), '[]') FROM jsonb_array_elements(list) WITH ORDINALITY AS e (value, position) WHERE e.position <= p_limit
$$;

-- The sum of a field of the objects in an array.
CREATE OR REPLACE FUNCTION thumbnails.sum_of(list jsonb, field text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum((e.value ->> field)::bigint), 0) FROM jsonb_array_elements(list) AS e
$$;

-- The dry run and the state of things: lists are cut to `p_limit`.
CREATE OR REPLACE FUNCTION thumbnails.report(p_limit integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s jsonb := thumbnails.snapshot();
BEGIN
  RETURN (s - ARRAY['failed', 'totals', 'histogramBounds'])
         || jsonb_build_object(
              'failures', thumbnails.head(s -> 'failures', p_limit),
              'exhaustedCount', thumbnails.sum_of(s -> 'failed', 'exhausted'),
              'restartableCount', thumbnails.sum_of(s -> 'failed', 'restartable'),
              'nextSweep', jsonb_set(s -> 'nextSweep', '{videos}', thumbnails.head(s #> '{nextSweep,videos}', p_limit)));
END
$$;

-- The last `p_hours` hours, one element each, the current one last: announced, completed, failed (attempts), and the mean of the seconds.
CREATE OR REPLACE FUNCTION thumbnails.history(p_hours integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH figures AS MATERIALIZED (
    SELECT h.hour, h.measure, h.value FROM thumbnails.hourly_totals h
     WHERE h.hour > clock_timestamp() - make_interval(hours => p_hours + 1)
    UNION ALL
    SELECT m.hour, m.measure, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.totals_position p), 9223372036854775807) AS m
  ), hours AS (
    SELECT date_trunc('hour', clock_timestamp(), 'UTC') - make_interval(hours => ago) AS hour FROM generate_series(p_hours - 1, 0, -1) AS ago
  )
  SELECT jsonb_agg(jsonb_build_object('hour', thumbnails.iso(g.hour), 'announced', g.announced, 'completed', g.completed, 'failed', g.failed,
                                      'meanSeconds', round((g.seconds / nullif(g.completed, 0))::numeric, 3)) ORDER BY g.hour)
    FROM (SELECT h.hour,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'announced'), 0) AS announced,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'completed'), 0) AS completed,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'failed'), 0) AS failed,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'seconds'), 0) AS seconds
            FROM hours h LEFT JOIN figures f ON f.hour = h.hour
           GROUP BY h.hour) AS g
$$;

-- A time as it is shown; NULL where it is infinite.
CREATE OR REPLACE FUNCTION thumbnails.finite(at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT CASE WHEN isfinite(at) THEN thumbnails.iso(at) END $$;

-- A thumbnail's URL as it is shown: NULL where there is none to show, where it is too long, and where its query signs it.
CREATE OR REPLACE FUNCTION thumbnails.shown_url(url text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN url LIKE 'data:image/svg%' OR length(url) > 2000
                OR url ~* '[?&](token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|expires|policy|key-pair-id|verify|hdnts|hdnea)=' OR url ~ '^[a-z]+://[^/?#]*@'
              THEN NULL ELSE url END
$$;

-- One row as it is shown: no URL that is signed, of the video's only the host.
CREATE OR REPLACE FUNCTION thumbnails.describe_video(v public.videos) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', v.id, 'title', left(v.title, 300), 'videoStatus', v.status, 'status', v.thumbnail_generation_status,
    'thumbnailUrl', thumbnails.shown_url(v.thumbnail_url),
    'hasThumbnail', v.thumbnail_url IS NOT NULL AND v.thumbnail_url NOT LIKE 'data:image/svg%', 'canRestart', coalesce(thumbnails.can_restart(v), false),
    'error', left(v.thumbnail_generation_error, 500), 'class', v.thumbnail_generation_error_code,
    'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'maxAttempts', thumbnails.max_attempts(),
    'nextAttemptAt', thumbnails.finite(v.thumbnail_generation_next_attempt_at), 'leaseUntil', thumbnails.finite(v.thumbnail_generation_lease_until),
    'startedAt', thumbnails.finite(v.thumbnail_generation_started_at), 'generatedAt', thumbnails.finite(v.thumbnail_generated_at),
    'createdAt', thumbnails.finite(v.created_at), 'sourceHost', substring(v.video_url FROM '^[a-zA-Z]+://(?:[^/?#]*@)?([^/?#@]+)'))
$$;

-- Videos for a gallery, at most `p_limit`, the latest first. `p_state`: completed, failed, processing, pending (also what waits
-- unannounced), or NULL for those something happened to last. The search through the history goes back as far as it must; what has no
-- history (any more) comes behind, in the order of the ids.
CREATE OR REPLACE FUNCTION thumbnails.find_videos(p_state text, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ids uuid[];
  back interval;
BEGIN
  CASE p_state
    WHEN 'failed' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v WHERE v.thumbnail_generation_status = 'failed'
                    ORDER BY coalesce(v.thumbnail_generation_last_attempt_at, v.created_at) DESC NULLS LAST, v.id LIMIT p_limit);
    WHEN 'processing' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v WHERE v.thumbnail_generation_status = 'processing'
                    ORDER BY v.thumbnail_generation_started_at DESC NULLS LAST, v.id LIMIT p_limit);
    WHEN 'pending' THEN
      ids := ARRAY(SELECT v.id FROM public.videos v
                    WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
                      AND (v.thumbnail_generation_status = 'pending' OR v.thumbnail_generation_status IS NULL)
                    ORDER BY v.created_at DESC, v.id LIMIT p_limit);
    ELSE
      FOREACH back IN ARRAY ARRAY[interval '1 hour', interval '24 hours', interval '8 days', interval '100 years'] LOOP
        -- The latest of the history, and of each its row by key, until there are enough: never the whole table. LIMIT keeps the planner
        -- from joining the two the other way round.
        ids := ARRAY(SELECT v.id
                       FROM (SELECT e.video_id, max(e.at) AS last FROM thumbnails.events e
                              WHERE e.at >= clock_timestamp() - back
                                AND (p_state IS NULL AND e.to_status IS NOT NULL OR e.to_status = p_state)
                              GROUP BY e.video_id ORDER BY last DESC) AS g
                      CROSS JOIN LATERAL (SELECT x.id FROM public.videos x
                                           WHERE x.id = g.video_id AND (p_state IS NULL OR x.thumbnail_generation_status = p_state) LIMIT 1) AS v
                      ORDER BY g.last DESC LIMIT p_limit);
        EXIT WHEN cardinality(ids) >= p_limit;
      END LOOP;
      ids := ids || ARRAY(SELECT v.id FROM public.videos v
                           WHERE (p_state IS NULL AND v.thumbnail_generation_status IS NOT NULL OR v.thumbnail_generation_status = p_state)
                             AND v.id <> ALL (ids)
                           ORDER BY v.id LIMIT p_limit - cardinality(ids));
  END CASE;
  RETURN coalesce((SELECT jsonb_agg(thumbnails.describe_video(v) ORDER BY i.position)
                     FROM unnest(ids) WITH ORDINALITY AS i (id, position) JOIN public.videos v ON v.id = i.id), '[]');
END
$$;

-- The same for those who poll, kept like `snapshot`: where finding them is quick it is not kept at all.
CREATE OR REPLACE FUNCTION thumbnails.list_videos(p_state text, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  list_name text := format('videos %s %s', coalesce(p_state, 'recent'), p_limit);
  started timestamptz := clock_timestamp();
  cached thumbnails.report_cache%ROWTYPE;
  found_videos jsonb;
BEGIN
  SELECT * INTO cached FROM thumbnails.report_cache WHERE name = list_name;
  IF started BETWEEN cached.at AND cached.at + least(interval '10 seconds', 50 * cached.cost) THEN
    RETURN cached.value;
  END IF;
  -- While another session looks, what was seen last will do.
  IF NOT pg_try_advisory_xact_lock(hashtext('thumbnails.list_videos'), hashtext(list_name))
     AND started BETWEEN cached.at AND cached.at + interval '1 minute' THEN
    RETURN cached.value;
  END IF;
  found_videos := thumbnails.find_videos(p_state, p_limit);
  IF clock_timestamp() - started > interval '20 milliseconds' THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO thumbnails.report_cache (name, at, cost, value) VALUES (list_name, clock_timestamp(), clock_timestamp() - started, found_videos)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, cost = excluded.cost, value = excluded.value;
  END IF;
  RETURN found_videos;
END
$$;

-- What is known of a thumbnail, and nothing another program may have put beside it: by name, type and length.
CREATE OR REPLACE FUNCTION thumbnails.shown_metadata(metadata jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
    FROM jsonb_each(CASE WHEN jsonb_typeof(metadata) = 'object' THEN metadata ELSE '{}' END) AS m
   WHERE m.key IN ('width', 'height', 'bytes', 'timestampSeconds', 'durationSeconds', 'score', 'candidates', 'bytesFetched', 'requests')
         AND jsonb_typeof(m.value) = 'number'
      OR m.key IN ('method', 'format', 'aspectRatio', 'container', 'codec', 'source') AND jsonb_typeof(m.value) = 'string' AND length(m.value #>> '{}') <= 100
      OR m.key IN ('rejected', 'stagesMs') AND jsonb_typeof(m.value) = 'object' AND length(m.value::text) <= 1000
         AND NOT EXISTS (SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(m.value) = 'object' THEN m.value ELSE '{}' END) AS inner_value
                          WHERE jsonb_typeof(inner_value.value) <> 'number')
$$;

-- One video's life: its row, what is known of its thumbnail, and its last 100 events, the latest first. NULL: no such video.
CREATE OR REPLACE FUNCTION thumbnails.timeline(p_video_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT thumbnails.describe_video(v)
         || jsonb_build_object(
              'metadata', thumbnails.shown_metadata(v.thumbnail_metadata),
              'events', coalesce((
                SELECT jsonb_agg(jsonb_build_object('at', thumbnails.iso(e.at), 'from', e.from_status, 'to', e.to_status, 'attempt', e.attempt,
                                                    'class', e.class, 'text', left(e.text, 500),
                                                    'seconds', round(extract(epoch FROM e.duration), 3), 'detail', CASE WHEN e.detail IS NOT NULL THEN thumbnails.shown_metadata(e.detail) END) ORDER BY e.id DESC)
                  FROM (SELECT * FROM thumbnails.events x WHERE x.video_id = v.id ORDER BY x.id DESC LIMIT 100) AS e), '[]'))
    FROM public.videos v WHERE v.id = p_video_id
$$;

-- Starts up to `p_limit` (1 to 1000) failed videos without a thumbnail again, in the order of their ids and past those that are locked;
-- with `p_error` only those that failed with this text, with `p_class` only those of this class (`unknown`: of none). `p_before` (now) is answered, so that whoever goes on with the rest names it
-- and does not meet those again that have failed once more. Answers how many, and how many of the kind are left.
DROP FUNCTION IF EXISTS thumbnails.retry_failed(integer, text);
DROP FUNCTION IF EXISTS thumbnails.retry_failed(integer, text, timestamptz);
CREATE OR REPLACE FUNCTION thumbnails.retry_failed(
  p_limit integer, p_error text DEFAULT NULL, p_before timestamptz DEFAULT NULL, p_class text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ready record;
  latest timestamptz := coalesce(p_before, clock_timestamp());
  kind text := left(p_error, 200);
  restarted integer;
BEGIN
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  IF NOT ready.enabled THEN
    RETURN jsonb_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  ELSIF ready.missing IS NOT NULL THEN
    RETURN jsonb_build_object('success', false, 'error', 'Missing configuration in system_config');
  END IF;
  DELETE FROM thumbnails.report_cache WHERE name LIKE 'videos %';
  WITH held AS MATERIALIZED (
    SELECT v.id FROM public.videos v
     WHERE thumbnails.can_restart(v) AND (kind IS NULL OR left(coalesce(v.thumbnail_generation_error, ''), 200) = kind)
       AND (p_class IS NULL OR coalesce(v.thumbnail_generation_error_code, 'unknown') = p_class)
       AND coalesce(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), '-infinity') <= latest
     ORDER BY v.id
     LIMIT least(greatest(p_limit, 0), 1000)
       FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT count(*) FILTER (WHERE (public.manually_trigger_thumbnail_generation(h.id) ->> 'success')::boolean) INTO restarted FROM held h;
  RETURN jsonb_build_object(
    'success', true, 'processed', restarted, 'before', to_char(latest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'remaining', (SELECT count(*) FROM public.videos v
                   WHERE thumbnails.can_restart(v) AND (kind IS NULL OR left(coalesce(v.thumbnail_generation_error, ''), 200) = kind)
       AND (p_class IS NULL OR coalesce(v.thumbnail_generation_error_code, 'unknown') = p_class)
                     AND coalesce(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), '-infinity') <= latest));
END
$$;

-- One video by hand, for those who look at the lists.
CREATE OR REPLACE FUNCTION thumbnails.restart(p_video_id uuid) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM thumbnails.report_cache WHERE name LIKE 'videos %';
  RETURN public.manually_trigger_thumbnail_generation(p_video_id);
END
$$;

REVOKE ALL ON thumbnails.report_cache FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.report_key(), thumbnails.waiting_since(public.videos), thumbnails.totals(), thumbnails.look(),
  thumbnails.snapshot(), thumbnails.next_sweep(integer), thumbnails.report(integer), thumbnails.history(integer),
  thumbnails.finite(timestamptz), thumbnails.describe_video(public.videos), thumbnails.shown_metadata(jsonb), thumbnails.find_videos(text, integer),
  thumbnails.list_videos(text, integer), thumbnails.timeline(uuid),
  thumbnails.can_restart(public.videos), thumbnails.shown_url(text), thumbnails.head(jsonb, integer), thumbnails.sum_of(jsonb, text),
  thumbnails.restart(uuid), thumbnails.retry_failed(integer, text, timestamptz, text) FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'thumbnail_handlers') THEN
    GRANT EXECUTE ON FUNCTION thumbnails.snapshot(), thumbnails.report(integer), thumbnails.history(integer),
      thumbnails.list_videos(text, integer), thumbnails.timeline(uuid),
      thumbnails.restart(uuid), thumbnails.retry_failed(integer, text, timestamptz, text)
    TO thumbnail_handlers;
  END IF;
END
$$;
COMMIT;
