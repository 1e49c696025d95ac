-- Turns hints into jobs. The video's row decides what is to be done, so a hint too many, too late or twice does no harm.
--
-- Lock, then look: a merge first locks the jobs that exist, and reads the videos in a later statement. It changes and ends only jobs that it has
-- locked; a job that another session made meanwhile stays, and its claim looks at the row again.

-- Takes up to `p_limit` hints with ids above `p_after` (with `p_only`, only those of that video, waiting for a session that has them). Returns how
-- many, and the last id.
CREATE OR REPLACE FUNCTION thumbnails.merge_slice(p_limit integer, p_only uuid, p_after bigint, OUT hints integer, OUT last_id bigint)
LANGUAGE plpgsql SET plan_cache_mode = auto AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := clock_timestamp();
  taken thumbnails.inbox[];
  ids uuid[];
  held uuid[];
  busy uuid[];
  bulk_xids xid8[];
  missing text;
  untrusted text[];
  odd_ids uuid[];
  odd_acts text[];
  odd_reasons text[];
  odd_sources text[];
  ended_tenants text[];
  moved_on thumbnails.inbox[];
  job thumbnails.jobs%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
  is_shown boolean;
BEGIN
  WITH gone AS (
    DELETE FROM thumbnails.inbox i
     WHERE i.ctid = ANY (CASE WHEN p_only IS NULL
             THEN ARRAY(SELECT s.ctid FROM thumbnails.inbox s WHERE s.id > p_after ORDER BY s.id LIMIT p_limit FOR UPDATE SKIP LOCKED)
             ELSE ARRAY(SELECT s.ctid FROM thumbnails.inbox s WHERE s.video_id = p_only ORDER BY s.id LIMIT p_limit FOR UPDATE) END)
    RETURNING i.*
  )
  SELECT array_agg(g.*::thumbnails.inbox), count(*), max(g.id) INTO taken, hints, last_id FROM gone AS g;
  PERFORM thumbnails.see_all();
  ids := ARRAY(SELECT DISTINCT u.video_id FROM unnest(taken) AS u);
  held := ARRAY(SELECT l.video_id FROM (SELECT j.video_id FROM thumbnails.jobs j WHERE j.video_id = ANY (ids) AND j.kind = 'thumbnail'
                                         ORDER BY j.video_id FOR UPDATE SKIP LOCKED) AS l);
  -- A job that is being claimed or ended is not waited for: its hints go back into the inbox.
  busy := ARRAY(SELECT j.video_id FROM thumbnails.jobs j WHERE j.video_id = ANY (ids) AND j.kind = 'thumbnail'
                EXCEPT SELECT h.video_id FROM unnest(held) AS h (video_id));
  IF cardinality(busy) > 0 THEN
    INSERT INTO thumbnails.inbox OVERRIDING SYSTEM VALUE SELECT u.* FROM unnest(taken) AS u WHERE u.video_id = ANY (busy);
    taken := ARRAY(SELECT u FROM unnest(taken) AS u WHERE u.video_id <> ALL (busy));
    hints := cardinality(taken);
  END IF;
  IF hints = 0 THEN
    RETURN;
  END IF;
  SELECT r.missing INTO missing FROM thumbnails.readiness() AS r;
  untrusted := ARRAY(SELECT d.by_role FROM (SELECT DISTINCT u.by_role FROM unnest(taken) AS u) AS d WHERE NOT thumbnails.is_trusted(d.by_role::name));

  -- More than a hundred hints of one transaction are bulk work, including those left by an earlier slice.
  bulk_xids := ARRAY(SELECT u.xid FROM unnest(taken) AS u GROUP BY u.xid HAVING count(*) > 100)
               || coalesce(nullif(current_setting('thumbnails.bulk_xids', true), '')::xid8[], '{}');
  IF cardinality(bulk_xids) > 0 THEN
    PERFORM set_config('thumbnails.bulk_xids', bulk_xids[1:10]::text, false);
  END IF;

  -- For a few hints, planning takes five times as long as executing; for many, a plan of their own is better.
  PERFORM set_config('plan_cache_mode', CASE WHEN hints > 100 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
  WITH hinted AS (
    SELECT u.video_id, min(u.id) AS first_id, min(u.at) AS at, array_agg(u.reason) AS reasons, bool_or(u.xid = ANY (bulk_xids)) AS is_bulk,
           bool_and(u.by_role = ANY (untrusted)) AS is_users,
           array_agg(u ORDER BY u.id) FILTER (WHERE u.reason = 'source' OR u.reason = 'gone' AND u.old_source IS NOT NULL) AS moves,
           (array_agg(u.old_state ORDER BY u.id))[1] AS old_state,
           array_agg(u.old_key) FILTER (WHERE u.old_key IS NOT NULL) AS old_keys
      FROM unnest(taken) AS u GROUP BY u.video_id
  ), looked AS (
    SELECT h.*, j.video_id IS NOT NULL AS has_job, j.token IS NOT NULL AND j.due_at > t AS is_leased, j.result AS job_result,
           coalesce(j.request ? 'regenerate', false) AS is_regeneration, o.video_id IS NOT NULL AS is_held, j.source_url AS job_source, j.old_thumbnail AS job_picture,
           v.id IS NOT NULL AS is_there, v.status::text IS NOT DISTINCT FROM 'completed' AS is_finished, v.video_url AS source, v.thumbnail_url AS picture,
           v.thumbnail_generation_status AS state, v.thumbnail_generation_error_code AS code, v.thumbnail_generation_attempts AS attempts,
           v.thumbnail_generation_error AS error, v.thumbnail_generation_started_at AS started_at,
           v.thumbnail_metadata #>> '{storyboard,url}' AS storyboard, thumbnails.own(v.id) AS own,
           thumbnails.is_ours(v.thumbnail_url, v.id, v.thumbnail_metadata) AS is_ours,
           m.reason AS moved, m.old_source,
           m.id IS NOT NULL AND NOT thumbnails.is_same_source(m.old_source, v.video_url)
             -- A copy that was given another video at once has the picture of the row whose id is in it.
             OR 'finished' = ANY (h.reasons) AND v.thumbnail_url IS NOT NULL AND EXISTS (
               SELECT FROM thumbnails.seen o
                WHERE o.id = substring(v.thumbnail_url FROM 'thumbnails/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid AND o.id <> v.id
                  AND o.picture = v.thumbnail_url AND o.state = 'completed' AND NOT thumbnails.is_same_source(o.source, v.video_url))
             -- A row that was deleted, as its picture's object has been since.
             OR 'shown' = ANY (h.reasons)
                AND EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = v.id AND (e.detail ->> 'lastToken')::numeric >= thumbnails.token_of(v.thumbnail_url, v.id))
                AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = thumbnails.object_key(v.thumbnail_url, v.id)) AS is_another
      FROM hinted AS h
      LEFT JOIN unnest(held) AS o (video_id) ON o.video_id = h.video_id
      LEFT JOIN thumbnails.jobs j ON j.video_id = h.video_id AND j.kind = 'thumbnail'
      LEFT JOIN public.videos v ON v.id = h.video_id
      -- What the row had before its first change after its picture was made is what that was made of. A row may also be deleted and inserted again.
      LEFT JOIN LATERAL (SELECT u.* FROM unnest(h.moves) AS u WHERE (v.thumbnail_generated_at BETWEEN u.at AND t) IS NOT TRUE ORDER BY u.id LIMIT 1) AS m ON h.moves IS NOT NULL
  ), judged AS (
    -- make, anew (other source, or asked for again), hurry (due now), again (anew if what is under way fails), later (another program works on it),
    -- no_source, heal, end, leave
    SELECT l.*, CASE
      WHEN l.has_job AND NOT l.is_held THEN 'leave'
      WHEN NOT l.is_there THEN 'end'
      WHEN NOT l.is_finished THEN CASE WHEN l.is_leased THEN 'leave' ELSE 'end' END
      WHEN thumbnails.lacks(l.picture) THEN CASE
        WHEN thumbnails.is_blank(l.source) THEN CASE WHEN l.state = 'failed' AND l.code = 'media' THEN 'end' ELSE 'no_source' END
        WHEN l.has_job THEN CASE
          WHEN NOT thumbnails.is_same_source(l.job_source, l.source) THEN 'anew'
          WHEN l.is_leased OR l.job_result IS NOT NULL OR l.is_regeneration THEN CASE
            WHEN l.reasons && '{finished,source,picture,asked}' OR l.state = 'pending' AND 'state' = ANY (l.reasons) THEN 'again'
            ELSE 'leave' END
          WHEN l.state = 'processing' AND 'state' = ANY (l.reasons) THEN 'later'
          WHEN l.reasons && '{finished,picture}' OR l.state = 'pending' AND 'state' = ANY (l.reasons) THEN 'anew'
          WHEN l.reasons && '{source,asked}' THEN 'hurry'
          ELSE 'leave' END
        WHEN l.reasons && '{finished,source,picture,asked}' THEN 'make'
        WHEN l.state = 'failed' THEN CASE WHEN NOT thumbnails.is_final(l.code, l.attempts) AND 'found' = ANY (l.reasons) THEN 'make' ELSE 'leave' END
        WHEN l.state = 'processing' AND NOT 'found' = ANY (l.reasons) THEN 'leave'
        ELSE 'make' END
      -- The picture is ours, and the video is another one, or somebody has written `pending` to have it made again, or what restarts a video came to
      -- one whose new picture is on its way or has failed.
      WHEN l.is_ours AND NOT thumbnails.is_blank(l.source)
           AND (l.is_another OR l.state = 'pending' AND l.reasons && '{finished,state}' OR (l.state = 'failed' OR l.has_job) AND l.reasons && '{finished,source}') THEN CASE
        WHEN NOT l.has_job THEN 'make'
        WHEN thumbnails.is_same_source(l.job_source, l.source) THEN 'again'
        ELSE 'anew' END
      -- A picture from outside ends the job, unless another one was asked for.
      WHEN l.has_job THEN CASE
        WHEN thumbnails.is_same_picture(l.picture, l.job_picture, l.video_id)
             OR l.is_regeneration AND thumbnails.is_same_source(l.job_source, l.source) THEN 'leave'
        ELSE 'end' END
      WHEN l.state IN ('pending', 'processing') OR l.state = 'failed' AND l.code IS NULL THEN 'heal'
      ELSE 'leave' END AS act
    FROM looked AS l
  ), due AS (
    -- By the merge's clock, in the order of the hints.
    SELECT g.*, thumbnails.tenant(g.own) AS tenant, t + make_interval(secs => 1e-6 * row_number() OVER (ORDER BY g.first_id)) AS due_at,
           row_number() OVER (PARTITION BY thumbnails.tenant(g.own), g.act ORDER BY g.first_id) AS nth,
           CASE WHEN g.is_bulk OR g.reasons && '{found,asked}' THEN 2 END AS bulk_lane,
           -- A user's change is not refused, but delayed to the end of the minute.
           CASE WHEN g.is_users THEN thumbnails.minute_over(g.video_id) END AS not_before
      FROM judged AS g
  ), made AS (
    INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, attempts, source_url, old_thumbnail, request, created_at)
    SELECT d.video_id, coalesce(d.bulk_lane, CASE WHEN d.is_admitted THEN 0 ELSE 1 END), d.tenant,
           CASE WHEN d.not_before IS NOT NULL THEN d.not_before WHEN d.is_admitted THEN d.due_at ELSE 'infinity' END,
           -- A failed video that the sweep found keeps its attempts.
           CASE WHEN d.state = 'failed' AND d.reasons <@ '{found,state}' THEN greatest(d.attempts, 0) ELSE 0 END, d.source, d.picture, thumbnails.shape(d.own), d.at
      FROM (SELECT m.*, m.tenant = '' OR m.nth <= 2 AND m.nth + thumbnails.admitted(m.tenant, 2) <= 2 AS is_admitted FROM due AS m WHERE m.act = 'make') AS d
     ORDER BY d.video_id
    ON CONFLICT DO NOTHING
    RETURNING video_id
  ), renewed AS (
    UPDATE thumbnails.jobs j
       SET due_at = CASE WHEN d.not_before IS NULL AND j.due_at = 'infinity' THEN j.due_at ELSE coalesce(d.not_before, d.due_at) END,
           is_earned = false, lane = coalesce(d.bulk_lane, least(j.lane, 1)), attempts = 0, releases = 0, token = NULL,
           source_url = d.source, old_thumbnail = d.picture, result = NULL,
           request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(d.own), created_at = d.at
      FROM due AS d WHERE d.act = 'anew' AND j.video_id = d.video_id AND j.kind = 'thumbnail' RETURNING j.video_id
  ), moved AS (
    UPDATE thumbnails.jobs j
       SET due_at = CASE WHEN d.act = 'hurry' AND d.not_before IS NULL AND j.due_at = 'infinity' THEN j.due_at
                         WHEN d.act = 'hurry' THEN CASE WHEN d.not_before IS NULL THEN d.due_at ELSE least(d.not_before, j.due_at) END
                         WHEN d.act = 'again' THEN j.due_at
                         ELSE least(CASE WHEN isfinite(d.started_at) THEN d.started_at ELSE t END, t) + interval '30 minutes' END,
           source_url = d.source,
           request = CASE WHEN d.act <> 'later' AND (j.token IS NOT NULL OR j.result IS NOT NULL) THEN j.request || '{"again": true}' ELSE j.request END
      FROM due AS d
     WHERE d.act IN ('hurry', 'again', 'later') AND j.video_id = d.video_id AND j.kind = 'thumbnail'
    RETURNING j.tenant
  ), ended AS (
    DELETE FROM thumbnails.jobs j USING due AS d WHERE j.video_id = d.video_id AND j.kind = 'thumbnail' AND d.act IN ('end', 'no_source') RETURNING j.tenant
  ), dropped AS (
    -- Objects that no row names any more: of a row that is gone, replaced or emptied, and of a result that is dropped with its job.
    SELECT d.video_id, k.key FROM due AS d CROSS JOIN LATERAL unnest(d.old_keys) AS k (key)
     WHERE k.key IS DISTINCT FROM thumbnails.object_key(d.picture, d.video_id)
    UNION
    SELECT d.video_id, d.job_result ->> 'key' FROM due AS d
     WHERE d.job_result ? 'key' AND d.act IN ('anew', 'end', 'no_source')
  ), put_down AS (
    INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
    -- Where an id changes, both ids' hints name the object.
    SELECT DISTINCT ON (o.key) o.key, o.video_id, t + interval '86400 seconds' FROM dropped AS o ORDER BY o.key, strpos(o.key, o.video_id::text) DESC
    ON CONFLICT (key) DO UPDATE SET not_before = greatest(d.not_before, excluded.not_before)
  ), borrowed AS (
    INSERT INTO thumbnails.borrowed (key, video_id)
    SELECT thumbnails.claim_key(u.url), d.video_id FROM due AS d, unnest(ARRAY[d.picture, d.storyboard]) AS u (url)
     WHERE strpos(u.url, d.video_id::text) = 0 AND thumbnails.claim_key(u.url) IS NOT NULL
    ON CONFLICT DO NOTHING
  ), noted AS (
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    SELECT d.video_id, d.old_state, 'pending', 0, CASE WHEN missing IS NOT NULL THEN 'configuration' END,
           coalesce(missing, CASE WHEN 'found' = ANY (d.reasons) THEN 'found by the sweep' END)
      FROM due AS d WHERE d.video_id IN (SELECT m.video_id FROM made AS m UNION ALL SELECT r.video_id FROM renewed AS r)
    UNION ALL
    -- What others wrote on the row.
    SELECT d.video_id, d.old_state, d.state, d.attempts, coalesce(d.code, 'external'), coalesce(d.error, 'set by another program')
      FROM due AS d
     WHERE d.reasons && '{state,picture}' AND d.state IS DISTINCT FROM d.old_state AND d.state IS NOT NULL
       AND (d.act = 'end' OR d.act IN ('leave', 'again', 'later') AND NOT d.is_leased)
  )
  SELECT array_agg(d.video_id), array_agg(d.act), array_agg(d.moved), array_agg(d.old_source),
         (SELECT array_agg(e.tenant) FROM (TABLE ended UNION TABLE moved) AS e),
         (SELECT array_agg(u) FROM unnest(taken) u JOIN due d USING (video_id) WHERE u.reason IN ('source', 'gone') OR d.storyboard > '')
    INTO odd_ids, odd_acts, odd_reasons, odd_sources, ended_tenants, moved_on
    FROM due AS d
   WHERE d.is_there AND (d.act IN ('no_source', 'heal')
                         OR d.act = 'end' AND d.is_finished AND NOT thumbnails.lacks(d.picture) AND d.state IS DISTINCT FROM 'completed'
                         -- If something is wanted of a video that is not (or no longer) finished, its row says `pending` until it is.
                         OR d.act = 'end' AND NOT d.is_finished AND d.state IS DISTINCT FROM 'pending' AND (d.has_job OR d.is_another)
                            AND (thumbnails.lacks(d.picture) OR d.is_ours)
                         OR d.act IN ('make', 'anew')
                            AND (d.state IS DISTINCT FROM 'pending' AND NOT (d.state IS NULL AND d.reasons <@ '{found,asked}')
                                 OR missing IS NOT NULL AND d.error IS DISTINCT FROM missing AND d.bulk_lane IS NULL));

  IF moved_on IS NOT NULL AND to_regproc('thumbnails.follow_videos') IS NOT NULL THEN -- not while migrations are applied
    PERFORM thumbnails.follow_videos(moved_on);
  END IF;
  -- Writes one by one what the BEFORE trigger could not see.
  FOR n IN 1..coalesce(cardinality(odd_ids), 0) LOOP
    job.video_id := odd_ids[n];
    job.kind := 'thumbnail';
    SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = odd_ids[n];
    job.old_thumbnail := video.picture;
    -- The platform's triggers may be slow, and `statement_timeout` would undo all of it, again and again.
    is_shown := clock_timestamp() < t + thumbnails.patience();
    IF NOT is_shown THEN
      NULL;
    ELSIF odd_acts[n] = 'heal' OR odd_acts[n] = 'end' AND video.status = 'completed' THEN
      is_shown := thumbnails.show_state(job, 'completed', NULL, NULL, 0);
    ELSIF odd_acts[n] = 'no_source' THEN
      is_shown := thumbnails.show_state(job, 'failed', 'Video URL is null', 'media', 0);
      INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
      SELECT odd_ids[n], 'pending', 'failed', 0, 'media', 'Video URL is null' WHERE is_shown;
    ELSE
      is_shown := thumbnails.show_state(job, 'pending', missing, CASE WHEN missing IS NOT NULL THEN 'configuration' END, 0)
        -- The job stays, and its claim writes the row again.
        OR odd_acts[n] <> 'end';
    END IF;
    IF NOT is_shown THEN
      -- The row is locked, the platform refuses, or it takes too long. As there is no job, `look_after` and the sweep retry it.
      INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text, old_source)
      VALUES (odd_ids[n], coalesce(odd_reasons[n], 'found'), '', 'its state could not be written', odd_sources[n]);
    END IF;
  END LOOP;
  -- Jobs that others work on leave their places, too.
  PERFORM thumbnails.admit_next(e.tenant) FROM unnest(ended_tenants) AS e (tenant);
END
$$;
