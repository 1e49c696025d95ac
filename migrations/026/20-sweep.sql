CREATE OR REPLACE FUNCTION thumbnails.is_final(code text, attempts bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(code IN ('media', 'forbidden', 'request'), false) OR coalesce(attempts, 0) >= thumbnails.max_attempts() $$;

-- Whether a row without picture and job was left behind: processing for 30 minutes; failed with attempts left; or, for 10 minutes, waiting or without
-- a state (also `completed` without a picture). Absurd times count as long ago.
CREATE OR REPLACE FUNCTION thumbnails.is_left_behind(
  state text, code text, attempts bigint, started_at timestamptz, last_attempt_at timestamptz, generated_at timestamptz, created_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF state = 'failed' THEN
    RETURN NOT thumbnails.is_final(code, attempts);
  ELSIF created_at > statement_timestamp() THEN
    created_at := NULL; -- a local time, of another zone
  END IF;
  RETURN NOT coalesce(CASE state WHEN 'processing' THEN coalesce(started_at, last_attempt_at, created_at) ELSE greatest(last_attempt_at, generated_at, created_at) END
    BETWEEN statement_timestamp() - make_interval(mins => CASE state WHEN 'processing' THEN 30 ELSE 10 END) AND statement_timestamp() + interval '1 day', false);
END
$$;

-- Examines up to `p_limit` finished videos that lack a picture, with ids above `p_from` (NULL: from the start), and returns those left behind, with
-- neither job nor hint, and the last id examined. With the index `videos_thumbnail_lacking`, the cost depends on what is to be done.
CREATE OR REPLACE FUNCTION thumbnails.find_left_behind(p_from uuid, p_limit integer, OUT ids uuid[], OUT last_id uuid, OUT looked_at integer)
LANGUAGE sql STABLE AS $$
  -- The most expensive conditions come last.
  SELECT array_agg(l.id ORDER BY l.id) FILTER (
           WHERE NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = l.id AND j.kind = 'thumbnail')
             AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = l.id)
             AND thumbnails.is_left_behind(l.state, l.code, l.attempts, l.started_at, l.last_attempt_at, l.generated_at,
                   CASE WHEN l.state IS DISTINCT FROM 'failed' THEN thumbnails.moment(thumbnails.own(l.id) ->> 'created_at') END)),
         (array_agg(l.id ORDER BY l.id DESC))[1], count(*)
    FROM (SELECT v.id, v.thumbnail_generation_status AS state, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
                 v.thumbnail_generation_started_at AS started_at, v.thumbnail_generation_last_attempt_at AS last_attempt_at, v.thumbnail_generated_at AS generated_at
            FROM public.videos v
           WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
             AND v.id >= coalesce(find_left_behind.p_from, '00000000-0000-0000-0000-000000000000') AND v.id IS DISTINCT FROM find_left_behind.p_from
           ORDER BY v.id LIMIT find_left_behind.p_limit) AS l
$$;

-- The sweep, which is in 040, for pg_cron and people: only the relay and pg_net wake workers then.
CREATE OR REPLACE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN thumbnails.sweep(true); END $$;
