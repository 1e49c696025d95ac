-- What people and programs look at: the history, added up, the report, the metrics, one video's life; and the trial of --check.
--
-- migrate: own-transactions
--
-- Everything here answers JSON for retry-stuck-thumbnails' GET. What only looks writes nothing, and works on a physical standby;
-- the sweep and the relay add up.

BEGIN;
SET LOCAL client_min_messages = warning;

-- Videos that failed for good and that a person has put out of the lists and rates; see 032. It holds as long as no other attempt has been made.
CREATE TABLE IF NOT EXISTS thumbnails.dismissed (
  video_id        uuid PRIMARY KEY,
  last_attempt_at timestamptz,
  at              timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The history, added up.

-- Upper bounds, in seconds, of the classes of the histogram of generation times.
CREATE OR REPLACE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;

-- The events of transactions from `p_from` and before `p_to` as figures by the hour: `announced`, `attempts`, `completed`,
-- `failed` and `released` (label: class), `stale` (late results refused), `seconds` and `bytes` of what was completed, and `le`
-- (label: bound; how many took at most that long), and `decoder` (label: how a decoder ended). Events without a transaction (restored ones) count as 0.
CREATE OR REPLACE FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint)
RETURNS TABLE (hour timestamptz, measure text, label text, value numeric)
LANGUAGE sql STABLE AS $$
  WITH picked AS (
    SELECT date_trunc('hour', e.at, 'UTC') AS hour, coalesce(e.class, '') AS class, e.from_status, e.to_status, e.token, e.attempt,
           round(extract(epoch FROM e.duration), 6) AS seconds,
           CASE WHEN jsonb_typeof(e.detail -> 'bytesFetched') = 'number' THEN (e.detail ->> 'bytesFetched')::numeric END AS bytes,
           e.token IS NOT NULL AND e.to_status = 'completed' AS is_result,
           CASE WHEN e.class = 'decoder' THEN coalesce(e.detail ->> 'decoderEnd', 'unknown') END AS decoder_end
      FROM thumbnails.events e
     WHERE (e.xid >= p_from AND e.xid < p_to OR p_from <= 0 AND e.xid IS NULL) AND isfinite(e.at)
  ), sums AS (
    SELECT p.hour, p.class,
           count(*) FILTER (WHERE p.to_status = 'pending' AND p.attempt = 0 AND p.class IN ('', 'manual')) AS announced,
           count(*) FILTER (WHERE p.to_status = 'processing' AND p.token IS NOT NULL) AS attempts,
           count(*) FILTER (WHERE p.is_result) AS completed,
           -- Also an attempt whose worker was lost and that another one took over.
           count(*) FILTER (WHERE p.token IS NOT NULL AND (p.to_status = 'failed' OR p.to_status = 'processing' AND p.class = 'lost')) AS failed,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.from_status = 'processing' AND p.to_status = 'pending') AS released,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.to_status IS NULL) AS stale,
           sum(p.seconds) FILTER (WHERE p.is_result) AS seconds,
           sum(p.bytes) FILTER (WHERE p.is_result) AS bytes
      FROM picked p
     GROUP BY p.hour, p.class
  ), classes AS (
    -- How many fell between a bound and the one below it.
    SELECT p.hour, width_bucket(-p.seconds, ARRAY(SELECT -b FROM unnest(thumbnails.histogram_bounds()) AS b ORDER BY b DESC)::numeric[]) AS above,
           count(*) AS results
      FROM picked p
     WHERE p.is_result
     GROUP BY 1, 2
  )
  SELECT s.hour, m.measure, m.label, m.value
    FROM sums s
   CROSS JOIN LATERAL (VALUES ('announced', '', s.announced::numeric), ('attempts', '', s.attempts), ('completed', '', s.completed),
                              ('failed', s.class, s.failed), ('released', s.class, s.released), ('stale', '', s.stale),
                              ('seconds', '', s.seconds), ('bytes', '', s.bytes)) AS m (measure, label, value)
   WHERE m.value > 0
  UNION ALL
  SELECT c.hour, 'le', b.bound::text, sum(c.results)
    FROM classes c
    JOIN unnest(thumbnails.histogram_bounds()) WITH ORDINALITY AS b (bound, position)
      ON c.above > cardinality(thumbnails.histogram_bounds()) - b.position
   GROUP BY c.hour, b.bound
  UNION ALL
  SELECT p.hour, 'decoder', p.decoder_end, count(*) FROM picked p WHERE p.decoder_end IS NOT NULL GROUP BY p.hour, p.decoder_end
