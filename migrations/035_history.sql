-- The history, added up: hourly figures, the counters since the beginning, and the chart.

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
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'fenced', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb, 'decoder', '{}'::jsonb)
         || coalesce((SELECT jsonb_object_agg(s.measure, s.value) FROM summed s WHERE s.label = ''
                                                                                  AND s.measure NOT IN ('failed', 'released')), '{}')
         || coalesce((SELECT jsonb_object_agg(g.measure, g.labels)
                        FROM (SELECT s.measure, jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value) AS labels FROM summed s
                               WHERE s.measure IN ('failed', 'released', 'le', 'decoder') GROUP BY s.measure) AS g), '{}')
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

DO $$ BEGIN PERFORM thumbnails.hand_out(ARRAY['thumbnails.history(integer)']::regprocedure[]); END $$;
