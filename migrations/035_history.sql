-- Events of transactions from `p_from` and before `p_to` as hourly figures: `announced`, `attempts`, `completed`, `failed` and `released` (label:
-- class), `fenced` (late results refused), `seconds` and `bytes` of completed ones, `le` (label: bound; how many took at most that long), and
-- `decoder` (label: how a decoder ended). Events without a transaction, which were restored from a dump, count as those of transaction 0.
CREATE OR REPLACE FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint) RETURNS TABLE (hour timestamptz, measure text, label text, value numeric)
LANGUAGE sql STABLE AS $$
  WITH counted AS (
    SELECT date_trunc('hour', e.at, 'UTC') AS hour,
           CASE WHEN e.class = 'decoder' THEN 'decoder'
                WHEN e.to_status = 'pending' AND e.attempt = 0 AND coalesce(e.class, '') IN ('', 'manual') THEN 'announced'
                WHEN e.token IS NULL THEN NULL
                WHEN e.to_status IS NULL THEN 'fenced'
                WHEN e.to_status = 'processing' THEN 'attempts'
                WHEN e.to_status IN ('completed', 'failed') THEN e.to_status
                WHEN e.from_status = 'processing' THEN 'released' END AS measure,
           coalesce(CASE WHEN e.class = 'decoder' THEN coalesce(e.detail ->> 'decoderEnd', 'unknown') ELSE e.class END, '') AS label,
           CASE WHEN e.token IS NOT NULL AND e.to_status = 'completed' THEN
             width_bucket(-extract(epoch FROM e.duration), ARRAY(SELECT -b FROM unnest(thumbnails.histogram_bounds()) AS b ORDER BY b DESC)::numeric[]) END AS within,
           count(*) AS events, sum(round(extract(epoch FROM e.duration), 6)) AS seconds,
           sum(CASE WHEN jsonb_typeof(e.detail -> 'bytesFetched') = 'number' THEN (e.detail ->> 'bytesFetched')::numeric END) AS bytes
      FROM thumbnails.events e
     WHERE (e.xid >= p_from AND e.xid < p_to OR p_from <= 0 AND e.xid IS NULL) AND isfinite(e.at)
     GROUP BY 1, 2, 3, 4
  )
  SELECT c.hour, m.measure, m.label, sum(m.value)
    FROM counted c
   CROSS JOIN LATERAL (
     VALUES (c.measure, CASE WHEN c.measure IN ('failed', 'released', 'decoder') THEN c.label ELSE '' END, c.events::numeric),
            -- An attempt has failed, too, if its worker was lost before another one took over.
            ('failed', c.label, CASE WHEN c.measure = 'attempts' AND c.label = 'lost' THEN c.events END),
            ('seconds', '', CASE WHEN c.measure = 'completed' THEN c.seconds END), ('bytes', '', CASE WHEN c.measure = 'completed' THEN c.bytes END)
      UNION ALL
     SELECT 'le', b.bound::text, c.events FROM unnest(thumbnails.histogram_bounds()) WITH ORDINALITY AS b (bound, position)
      WHERE c.within > cardinality(thumbnails.histogram_bounds()) - b.position) AS m (measure, label, value)
   WHERE m.measure IS NOT NULL AND m.value > 0
   GROUP BY 1, 2, 3
$$;

-- Adds new events to the hourly totals: those of every transaction that had ended before the oldest running one, each once, however late it
-- committed. Only one session at a time does this. It works in slices as long as there is patience; the next call continues.
CREATE OR REPLACE FUNCTION thumbnails.fold_events() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  started timestamptz := clock_timestamp();
  p_from bigint;
  slice_to bigint;
  p_to bigint;