$$;

-- Adds what is new in the history to the hourly totals: the events of every transaction that had ended before the oldest one still
-- running, each once, however late it committed. Only one session at a time; another has nothing to add meanwhile. In slices, as
-- long as there is patience: the next call goes on.
CREATE OR REPLACE FUNCTION thumbnails.fold_events() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  started timestamptz := clock_timestamp();
  p_before bigint;
  p_from bigint;
  slice_to bigint;
  p_to bigint;
BEGIN
  IF NOT thumbnails.try_lock('totals') THEN
    RETURN;
  END IF;
  -- Looked at only now that nobody else moves the position.
  SELECT p.folded_before INTO p_before FROM thumbnails.positions p;
  p_from := p_before;
  IF p_from > pg_current_xact_id()::text::bigint THEN
    -- Restored into a younger cluster, whose transactions count from the beginning: so do the figures.
    DELETE FROM thumbnails.hourly_totals;
    UPDATE thumbnails.events SET xid = NULL WHERE xid >= pg_current_xact_id()::text::bigint;
    p_from := 0;
  END IF;
  p_to := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  WHILE p_from < p_to LOOP
    -- The first slice is what has no transaction.
    slice_to := CASE WHEN p_from <= 0 THEN 1 ELSE least(p_to, p_from + 100000) END;
    INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
    SELECT m.hour, m.measure, m.label, sum(m.value) FROM thumbnails.measure_events(p_from, slice_to) AS m GROUP BY m.hour, m.measure, m.label
    ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
    p_from := coalesce((SELECT min(e.xid) FROM thumbnails.events e WHERE e.xid >= slice_to AND e.xid < p_to), p_to);
    EXIT WHEN clock_timestamp() > started + thumbnails.patience();
  END LOOP;
  UPDATE thumbnails.positions SET folded_before = p_from, folded_at = started;
END
$$;

-- Removes events older than `thumbnail_events_days` (30) that have been added up, at most 20,000 at a time, and adds hours too old for a
-- chart together.
CREATE OR REPLACE FUNCTION thumbnails.prune_history() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  -- Once, for a setting asked for row by row takes the longer the more history there is. One that is no number of days counts as not set.
  oldest timestamptz := clock_timestamp() - make_interval(days => coalesce(
    substring(thumbnails.setting('thumbnail_events_days') FROM '^[0-9]{1,5}$')::integer, 30));
  folded bigint := (SELECT p.folded_before FROM thumbnails.positions p);
BEGIN
  DELETE FROM thumbnails.events
   WHERE ctid = ANY (ARRAY(SELECT e.ctid FROM thumbnails.events e WHERE e.at < oldest AND coalesce(e.xid, 0) < folded LIMIT 20000));
  DELETE FROM thumbnails.pg_net_posts AS p WHERE p.at < clock_timestamp() - interval '1 day';
  WITH old AS (
    DELETE FROM thumbnails.hourly_totals h
     WHERE h.hour < clock_timestamp() - interval '9 days' AND h.hour <> '-infinity'
    RETURNING h.measure, h.label, h.value
  )
  INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
  SELECT '-infinity', o.measure, o.label, sum(o.value) FROM old o GROUP BY o.measure, o.label
  ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
END
$$;

