-- `seen` has the platform's columns that the state machine reads, under our own names; `health` is for the report what the public view is for people, who
-- may drop theirs. Rows in flight are neither success nor failure. The mean is over rows that we generated (others have no start), without absurd times,
-- whose difference PostgreSQL may refuse. An unchanged view is not replaced, which would wait for its readers.
DO $$
DECLARE
  title text;
  created_at text;
  wanted record;
  other record;
BEGIN
  -- The original's functions and views that cannot be replaced in place are dropped, and made again in this transaction.
  FOR other IN SELECT r.what FROM pg_temp.replaced_objects() AS r LOOP
    RAISE NOTICE 'removed, and made anew: %', other.what;
    EXECUTE 'DROP ' || other.what;
  END LOOP;
  SELECT coalesce(max('v.title') FILTER (WHERE a.attname = 'title'), 'NULL::text AS title'), coalesce(max('v.created_at') FILTER (WHERE a.attname = 'created_at'), 'NULL::timestamptz')
    INTO title, created_at FROM pg_attribute a WHERE a.attrelid = 'public.videos'::regclass;
  FOR wanted IN SELECT n.name, format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS %s', n.name, w.definition) AS act, thumbnails.hash(w.definition || obj.types) AS mark
    FROM (SELECT coalesce(string_agg(format('%s %s %s', a.attname, a.atttypid, a.attrelid), ',' ORDER BY a.attnum), '') AS types FROM pg_attribute a
           WHERE a.attrelid = 'public.videos'::regclass AND a.attnum > 0 AND a.attname IN ('title', 'created_at', 'status', 'video_url', 'thumbnail_url')) AS obj,
         (VALUES
    ('thumbnails.seen', $v$
  SELECT v.id, v.status::text AS status, v.video_url::text AS source, v.thumbnail_url::text AS picture, v.thumbnail_generation_status::text AS state,
         v.thumbnail_generation_error AS error, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
         v.thumbnail_metadata AS metadata
    FROM public.videos v$v$),
    ('public.thumbnail_generation_health thumbnails.health', $v$
  SELECT count(*) FILTER (WHERE v.thumbnail_generation_status = 'completed') AS completed_count,
         count(*) FILTER (WHERE v.thumbnail_generation_status = 'failed') AS failed_count,
         count(*) FILTER (WHERE v.thumbnail_generation_status = 'processing') AS processing_count,
         count(*) FILTER (WHERE v.thumbnail_generation_status = 'pending') AS pending_count,
         (SELECT count(*) FROM public.videos l
           WHERE l.status = 'completed' AND (l.thumbnail_url IS NULL OR l.thumbnail_url = '' OR l.thumbnail_url LIKE 'data:image/svg%')) AS needs_generation_count,
         round(100.0 * count(*) FILTER (WHERE v.thumbnail_generation_status = 'completed')
               / nullif(count(*) FILTER (WHERE v.thumbnail_generation_status IN ('completed', 'failed')), 0), 2) AS success_rate_percent,
         round(avg(date_part('epoch', v.thumbnail_generated_at - v.thumbnail_generation_started_at))
           FILTER (WHERE v.thumbnail_generation_status = 'completed'
                     AND v.thumbnail_generation_started_at > to_timestamp(0) AND v.thumbnail_generated_at >= v.thumbnail_generation_started_at
                     AND v.thumbnail_generated_at < to_timestamp(1e11))::numeric, 2) AS avg_generation_time_seconds
    FROM public.videos v$v$),
    ('public.thumbnail_generation_failures', $v$
  SELECT v.thumbnail_generation_error,
         count(*) AS failure_count,
         max(v.thumbnail_generation_last_attempt_at) AS last_occurrence,
         (array_agg(v.id ORDER BY v.thumbnail_generation_last_attempt_at DESC NULLS LAST))[1:5] AS recent_video_ids
    FROM public.videos v
   WHERE v.thumbnail_generation_status = 'failed'
   GROUP BY v.thumbnail_generation_error
   ORDER BY failure_count DESC, last_occurrence DESC$v$),
    ('public.videos_need_thumbnail_generation', format($v$
  SELECT v.id, %s, v.video_url, v.status, v.thumbnail_url, v.thumbnail_generation_status, v.thumbnail_generation_error,
         v.thumbnail_generation_attempts, v.thumbnail_generation_last_attempt_at,
         CASE WHEN isfinite(v.thumbnail_generation_last_attempt_at)
              THEN round((extract(epoch FROM now() - v.thumbnail_generation_last_attempt_at) / 60)::numeric, 1) END AS minutes_since_last_attempt,
         %s AS created_at
    FROM public.videos v
   WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%%')
   ORDER BY created_at DESC$v$, title, created_at))) AS w (names, definition),
         string_to_table(w.names, ' ') AS n (name)
  LOOP
    CONTINUE WHEN obj_description(to_regclass(wanted.name), 'pg_class') = wanted.mark;
    BEGIN
      EXECUTE wanted.act;
    EXCEPTION WHEN invalid_table_definition THEN
      -- The platform has added a column or changed a type.
      RAISE NOTICE 'removed, and made anew: VIEW %', wanted.name;
      EXECUTE format('DROP VIEW %s', wanted.name);
      EXECUTE wanted.act;
    END;
    EXECUTE format('COMMENT ON VIEW %s IS %L', wanted.name, wanted.mark);
  END LOOP;
END
$$;

-- Fails if row level security hides `videos` from its owner: rows would look as if they were gone. No hint is blamed for this SQLSTATE.
CREATE OR REPLACE FUNCTION thumbnails.see_all() RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF row_security_active('public.videos') THEN
    RAISE EXCEPTION 'row level security hides public.videos from %, for whom the queue works: ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY', current_user
      USING ERRCODE = '55000';
  END IF;
END
$$;

-- The platform's columns that may not exist, {user_id, aspect_ratio, created_at, title}; NULL if there is no such video. A name that is no column
-- resolves to that of `absent`. Nothing else of the row is read: it may be megabytes, and json that jsonb refuses.
CREATE OR REPLACE FUNCTION thumbnails.own(p_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
BEGIN
  RETURN (SELECT o.own
            FROM (SELECT NULL AS user_id, NULL AS aspect_ratio, NULL AS created_at, NULL AS title) AS absent
           CROSS JOIN LATERAL (SELECT jsonb_build_object('user_id', user_id::text, 'aspect_ratio', aspect_ratio::text, 'created_at', created_at, 'title', title::text) AS own
                                 FROM public.videos v WHERE v.id = p_id LIMIT 1) AS o);
END
$$;
