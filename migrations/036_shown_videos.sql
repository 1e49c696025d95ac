-- A thumbnail's URL as it is shown; NULL if there is none, it is too long, or its query signs it.
CREATE OR REPLACE FUNCTION thumbnails.shown_url(url text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN url LIKE 'data:image/svg%' OR length(url) > 2000
                OR url ~* '[?&](token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|expires|policy|key-pair-id|verify|hdnts|hdnea)=' OR url ~ '^[a-z]+://[^/?#]*@'
              THEN NULL ELSE url END
$$;

-- The rows of these ids as they are shown, in this order: no signed URLs, and only the host of the video's.
CREATE OR REPLACE FUNCTION thumbnails.describe_videos(p_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'id', v.id, 'title', left(o.own ->> 'title', 300), 'videoStatus', v.status, 'status', v.thumbnail_generation_status,
      'thumbnailUrl', thumbnails.shown_url(v.thumbnail_url), 'hasThumbnail', NOT thumbnails.lacks(v.thumbnail_url),
      'canRestart', f.has_failed AND NOT thumbnails.is_blank(v.video_url),
      'error', left(v.thumbnail_generation_error, 500), 'class', v.thumbnail_generation_error_code,
      'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'maxAttempts', thumbnails.max_attempts(),
      'nextAttemptAt', CASE WHEN j.token IS NULL THEN thumbnails.iso(j.due_at) END,
      'leaseUntil', CASE WHEN j.token IS NOT NULL THEN thumbnails.iso(j.due_at) END,
      'startedAt', thumbnails.iso(v.thumbnail_generation_started_at), 'lastAttemptAt', thumbnails.iso(v.thumbnail_generation_last_attempt_at), 'generatedAt', thumbnails.iso(v.thumbnail_generated_at),
      'createdAt', thumbnails.iso(thumbnails.moment(o.own ->> 'created_at')),
      'sourceHost', left(substring(v.video_url FROM '^\s*[a-zA-Z]+://(?:[^/?#]*@)?([^/?#@]+)'), 300), 'tenant', nullif(thumbnails.tenant(o.own), ''),
      'dismissed', d.is_dismissed, 'canCancel', coalesce(j.token IS NULL AND j.result IS NULL AND j.due_at IS NOT NULL, false),
      'canDismiss', f.has_failed AND j.due_at IS NULL AND NOT d.is_dismissed
                    AND thumbnails.is_final(v.thumbnail_generation_error_code, v.thumbnail_generation_attempts)) ORDER BY i.position)
      FROM unnest(p_ids) WITH ORDINALITY AS i (id, position)
      JOIN public.videos AS v ON v.id = i.id
      CROSS JOIN LATERAL (SELECT thumbnails.own(v.id)) AS o (own)
      LEFT JOIN thumbnails.jobs AS j ON j.video_id = i.id AND j.kind = 'thumbnail'
     CROSS JOIN LATERAL (SELECT coalesce(v.status = 'completed' AND v.thumbnail_generation_status = 'failed', false) AS has_failed) AS f
     CROSS JOIN LATERAL (SELECT coalesce(v.thumbnail_generation_status = 'failed', false) AND EXISTS (
       SELECT FROM thumbnails.dismissed AS x
        WHERE x.video_id = i.id AND x.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at) AS is_dismissed) AS d), '[]')
$$;

-- The known fields of a thumbnail's metadata, by name, type and length, without anything that another program may have added.
CREATE OR REPLACE FUNCTION thumbnails.shown_metadata(metadata jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
    FROM jsonb_each(CASE WHEN jsonb_typeof(metadata) = 'object' THEN metadata ELSE '{}' END) AS m
   WHERE m.key IN ('width', 'height', 'bytes', 'timestampSeconds', 'durationSeconds', 'score', 'candidates', 'bytesFetched', 'requests')
         AND jsonb_typeof(m.value) = 'number'
      OR m.key IN ('method', 'format', 'aspectRatio', 'container', 'codec', 'source') AND jsonb_typeof(m.value) = 'string' AND length(m.value #>> '{}') <= 100
      OR m.key IN ('rejected', 'stagesMs') AND jsonb_typeof(m.value) = 'object' AND length(m.value::text) <= 1000
         AND NOT jsonb_path_exists(m.value, 'strict $.* ? (@.type() != "number")')
$$;

-- The history of one video: its row, the thumbnail's metadata, and its last 100 events, the latest first. NULL: no such video.
CREATE OR REPLACE FUNCTION thumbnails.timeline(p_video_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT thumbnails.describe_videos(ARRAY[p_video_id]) -> 0
         || jsonb_build_object(
              'metadata', (SELECT thumbnails.shown_metadata(v.thumbnail_metadata) FROM public.videos AS v WHERE v.id = timeline.p_video_id LIMIT 1),
              'events', coalesce((
                SELECT jsonb_agg(jsonb_build_object('at', thumbnails.iso(e.at), 'from', e.from_status, 'to', e.to_status, 'attempt', e.attempt,
                                                    'class', e.class, 'text', left(e.text, 500), 'seconds', round(extract(epoch FROM e.duration), 3),
                                                    'worker', nullif(e.detail ->> 'worker', ''),
                                                    'detail', CASE WHEN e.detail IS NOT NULL THEN nullif(thumbnails.shown_metadata(e.detail), '{}') END) ORDER BY e.id DESC)
                  FROM (SELECT x.* FROM thumbnails.events AS x WHERE x.video_id = p_video_id ORDER BY x.id DESC LIMIT 100) AS e), '[]'))
$$;