-- The counters since the beginning, as {measure: number} and {measure: {label: number}}: what has been added up and what is newer, in
-- one look.
CREATE OR REPLACE FUNCTION thumbnails.totals() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH figures AS (
    SELECT h.measure, h.label, h.value FROM thumbnails.hourly_totals h
    UNION ALL
    SELECT m.measure, m.label, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.positions p), 9223372036854775807) AS m
  ), summed AS (
    SELECT f.measure, f.label, sum(f.value) AS value FROM figures f GROUP BY f.measure, f.label
  )
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'stale', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb, 'decoder', '{}'::jsonb)
         || coalesce((SELECT jsonb_object_agg(s.measure, s.value) FROM summed s WHERE s.label = ''
                                                                                  AND s.measure NOT IN ('failed', 'released')), '{}')
         || coalesce((SELECT jsonb_object_agg(g.measure, g.labels)
                        FROM (SELECT s.measure, jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value) AS labels FROM summed s
                               WHERE s.measure IN ('failed', 'released', 'le', 'decoder') GROUP BY s.measure) AS g), '{}')
$$;

-- What the next sweep would set going, up to `p_limit` of it, and how many there are of the first ten thousand it looks at.
CREATE OR REPLACE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := statement_timestamp();
  left_behind uuid[] := coalesce((SELECT f.ids FROM thumbnails.find_left_behind('00000000-0000-0000-0000-000000000000', 10000) AS f), '{}');
  lost uuid[] := ARRAY(SELECT j.video_id FROM thumbnails.jobs AS j WHERE j.lane BETWEEN 0 AND 3 AND j.kind = 'thumbnail' AND j.token IS NOT NULL AND j.due_at <= t LIMIT 10000);
BEGIN
  RETURN jsonb_build_object(
    'count', cardinality(lost) + cardinality(left_behind),
    'videos', coalesce((SELECT jsonb_agg(jsonb_build_object('videoId', s.id, 'state', s.state, 'attempts', s.attempts, 'reason', s.reason,
                                                            'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM t - s.since)), 1) END)
                                         ORDER BY s.since NULLS LAST, s.id)
                          FROM (SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_generation_attempts, 0) AS attempts, c.reason,
                                       coalesce(j.due_at, CASE WHEN v.thumbnail_generation_status = 'processing' THEN v.thumbnail_generation_started_at END,
                                                greatest(v.thumbnail_generation_last_attempt_at, thumbnails.moment(to_jsonb(v.*) ->> 'created_at'))) AS since
                                  FROM (SELECT l.id, 'lease_over' AS reason FROM unnest(lost) AS l (id)
                                        UNION ALL SELECT l.id, 'left_behind' FROM unnest(left_behind) AS l (id) LIMIT greatest(p_limit, 0)) AS c
                                  JOIN public.videos AS v ON v.id = c.id
                                  LEFT JOIN thumbnails.jobs AS j ON j.video_id = c.id AND j.kind = 'thumbnail') AS s), '[]'));
END
$$;

-- What pg_net got back within the last six hours, as long as it keeps its answers: [{status, timedOut, error, posts, lastAt, problem}], the most
-- first. `problem` says what is wrong and what helps; it is NULL where the post was delivered. NULL: nothing is posted, or no answer is kept.
CREATE OR REPLACE FUNCTION thumbnails.pg_net_answers() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  answers jsonb;
BEGIN
  IF current_setting('in_hot_standby') = 'on' OR to_regclass('net._http_response') IS NULL OR thumbnails.setting('pg_net') = 'off' THEN
    RETURN NULL;
  END IF;
  EXECUTE $q$
    SELECT coalesce(jsonb_agg(jsonb_build_object('status', g.status, 'timedOut', g.timed_out, 'error', g.error, 'posts', g.posts, 'lastAt', thumbnails.iso(g.last_at), 'problem', CASE
             WHEN g.status BETWEEN 200 AND 299 OR g.status IN (409, 422, 502, 504) THEN NULL
             WHEN g.status = 401 THEN 'the handlers do not know the secret'
             WHEN g.status IN (301, 302, 303, 307, 308, 405) THEN 'redirected, and followed as GET; the URL must be the handlers'' own, with https://'
             WHEN g.status = 404 THEN 'no handler under this URL, or the video is gone'
             WHEN g.status = 429 THEN 'the handlers'' nginx limits this address; name it under geo $thumbnail_trusted'
             WHEN g.status IS NOT NULL THEN 'the log of nginx and of the handlers says why'
             WHEN g.timed_out THEN 'no worker was free'
             ELSE g.error END) ORDER BY g.posts DESC, g.status), '[]')
      FROM (SELECT r.status_code AS status, r.status_code IS NULL AND coalesce(r.timed_out, false) AS timed_out,
                   CASE WHEN r.status_code IS NULL AND r.timed_out IS NOT TRUE THEN left(coalesce(r.error_msg, 'no answer'), 100) END AS error,
                   count(*) AS posts, max(r.created) AS last_at
              FROM net._http_response AS r JOIN thumbnails.pg_net_posts AS p ON p.request_id = r.id AND p.at BETWEEN r.created - interval '1 hour' AND r.created + interval '1 hour'
             WHERE r.created > now() - interval '6 hours'
             GROUP BY 1, 2, 3) AS g$q$ INTO answers;
  RETURN answers;