BEGIN
  IF NOT thumbnails.try_lock('totals') THEN
    RETURN;
  END IF;
  -- Read only now that nobody else moves the position.
  SELECT p.folded_before INTO p_from FROM thumbnails.positions p;
  IF p_from > pg_current_xact_id()::text::bigint THEN
    -- Restored into a younger cluster, whose transactions count from the beginning, so the figures start again.
    DELETE FROM thumbnails.hourly_totals WHERE true; -- for servers that refuse a DELETE without a condition
    UPDATE thumbnails.events SET xid = NULL WHERE xid >= pg_current_xact_id()::text::bigint;
    p_from := 0;
  END IF;
  p_to := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  WHILE p_from < p_to LOOP
    -- The first slice has the events without a transaction.
    slice_to := CASE WHEN p_from <= 0 THEN 1 ELSE least(p_to, p_from + 100000) END;
    INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
    SELECT m.hour, m.measure, m.label, sum(m.value) FROM thumbnails.measure_events(p_from, slice_to) AS m GROUP BY m.hour, m.measure, m.label
    ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
    p_from := coalesce((SELECT min(e.xid) FROM thumbnails.events e WHERE e.xid >= slice_to AND e.xid < p_to), p_to);
    EXIT WHEN clock_timestamp() > started + thumbnails.patience();
  END LOOP;
  UPDATE thumbnails.positions SET folded_before = p_from, folded_at = started WHERE is_only;
END
$$;

-- Deletes events older than `thumbnail_events_days` (30) that have been added up, at most 20,000 at a time, and combines hours that are too old for a
-- chart. The whole history may be read for it, so it looks again only when they are six hours older.
CREATE OR REPLACE FUNCTION thumbnails.prune_history() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  -- Once, since reading a setting for each row takes the longer the more history there is. If it is no number of days, the default applies.
  oldest timestamptz := clock_timestamp() - make_interval(days => coalesce(
    substring(thumbnails.setting('thumbnail_events_days') FROM '^[0-9]{1,5}$')::integer, 30));
  deleted integer;
BEGIN
  IF (SELECT NOT coalesce(oldest BETWEEN p.pruned_before AND p.pruned_before + interval '6 hours', false) FROM thumbnails.positions p) THEN
    DELETE FROM thumbnails.events
     WHERE ctid = ANY (ARRAY(SELECT e.ctid FROM thumbnails.events e
                              WHERE e.at < oldest AND coalesce(e.xid, 0) < (SELECT p.folded_before FROM thumbnails.positions p) LIMIT 20000));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    UPDATE thumbnails.positions SET pruned_before = oldest WHERE is_only AND deleted < 20000;
  END IF;
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

CREATE OR REPLACE FUNCTION thumbnails.figures() RETURNS TABLE (hour timestamptz, measure text, label text, value numeric)
LANGUAGE sql STABLE AS $$
  SELECT h.hour, h.measure, h.label, h.value FROM thumbnails.hourly_totals h
  UNION ALL
  SELECT m.hour, m.measure, m.label, m.value FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.positions p), 9223372036854775807) AS m
$$;

-- The counters since the beginning, as {measure: number} and {measure: {label: number}}.
CREATE OR REPLACE FUNCTION thumbnails.totals() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'fenced', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb, 'decoder', '{}'::jsonb)
         || coalesce(jsonb_object_agg(m.measure, m.figure), '{}')
    FROM (SELECT s.measure, CASE WHEN s.measure IN ('failed', 'released', 'le', 'decoder') THEN jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value)
                                 ELSE to_jsonb(sum(s.value)) END AS figure
            FROM (SELECT f.measure, f.label, sum(f.value) AS value FROM thumbnails.figures() f GROUP BY f.measure, f.label) AS s
           GROUP BY s.measure) AS m
$$;

-- The last `p_hours` hours, one element each, the current one last: announced, completed, failed (attempts), and the mean of the seconds.
CREATE OR REPLACE FUNCTION thumbnails.history(p_hours integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_agg(g)
    FROM (SELECT thumbnails.iso(h.hour) AS hour, coalesce(sum(f.value) FILTER (WHERE f.measure = 'announced'), 0) AS announced,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'completed'), 0) AS completed,
                 coalesce(sum(f.value) FILTER (WHERE f.measure = 'failed'), 0) AS failed,
                 round(sum(f.value) FILTER (WHERE f.measure = 'seconds') / sum(f.value) FILTER (WHERE f.measure = 'completed'), 3) AS "meanSeconds"
            FROM generate_series(0, p_hours - 1) AS ago
           CROSS JOIN LATERAL (SELECT date_trunc('hour', clock_timestamp(), 'UTC') - make_interval(hours => ago) AS hour) AS h
            LEFT JOIN (SELECT * FROM thumbnails.figures() AS x WHERE x.hour > clock_timestamp() - make_interval(hours => p_hours + 1)) AS f ON f.hour = h.hour
           GROUP BY h.hour ORDER BY h.hour) AS g
$$;
