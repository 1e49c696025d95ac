-- Merges up to `p_limit` hints, or those of one video. A slice that fails is halved until the bad hint is alone, which is set aside with its error. Only
-- one session merges for all at a time; others return at once. While a snapshot is held for long, dead hints stay in front: so a session begins where it
-- was a second or two ago, since a smaller id may be committed after a greater one, and at the start every three seconds. Compiling the plan of a slice
-- takes seconds, which PostgreSQL would do where a kind of join or sort is switched off.
CREATE OR REPLACE FUNCTION thumbnails.merge(p_limit integer, p_only uuid DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  now_seconds double precision := extract(epoch FROM clock_timestamp());
  -- Where to begin, how far it was at the last mark, when that was, and when it last began at the start.
  marks double precision[] := nullif(current_setting('thumbnails.merge_marks', true), '')::double precision[];
  after bigint;
  merged record;
  bad thumbnails.inbox%ROWTYPE;
BEGIN
  IF p_only IS NULL AND (marks[4] BETWEEN now_seconds - 3 AND now_seconds) IS NOT TRUE THEN
    marks := ARRAY[0, coalesce(marks[2], 0), now_seconds, now_seconds];
  END IF;
  after := marks[1];
  -- An empty inbox costs a query and no transaction id.
  IF (CASE WHEN p_only IS NOT NULL THEN NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = p_only)
           ELSE NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.id > after) OR NOT thumbnails.try_lock('merge') END) THEN
    RETURN 0;
  END IF;
  BEGIN
    IF p_limit = 1 THEN
      SELECT i.* INTO bad FROM thumbnails.inbox i WHERE CASE WHEN p_only IS NULL THEN i.id > after ELSE i.video_id = p_only END
       ORDER BY i.id LIMIT 1 FOR UPDATE SKIP LOCKED;
      after := bad.id - 1;
    END IF;
    SELECT m.hints, m.last_id INTO merged FROM thumbnails.merge_slice(p_limit, p_only, after) AS m;
  EXCEPTION WHEN OTHERS OR assert_failure THEN
    IF SQLSTATE ~ '^(40|53[123]|55|57|58)' THEN
      RAISE; -- Caused by another session or the server, not by a hint. The caller retries.
    ELSIF p_limit > 1 THEN
      RETURN thumbnails.merge(p_limit / 2, p_only);
    END IF;
    -- Unless another session has taken it since.
    WITH gone AS (DELETE FROM thumbnails.inbox i WHERE i.id = bad.id RETURNING i.*)
    INSERT INTO thumbnails.set_aside (video_id, reason, old_source, old_key, old_state, sqlstate, text, at)
    SELECT g.video_id, g.reason, g.old_source, g.old_key, g.old_state, SQLSTATE, left(SQLERRM, 1000), g.at FROM gone AS g;
    PERFORM thumbnails.note_event(bad.video_id, 'platform', format('could not be queued: %s (%s)', SQLERRM, SQLSTATE)) WHERE FOUND;
    RETURN 1;
  END;
  IF marks[3] < now_seconds - 1 THEN
    marks := ARRAY[marks[2], greatest(marks[2], merged.last_id), now_seconds, marks[4]];
  END IF;
  PERFORM set_config('thumbnails.merge_marks', marks::text, false) WHERE p_only IS NULL;
  RETURN merged.hints;
END
$$;