EXCEPTION WHEN OTHERS THEN
  RETURN jsonb_build_array(jsonb_build_object('problem', format('pg_net''s answers cannot be read: %s (%s)', SQLERRM, SQLSTATE)));
END
$$;

-- What has become of our triggers and our index on `videos`, as a sentence; NULL where all is as it was made.
CREATE OR REPLACE FUNCTION thumbnails.trigger_problem() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN count(*) < 8 THEN 'triggers on videos are missing, and finished videos are found by the hourly sweep alone: apply the migrations again'
              WHEN bool_or(t.tgenabled IN ('D', 'R')) THEN
                'triggers on videos are disabled, and finished videos are found by the hourly sweep alone: ALTER TABLE public.videos ENABLE TRIGGER USER'
              WHEN to_regclass('public.videos_thumbnail_lacking') IS NULL THEN
                'the index videos_thumbnail_lacking is missing, and every look for videos without a thumbnail reads the whole table: apply the migrations again' END
    FROM pg_trigger AS t WHERE t.tgrelid = to_regclass('public.videos') AND t.tgname LIKE 'zz\_thumbnails\_%'
$$;

-- What stands in the way of webhooks that the database sends itself, as sentences: a secret that the handlers do not know (theirs are given as
-- SHA-256 in hexadecimal), and what pg_net got back.
CREATE OR REPLACE FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := CASE WHEN thumbnails.setting('webhook_secret') IS NULL THEN 'service_role_key' ELSE 'webhook_secret' END;
  ours text := CASE name WHEN 'webhook_secret' THEN p_webhook_hash ELSE p_service_hash END;
  problems jsonb := '[]'::jsonb;
BEGIN
  IF to_regnamespace('net') IS NULL OR thumbnails.setting('pg_net') = 'off' THEN
    RETURN problems;
  END IF;
  IF ours <> encode(sha256(convert_to(thumbnails.setting(name), 'UTF8')), 'hex') THEN
    problems := problems || to_jsonb(format('system_config.%s is not the %s of the handlers: what pg_net posts is refused', name, upper(name)));
  END IF;
  RETURN problems || coalesce((
    SELECT jsonb_agg(CASE WHEN a.posts IS NULL THEN a.problem
                          ELSE format('pg_net: %s of the last %s posts %s: %s', a.posts, a.total,
                                      CASE WHEN a.status IS NOT NULL THEN 'were answered ' || a.status WHEN a.timed_out THEN 'timed out' ELSE 'failed' END, a.problem) END
                     ORDER BY a.posts DESC)
      FROM (SELECT (e ->> 'posts')::bigint AS posts, sum((e ->> 'posts')::bigint) OVER () AS total, e ->> 'status' AS status, (e ->> 'timedOut')::boolean AS timed_out,
                   e ->> 'problem' AS problem FROM jsonb_array_elements(thumbnails.pg_net_answers()) AS e) AS a
     WHERE a.problem IS NOT NULL), '[]');
END
$$;

