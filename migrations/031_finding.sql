-- No index on the platform's table has a state, so a search reads the table once. The latest failures come from the history, which has an index on them.

-- When a row last changed, as an expression on `v`: from 1970 (also if no time is known) to 2200. As in a condition, the platform's columns that may be
-- missing are named alone: who uses the expression puts `absent` beside `v` (see `own`).
CREATE OR REPLACE FUNCTION thumbnails.changed() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format($q$least(greatest(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), nullif(v.thumbnail_generated_at, 'infinity'),
                                  nullif(%s, 'infinity'), 'epoch'), '2200-01-01 00:00:00+00')$q$,
                CASE WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'created_at'
                                     AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype))
                     THEN 'created_at::timestamptz' ELSE 'thumbnails.moment(created_at::text)' END)
$$;

-- The queue's name of an uploader: the hash of its id, or the name itself.
CREATE OR REPLACE FUNCTION thumbnails.tenant_named(name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN name ~ '^[0-9a-f]{16}$' THEN name
              ELSE thumbnails.tenant(jsonb_build_object('user_id', CASE WHEN name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN lower(name) ELSE name END)) END
$$;

-- The condition on `v` for a filter. All fields are optional: `state` (completed, failed, dismissed, processing, pending, which includes what waits
-- unannounced, or listed, which leaves out dismissed ones), `text` (the beginning of the id; or a part of the title or the URL, but not of what may sign
-- it), `class` (unknown: none; several with commas), `reason` (the first 200 characters of the error), `host` (of the URL), `tenant` (an uploader's id,
-- or the queue's name for it), `since` and `until` (the last change), `ids`. Every value is quoted.
CREATE OR REPLACE FUNCTION thumbnails.condition(p_filter jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lacking text := $q$v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')$q$;
  -- One that is started again, or has a picture from elsewhere by now, is dismissed no more. OFFSET 0: each row that has failed is looked up by key. As
  -- a join it would be planned for the few rows that a filter is taken for, and read a whole table for each of thousands.
  dismissed text := $q$(v.thumbnail_generation_status = 'failed' AND EXISTS (SELECT FROM thumbnails.dismissed AS d
    WHERE d.video_id = v.id AND d.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at OFFSET 0))$q$;
  words text := lower(p_filter ->> 'text' COLLATE "C");
  digits text := replace(words, '-', '');
BEGIN
  RETURN concat_ws(' AND ',
    CASE p_filter ->> 'state'
      -- Also one that has an earlier picture, and for which no new one could be made.
      WHEN 'failed' THEN $q$v.status = 'completed' AND v.thumbnail_generation_status = 'failed' AND NOT $q$ || dismissed
      WHEN 'dismissed' THEN dismissed
      WHEN 'listed' THEN 'v.thumbnail_generation_status IS NOT NULL AND NOT ' || dismissed
      WHEN 'pending' THEN $q$v.status = 'completed' AND (v.thumbnail_generation_status = 'pending' OR v.thumbnail_generation_status IS NULL AND $q$ || lacking || ')'
      WHEN 'processing' THEN
        $q$(v.id = ANY (ARRAY(SELECT j.video_id FROM thumbnails.jobs AS j WHERE j.token IS NOT NULL AND j.kind = 'thumbnail')) OR v.thumbnail_generation_status = 'processing' AND $q$ || lacking || ')'
      WHEN 'completed' THEN $q$v.thumbnail_generation_status = 'completed'$q$
      ELSE 'v.thumbnail_generation_status IS NOT NULL' END,
    CASE
      WHEN digits ~ '^[0-9a-f]{32}$' THEN format('v.id = %L::uuid', digits)
      -- Only a search for characters beyond ASCII pays for lower() in the default collation.
      WHEN words <> '' THEN format($q$(strpos(lower(title::text COLLATE %s), %L) > 0 OR strpos(lower(split_part(split_part(v.video_url::text, '?', 1), '#', 1) COLLATE "C"), %L) > 0%s)$q$,
        CASE WHEN words ~ '^[\x01-\x7f]*$' THEN '"C"' ELSE '"default"' END, lower(p_filter ->> 'text' COLLATE "default"), words,
        CASE WHEN digits ~ '^[0-9a-f]{2,31}$' THEN format(' OR v.id BETWEEN %L::uuid AND %L::uuid', rpad(digits, 32, '0'), rpad(digits, 32, 'f')) ELSE '' END) END,
    CASE WHEN p_filter ? 'class' THEN format('coalesce(v.thumbnail_generation_error_code, ''unknown'') = ANY (%L::text[])', string_to_array(p_filter ->> 'class', ',') || (p_filter ->> 'class')) END,
    CASE WHEN p_filter ? 'reason' THEN format($q$left(coalesce(v.thumbnail_generation_error, 'failed before this system, no reason was recorded'), 200) = %L$q$,
                                              left(p_filter ->> 'reason', 200)) END,
    -- Without a pattern, which would take longer than all the rest.
    CASE WHEN p_filter ? 'host' THEN format($q$(%2$s = %1$L OR right(%2$s, %3$s) = %4$L)$q$, lower(p_filter ->> 'host'),
      $q$lower(split_part(split_part(split_part(v.video_url::text, '/', 3), '?', 1), '#', 1) COLLATE "C")$q$, length(p_filter ->> 'host') + 1, '@' || lower(p_filter ->> 'host')) END,
    -- As `tenant` does, but without making JSON of every row.
    CASE WHEN p_filter ? 'tenant' THEN format('left(thumbnails.hash(user_id::text), 16) = %L', thumbnails.tenant_named(p_filter ->> 'tenant')) END,
    CASE WHEN p_filter ? 'since' THEN format('%s >= %L::timestamptz', thumbnails.changed(), p_filter ->> 'since') END,
    CASE WHEN p_filter ? 'until' THEN format('%s < %L::timestamptz', thumbnails.changed(), p_filter ->> 'until') END,
    CASE WHEN p_filter ? 'ids' THEN format('v.id = ANY (%L::uuid[])', ARRAY(SELECT jsonb_array_elements_text(p_filter -> 'ids'))) END);
END
$$;

-- A page of videos at a cost that does not depend on their number: the latest of the history first, then those without a history by id. Of failed and
-- pending ones there are further pages: one ends at (`p_at`, `p_id`), with -1 as the time of those by id. Returns what find_videos does.
CREATE OR REPLACE FUNCTION thumbnails.list_latest(p_state text, p_at bigint, p_id uuid, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  matching text := thumbnails.condition(jsonb_build_object('state', coalesce(p_state, 'listed')));
  ids uuid[] := ARRAY[]::uuid[];
  times timestamptz[];
  back interval;
  rest uuid[];
  missing integer;
BEGIN
  IF p_state = 'failed' AND p_at IS DISTINCT FROM -1 THEN
    -- By the index, row by row until there are enough. OFFSET 0 keeps the planner from reading either table as a whole.
    EXECUTE format($q$
      SELECT coalesce(array_agg(l.video_id), '{}'), array_agg(l.at)
        FROM (SELECT e.video_id, e.at FROM thumbnails.events AS e
               WHERE e.to_status = 'failed' AND ($1 IS NULL OR (e.at, e.video_id) < (timestamptz 'epoch' + make_interval(secs => $1::double precision / 1000000), $2))
                 AND EXISTS (SELECT FROM public.videos AS v WHERE v.id = e.video_id AND %s OFFSET 0)
                 AND NOT EXISTS (SELECT FROM thumbnails.events AS x WHERE x.video_id = e.video_id AND x.id > e.id AND x.to_status = 'failed' OFFSET 0)
               ORDER BY e.at DESC, e.video_id DESC LIMIT $3) AS l$q$, matching) INTO ids, times USING p_at, p_id, p_limit + 1;
  ELSIF coalesce(p_state, 'completed') = 'completed' THEN
    FOREACH back IN ARRAY ARRAY[interval '1 hour', interval '24 hours', interval '8 days', interval '100 years'] LOOP
      -- Each with its row by key, until there are enough. LIMIT keeps the planner from joining them the other way round.
      EXECUTE format($q$
        SELECT ARRAY(SELECT l.id
                       FROM (SELECT e.video_id, max(e.at) AS last FROM thumbnails.events AS e
                              WHERE e.at >= statement_timestamp() - $1 AND e.to_status = coalesce($2, e.to_status)
                              GROUP BY e.video_id ORDER BY last DESC) AS g
                      CROSS JOIN LATERAL (SELECT v.id FROM public.videos AS v WHERE v.id = g.video_id AND %s LIMIT 1) AS l
                      ORDER BY g.last DESC LIMIT $3)$q$, matching) INTO ids USING back, p_state, p_limit;
      EXIT WHEN cardinality(ids) >= p_limit;
    END LOOP;
  END IF;
  missing := p_limit - cardinality(ids);
  EXECUTE format('SELECT ARRAY(SELECT v.id FROM public.videos AS v WHERE %s AND ($1 IS NULL OR v.id > $1) AND v.id <> ALL ($2) %s ORDER BY v.id LIMIT $3)', matching,
    -- Only those that have an index.
    CASE WHEN p_state IN ('failed', 'pending') THEN $q$AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')$q$ ELSE '' END ||
    CASE p_state WHEN 'failed' THEN $q$ AND NOT EXISTS (SELECT FROM thumbnails.events AS x WHERE x.video_id = v.id AND x.to_status = 'failed' OFFSET 0)$q$ ELSE '' END)
    INTO rest USING CASE WHEN p_at = -1 THEN p_id END, ids, missing + CASE WHEN p_state IN ('failed', 'pending') THEN 1 ELSE 0 END;
  RETURN jsonb_build_object('videos', thumbnails.describe_videos((ids || rest)[1:p_limit]), 'total', NULL,
    'next', CASE WHEN missing < 0 THEN jsonb_build_object('at', (extract(epoch FROM times[p_limit]) * 1000000)::bigint, 'id', ids[p_limit])
                 WHEN cardinality(rest) > missing THEN jsonb_build_object('at', -1, 'id', coalesce(rest[missing], '00000000-0000-0000-0000-000000000000')) END);
END
$$;

-- Videos of a filter, the latest change first or, with `p_order` = `oldest`, last; after the one at `p_at` (microseconds since 1970) and `p_id`.
-- Returns {videos, total, next: {at, id}}; `next` is NULL at the end. Two kinds of lists have no total and are made by `list_latest`: without order and
-- filter (except completed); and, if more than 10,000 videos lack a thumbnail, failed or pending videos without another condition.
CREATE OR REPLACE FUNCTION thumbnails.find_videos(p_filter jsonb, p_order text, p_at bigint, p_id uuid, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  direction text := CASE p_order WHEN 'oldest' THEN 'ASC' ELSE 'DESC' END;
  ids uuid[];
  times timestamptz[];
  total bigint;
BEGIN
  IF p_order IS NULL AND (p_filter - 'state') = '{}'
     AND (coalesce(p_filter ->> 'state', 'completed') = 'completed' AND p_at IS NULL
          OR p_filter ->> 'state' IN ('failed', 'pending')
             AND (p_at = -1 OR (SELECT count(*) FROM (SELECT FROM public.videos AS v
                                  WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
                                  LIMIT 10001) AS l) > 10000)) THEN
    RETURN thumbnails.list_latest(p_filter ->> 'state', p_at, p_id, p_limit);
  END IF;
  -- One more than is shown, to know whether there are more.
  EXECUTE format($q$
    SELECT array_agg(l.id ORDER BY l.at %1$s, l.id %1$s), array_agg(l.at ORDER BY l.at %1$s, l.id %1$s), max(l.total)
      FROM (SELECT m.id, m.at, m.total
              FROM (SELECT NULL AS title, NULL AS user_id, NULL AS created_at) AS absent
             CROSS JOIN LATERAL (SELECT v.id, %2$s AS at, count(*) OVER () AS total FROM public.videos AS v WHERE %3$s) AS m
             WHERE $1 IS NULL OR (m.at, m.id) %4$s (timestamptz 'epoch' + make_interval(secs => $1::double precision / 1000000), $2)
             ORDER BY m.at %1$s, m.id %1$s LIMIT $3) AS l$q$,
    direction, thumbnails.changed(), thumbnails.condition(p_filter), CASE direction WHEN 'ASC' THEN '>' ELSE '<' END)
    INTO ids, times, total USING p_at, p_id, p_limit + 1;
  RETURN jsonb_build_object('videos', thumbnails.describe_videos(ids[1:p_limit]), 'total', coalesce(total, 0),
    'next', CASE WHEN cardinality(ids) > p_limit THEN jsonb_build_object('at', (extract(epoch FROM times[p_limit]) * 1000000)::bigint, 'id', ids[p_limit]) END);
END
$$;