-- Of so many that ended well and so many that did not, how many of a hundred did; NULL where none has ended.
CREATE OR REPLACE FUNCTION thumbnails.percent(p_good bigint, p_bad bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT round(100.0 * p_good / nullif(p_good + p_bad, 0), 2) $$;

-- Everything the report and the metrics say. Lists hold what the longest report shows. To compile what is run once takes longer than to run it.
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
  -- Only what EXECUTE runs may be counted by several processes.
  EXECUTE 'SELECT to_jsonb(h) FROM public.thumbnail_generation_health AS h' INTO health;
  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness() AS r;
  SELECT count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at > t) AS leased,
         count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t) AS due,
         count(*) FILTER (WHERE j.lane < 9 AND j.token IS NULL AND j.due_at > t) AS later,
         count(*) FILTER (WHERE j.lane = 9) AS kept,
         extract(epoch FROM t - min(CASE WHEN j.due_at <= t AND isfinite(j.due_at) THEN j.due_at END)) AS oldest_seconds,
         count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t - interval '1 hour') AS over_an_hour,
         count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at <= t) AS expired_leases
    INTO queue FROM thumbnails.jobs AS j WHERE j.kind = 'thumbnail';
  -- By key, for they are few beside the videos.
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
         (SELECT coalesce(sum(b.failures), 0) FROM by_reason AS b WHERE b.class IN ('media', 'forbidden'))
    INTO failures, reasons, failed, bad_uploads;
  SELECT round(avg(extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'))::numeric, 3) AS p95_seconds,
         count(*) FILTER (WHERE e.class = 'platform') AS refusals,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'completed') AS completed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status IS DISTINCT FROM 'completed' AND e.class IS DISTINCT FROM 'platform') AS failed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'failed' AND e.class IN ('media', 'forbidden')) AS bad_uploads
    INTO recent
    FROM thumbnails.events AS e
   WHERE e.at >= t - interval '24 hours'
     -- An attempt whose worker was lost, and that another one took over, has failed as well.
     AND (e.token IS NOT NULL AND (e.to_status IN ('completed', 'failed') OR e.to_status = 'processing' AND e.class = 'lost') OR e.class = 'platform');

  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health -> 'completed_count', 'failedCount', failed_count, 'dismissedCount', dismissed,
      'processingCount', health -> 'processing_count', 'pendingCount', health -> 'pending_count', 'needsGenerationCount', health -> 'needs_generation_count',
      'successRatePercent', thumbnails.percent(completed_count, failed_count), 'avgGenerationTimeSeconds', health -> 'avg_generation_time_seconds',
      -- As if nobody had uploaded what cannot be used: by videos, and below by attempts.
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
    -- Waiting because of a fault that is not theirs.
    'held', coalesce((SELECT jsonb_object_agg(g.class, g.videos)
                        FROM (SELECT v.thumbnail_generation_error_code AS class, count(*) AS videos
                                FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
                               WHERE j.releases > 0 AND j.kind = 'thumbnail' AND v.thumbnail_generation_status = 'pending'
                                 AND v.thumbnail_generation_error_code IN ('storage', 'configuration', 'platform')
                               GROUP BY 1) AS g), '{}'),
    -- What the platform's own triggers and rules refuse: results that are kept, and hints that could not be queued.
    'platform', jsonb_build_object(
      'refusals', recent.refusals, 'setAside', (SELECT count(*) FROM thumbnails.set_aside AS a WHERE a.sqlstate <> ''),
      'lastRefusal', (SELECT left(e.text, 300) FROM thumbnails.events AS e WHERE e.at >= t - interval '24 hours' AND e.class = 'platform' ORDER BY e.at DESC LIMIT 1)),
    'breakers', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                   'class', b.class, 'host', b.host, 'faults', b.consecutive, 'lastError', left(b.last_error, 200),
                                   'open', coalesce(b.open_until > t, false), 'openUntil', thumbnails.iso(b.open_until)) ORDER BY b.class, b.host)
                            FROM thumbnails.breakers AS b WHERE b.class <> 'manual'), '[]'),
    -- What people have paused, by whom and since when.
    'paused', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                 'tenant', substring(b.host FROM '^tenant (.*)$'), 'host', CASE WHEN b.host <> '*' AND b.host NOT LIKE 'tenant %' THEN b.host END,
                                 'text', b.last_error, 'at', thumbnails.iso(b.updated_at))) ORDER BY b.host)
                          FROM thumbnails.breakers AS b WHERE b.class = 'manual'), '[]'),
    'lastSweep', (SELECT p.last_sweep FROM thumbnails.positions AS p),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions AS d),
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

-- The sum of a field of the objects in an array.
CREATE OR REPLACE FUNCTION thumbnails.sum_of(list jsonb, field text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum((e.value ->> field)::bigint), 0) FROM jsonb_array_elements(list) AS e
$$;

-- The dry run and the state of things, of what `look` has answered: lists are cut to `p_limit`.
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

-- The last `p_hours` hours, one element each, the current one last: announced, completed, failed (attempts), and the mean of the seconds.
CREATE OR REPLACE FUNCTION thumbnails.history(p_hours integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH figures AS MATERIALIZED (
    SELECT h.hour, h.measure, h.value FROM thumbnails.hourly_totals h
     WHERE h.hour > clock_timestamp() - make_interval(hours => p_hours + 1)
    UNION ALL
    SELECT m.hour, m.measure, m.value
      FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.positions p), 9223372036854775807) AS m
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
LANGUAGE sql STABLE AS $$ SELECT CASE WHEN pg_catalog.isfinite(at) THEN thumbnails.iso(at) END $$;

-- A thumbnail's URL as it is shown: NULL where there is none to show, where it is too long, and where its query signs it.
CREATE OR REPLACE FUNCTION thumbnails.shown_url(url text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN url LIKE 'data:image/svg%' OR length(url) > 2000
                OR url ~* '[?&](token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|expires|policy|key-pair-id|verify|hdnts|hdnea)=' OR url ~ '^[a-z]+://[^/?#]*@'
              THEN NULL ELSE url END
$$;

-- The rows of these ids as they are shown, in their order: no URL that is signed, of the video's only the host.
CREATE OR REPLACE FUNCTION thumbnails.describe_videos(p_ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
  RETURN coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'id', v.id, 'title', left(to_jsonb(v.*) ->> 'title', 300), 'videoStatus', v.status, 'status', v.thumbnail_generation_status,
      'thumbnailUrl', thumbnails.shown_url(v.thumbnail_url), 'hasThumbnail', NOT thumbnails.lacks(v.thumbnail_url),
      'canRestart', coalesce(v.thumbnail_generation_status = 'failed' AND v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url)
                             AND thumbnails.lacks(v.thumbnail_url), false),
      'error', left(v.thumbnail_generation_error, 500), 'class', v.thumbnail_generation_error_code,
      'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'maxAttempts', thumbnails.max_attempts(),
      'nextAttemptAt', CASE WHEN j.token IS NULL THEN thumbnails.finite(j.due_at) END,
      'leaseUntil', CASE WHEN j.token IS NOT NULL THEN thumbnails.finite(j.due_at) END,
      'startedAt', thumbnails.finite(v.thumbnail_generation_started_at), 'lastAttemptAt', thumbnails.finite(v.thumbnail_generation_last_attempt_at), 'generatedAt', thumbnails.finite(v.thumbnail_generated_at),
      'createdAt', thumbnails.finite(thumbnails.moment(to_jsonb(v.*) ->> 'created_at')),
      'sourceHost', substring(v.video_url FROM '^\s*[a-zA-Z]+://(?:[^/?#]*@)?([^/?#@]+)'), 'tenant', nullif(thumbnails.tenant(to_jsonb(v.*)), ''),
      'dismissed', coalesce(d.is_dismissed, false), 'canCancel', coalesce(j.token IS NULL AND j.result IS NULL AND j.due_at IS NOT NULL, false),
      'canDismiss', coalesce(v.thumbnail_generation_status = 'failed' AND thumbnails.lacks(v.thumbnail_url) AND j.due_at IS NULL AND NOT coalesce(d.is_dismissed, false)
                             AND thumbnails.is_final(v.thumbnail_generation_error_code, v.thumbnail_generation_attempts), false)) ORDER BY i.position)
      FROM unnest(p_ids) WITH ORDINALITY AS i (id, position)
      JOIN public.videos AS v ON v.id = i.id
      LEFT JOIN thumbnails.jobs AS j ON j.video_id = i.id AND j.kind = 'thumbnail'
      LEFT JOIN LATERAL (SELECT true AS is_dismissed FROM thumbnails.dismissed AS x
                          WHERE x.video_id = i.id AND v.thumbnail_generation_status = 'failed' AND thumbnails.lacks(v.thumbnail_url)
                            AND x.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at) AS d ON true), '[]');
END
$$;

-- The videos something happened to last, but those dismissed, at most `p_limit`, the latest first; with `p_state` (`completed`, say) only those that are in it. The
-- search through the history goes back as far as it must; what has no history (any more) comes behind, in the order of the ids.
CREATE OR REPLACE FUNCTION thumbnails.list_videos(p_state text, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  ids uuid[];
  back interval;
BEGIN
  FOREACH back IN ARRAY ARRAY[interval '1 hour', interval '24 hours', interval '8 days', interval '100 years'] LOOP
    -- The latest of the history, and of each its row by key, until there are enough: never the whole table. LIMIT keeps the planner
    -- from joining the two the other way round.
    ids := ARRAY(SELECT v.id
                   FROM (SELECT e.video_id, max(e.at) AS last FROM thumbnails.events AS e
                          WHERE e.at >= statement_timestamp() - back
                            AND (p_state IS NULL AND e.to_status IS NOT NULL OR e.to_status = p_state)
                          GROUP BY e.video_id ORDER BY last DESC) AS g
                  CROSS JOIN LATERAL (SELECT x.id FROM public.videos AS x
                                       WHERE x.id = g.video_id AND (p_state IS NULL OR x.thumbnail_generation_status = p_state)
                                         AND NOT EXISTS (SELECT FROM thumbnails.dismissed AS d
                                                          WHERE d.video_id = x.id AND d.last_attempt_at IS NOT DISTINCT FROM x.thumbnail_generation_last_attempt_at) LIMIT 1) AS v
                  ORDER BY g.last DESC LIMIT p_limit);
    EXIT WHEN cardinality(ids) >= p_limit;
  END LOOP;
  ids := ids || ARRAY(SELECT v.id FROM public.videos AS v
                       WHERE (p_state IS NULL AND v.thumbnail_generation_status IS NOT NULL OR v.thumbnail_generation_status = p_state)
                         AND v.id <> ALL (ids)
                         AND NOT EXISTS (SELECT FROM thumbnails.dismissed AS d
                                          WHERE d.video_id = v.id AND d.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at)
                       ORDER BY v.id LIMIT p_limit - cardinality(ids));
  RETURN thumbnails.describe_videos(ids);
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
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
  RETURN thumbnails.describe_videos(ARRAY[p_video_id]) -> 0
         || jsonb_build_object(
              'metadata', (SELECT thumbnails.shown_metadata(v.thumbnail_metadata) FROM public.videos AS v WHERE v.id = p_video_id),
              'events', coalesce((
                SELECT jsonb_agg(jsonb_build_object('at', thumbnails.iso(e.at), 'from', e.from_status, 'to', e.to_status, 'attempt', e.attempt,
                                                    'class', e.class, 'text', left(e.text, 500), 'seconds', round(extract(epoch FROM e.duration), 3),
                                                    'worker', nullif(e.detail ->> 'worker', ''),
                                                    'detail', CASE WHEN e.detail IS NOT NULL THEN nullif(thumbnails.shown_metadata(e.detail), '{}') END) ORDER BY e.id DESC)
                  FROM (SELECT x.* FROM thumbnails.events AS x WHERE x.video_id = p_video_id ORDER BY x.id DESC LIMIT 100) AS e), '[]'));
END
$$;

-- What statuses there are where no video is `completed`, as a sentence; NULL where one is, or all words are known.
CREATE OR REPLACE FUNCTION thumbnails.unknown_words() RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT 'a video is finished when its status is ''completed'', and none is: there are ' || string_agg(format('%L (%s)', w.word, w.videos), ', ')
            FROM (SELECT v.status::text AS word, count(*) AS videos FROM public.videos AS v GROUP BY 1 ORDER BY 2 DESC LIMIT 5) AS w
          HAVING bool_or(w.word NOT IN ('pending', 'processing', 'failed')) AND NOT EXISTS (SELECT FROM public.videos AS v WHERE v.status = 'completed'));
END
$$;

-- A trial for `--check`: one video goes through the triggers, the merge, a claim and its result, under the platform's own triggers and rules,
-- and all of it is rolled back. Answers NULL where it went well, else what stands in the way, for people.
CREATE OR REPLACE FUNCTION thumbnails.trial() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  id uuid;
  claimed record;
  answer text;
  verdict text;
BEGIN
  BEGIN
    -- A video that nobody is at, else one made for the purpose.
    SELECT v.id INTO id FROM public.videos AS v
     WHERE v.status = 'completed' AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      PERFORM thumbnails.write_for_trial(id, 'https://trial.invalid/old.mp4', 'https://trial.invalid/old.jpg');
      PERFORM thumbnails.merge(1000, id);
      PERFORM thumbnails.write_for_trial(id, NULL, '');
    ELSE
      verdict := thumbnails.unknown_words();
      IF verdict IS NOT NULL THEN
        RAISE EXCEPTION '%', verdict USING ERRCODE = 'TRIAL';
      END IF;
      id := gen_random_uuid();
      BEGIN
        PERFORM thumbnails.write_for_trial(id, 'https://trial.invalid/new.mp4', '');
      EXCEPTION WHEN OTHERS THEN
        RAISE EXCEPTION 'there is no finished video to try it with yet, and none can be made up: % (%)', SQLERRM, SQLSTATE USING ERRCODE = 'TRIAL';
      END;
    END IF;
    IF NOT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = id) THEN
      RAISE EXCEPTION '%', coalesce(thumbnails.trigger_problem(), 'the triggers on videos do not fire') USING ERRCODE = 'TRIAL';
    END IF;
    SELECT c.outcome, c.token INTO claimed FROM thumbnails.claim(id, 30) AS c;
    verdict := (SELECT e.text FROM thumbnails.events AS e WHERE e.video_id = id AND e.class = 'platform' AND e.xid = pg_current_xact_id()::text::bigint LIMIT 1);
    IF verdict IS NULL AND claimed.outcome <> 'claimed' THEN
      verdict := format('a finished video without a thumbnail cannot be claimed: %s', claimed.outcome);
    END IF;
    IF verdict IS NULL THEN
      answer := thumbnails.complete(id, claimed.token, 'https://trial.invalid/thumbnails/' || id || '/0-0.jpg', 'thumbnails/' || id || '/0-0.jpg', '{}');
      IF answer <> 'ok' THEN
        verdict := coalesce((SELECT j.result #>> '{refused,text}' FROM thumbnails.jobs AS j WHERE j.video_id = id AND j.kind = 'thumbnail'),
                            'the result is answered by ' || answer);
      END IF;
    END IF;
    -- Nothing of it stays.
    RAISE EXCEPTION '%', coalesce(verdict, '') USING ERRCODE = 'TRIAL';
  EXCEPTION WHEN SQLSTATE 'TRIAL' THEN
    RETURN nullif(SQLERRM, '');
  WHEN OTHERS THEN
    RETURN format('%s (%s)', SQLERRM, SQLSTATE);
  END;
END
$$;

DO $$
BEGIN
  IF thumbnails.unknown_words() IS NOT NULL THEN
    RAISE WARNING '%', thumbnails.unknown_words();
  END IF;
END
$$;

DO $$ BEGIN PERFORM thumbnails.hand_out(ARRAY['thumbnails.look(text, text)', 'thumbnails.delivery_problems(text, text)', 'thumbnails.report(jsonb, integer)', 'thumbnails.history(integer)',
  'thumbnails.timeline(uuid)', 'thumbnails.trial()']::regprocedure[]); END $$;
COMMIT;
