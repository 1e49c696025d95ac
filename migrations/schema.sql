CREATE SCHEMA thumbnails;
CREATE TYPE thumbnails.claim_answer AS (
	outcome text,
	video_id uuid,
	kind text,
	token bigint,
	attempt integer,
	video_url text,
	aspect_ratio text,
	time_seconds double precision,
	retry_after_seconds double precision,
	class text,
	detail text,
	tenant text,
	answer text
);
CREATE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ BEGIN RETURN thumbnails.sweep(true); END $$;
CREATE FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer DEFAULT 10) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
#variable_conflict use_variable
DECLARE
most integer := least(greatest($1, 0), 1000);
chosen uuid[];
results jsonb := '[]'::jsonb;
BEGIN
IF NOT (thumbnails.readiness()).enabled THEN
RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
ELSIF (thumbnails.readiness()).missing IS NOT NULL THEN
RETURN json_build_object('success', false, 'error', 'Missing configuration in system_config');
END IF;
PERFORM FROM thumbnails.locks l WHERE l.name = 'merge' FOR UPDATE;
chosen := ARRAY(SELECT c.id FROM (
SELECT v.id FROM public.videos v LEFT JOIN thumbnails.jobs j ON j.video_id = v.id AND j.kind = 'thumbnail'
WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
AND NOT thumbnails.is_blank(v.video_url)
AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id)
AND (j.video_id IS NULL AND NOT (v.thumbnail_generation_status = 'processing'
AND coalesce(v.thumbnail_generation_started_at > clock_timestamp() - interval '30 minutes', false))
OR j.token IS NULL AND j.result IS NULL AND j.due_at > clock_timestamp() AND j.due_at < 'infinity')
ORDER BY j.video_id IS NOT NULL, v.thumbnail_generation_last_attempt_at NULLS FIRST, v.id LIMIT most) AS c ORDER BY c.id);
FOR n IN 1..cardinality(chosen) LOOP
EXIT WHEN clock_timestamp() > statement_timestamp() + thumbnails.time_limit() / 2;
PERFORM thumbnails.start_anew(chosen[n], 2);
results := results || jsonb_build_object('videoId', chosen[n], 'success', true, 'message', 'Thumbnail generation triggered');
END LOOP;
PERFORM thumbnails.wake_workers();
RETURN json_build_object('success', true, 'processed', jsonb_array_length(results), 'results', results);
END
$_$;
CREATE FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
p_video_id uuid := $1;
trusted boolean := thumbnails.is_trusted(coalesce(nullif(current_setting('role', true), 'none'), session_user));
video record;
problem text;
BEGIN
SELECT s.*, thumbnails.own(s.id) ->> 'user_id' AS uploader INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
problem := CASE
WHEN NOT (thumbnails.readiness()).enabled THEN 'Auto thumbnail generation is disabled'
WHEN video.id IS NULL OR NOT (trusted
OR coalesce(video.uploader = nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', false)) THEN 'Video not found'
WHEN video.status IS DISTINCT FROM 'completed' THEN 'Video is not completed'
WHEN thumbnails.is_blank(video.source) THEN 'Video URL is null'
WHEN NOT thumbnails.lacks(video.picture) AND video.state IS DISTINCT FROM 'failed' THEN 'Thumbnail already exists'
WHEN (thumbnails.readiness()).missing IS NOT NULL THEN 'Missing configuration in system_config'
WHEN NOT trusted AND (thumbnails.minute_over(p_video_id) IS NOT NULL
OR EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.class = 'manual'
AND e.at > clock_timestamp() - interval '1 minute'))
THEN 'Triggered less than a minute ago'
END;
IF problem IS NOT NULL THEN
RETURN json_strip_nulls(json_build_object('success', false, 'error', problem,
'thumbnailUrl', CASE WHEN problem = 'Thumbnail already exists' THEN video.picture END));
END IF;
IF thumbnails.start_anew(p_video_id, 0) AND NOT thumbnails.post_by_pg_net(p_video_id) THEN
PERFORM thumbnails.wake_relay();
END IF;
RETURN json_build_object('success', true, 'videoId', p_video_id, 'message', 'Thumbnail generation triggered');
END
$_$;
CREATE FUNCTION thumbnails.act(p_action text, p_filter jsonb, p_limit integer, p_before timestamp with time zone, p_by text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
DECLARE
  latest text := to_char(coalesce(p_before, clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  who text := coalesce(nullif(thumbnails.said(p_by, 60), ''), 'somebody');
  most integer := least(greatest(p_limit, 0), 1000);
  ids uuid[];
  chosen uuid[];
  done integer := 0;
BEGIN
  IF p_action = 'retry' AND NOT (thumbnails.readiness()).enabled THEN
    RETURN jsonb_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  ELSIF p_action = 'retry' AND (thumbnails.readiness()).missing IS NOT NULL THEN
    RETURN jsonb_build_object('success', false, 'error', 'Missing configuration in system_config');
  ELSIF p_action = 'cancel' AND most > 0 THEN
    -- So that what was just announced can be cancelled, too.
    PERFORM thumbnails.merge(1000);
  END IF;
  IF most > 0 THEN
    -- Keeps out others that lock many jobs one by one.
    PERFORM FROM thumbnails.locks AS l WHERE l.name = 'merge' FOR UPDATE;
  END IF;
  EXECUTE format($q$SELECT array_agg(m.id ORDER BY m.id) FROM (SELECT NULL AS title, NULL AS user_id, NULL AS created_at) AS absent
                     CROSS JOIN LATERAL (SELECT v.id FROM public.videos AS v WHERE %s AND %s) AS m$q$, thumbnails.condition(p_filter), CASE p_action
    WHEN 'retry' THEN format($q$v.status = 'completed' AND v.thumbnail_generation_status = 'failed' AND NOT thumbnails.is_blank(v.video_url)
                                AND (v.thumbnail_generation_last_attempt_at > %L AND v.thumbnail_generation_last_attempt_at <= clock_timestamp()) IS NOT TRUE$q$, latest)
    WHEN 'dismiss' THEN thumbnails.condition('{"state": "failed"}')
                        || $q$ AND thumbnails.is_final(v.thumbnail_generation_error_code, v.thumbnail_generation_attempts)
                               AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id AND j.kind = 'thumbnail' OFFSET 0)$q$
    WHEN 'restore' THEN thumbnails.condition('{"state": "dismissed"}')
    WHEN 'cancel' THEN $q$EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id AND j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL OFFSET 0)$q$
    END) INTO ids;
  chosen := ids[1:most];
  CASE
    WHEN chosen = '{}' OR chosen IS NULL THEN NULL;
    WHEN p_action = 'dismiss' THEN done := thumbnails.dismiss(chosen, who);
    WHEN p_action = 'restore' THEN
      WITH restored AS (
        DELETE FROM thumbnails.dismissed AS d WHERE d.video_id = ANY (chosen) RETURNING d.video_id
      )
      INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text)
      SELECT r.video_id, 'failed', 'failed', 'restored', 'brought back by ' || who FROM restored AS r;
      GET DIAGNOSTICS done = ROW_COUNT;
    ELSE
      FOR n IN 1..cardinality(chosen) LOOP
        -- The platform's triggers may be slow: what is done stays done, and the next call continues.
        IF n > 1 AND clock_timestamp() > statement_timestamp() + thumbnails.time_limit() / 2 THEN
          most := n - 1;
          EXIT;
        END IF;
        done := done + (CASE p_action WHEN 'retry' THEN thumbnails.start_anew(chosen[n], 2) ELSE thumbnails.cancel(chosen[n], who) END)::integer;
      END LOOP;
  END CASE;
  IF p_action = 'retry' AND done > 0 THEN
    DELETE FROM thumbnails.dismissed AS d WHERE d.video_id = ANY (chosen[1:most]);
    PERFORM thumbnails.wake_relay();
  END IF;
  RETURN jsonb_build_object('success', true, 'processed', done, 'before', latest,
                            'remaining', greatest(0, coalesce(cardinality(ids), 0) - most));
END
$_$;
CREATE FUNCTION thumbnails.admit(p_tenant text, p_count integer, p_is_earned boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
ids uuid[];
BEGIN
IF p_count > 0 AND NOT EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_tenant) THEN
WITH admitted AS (
UPDATE thumbnails.jobs j SET due_at = clock_timestamp(), is_earned = p_is_earned
WHERE j.ctid = ANY (ARRAY(SELECT p.ctid FROM thumbnails.jobs p
WHERE p.tenant = p_tenant AND p.due_at = 'infinity'
ORDER BY p.created_at LIMIT p_count FOR UPDATE SKIP LOCKED))
RETURNING j.video_id
)
SELECT array_agg(a.video_id) INTO ids FROM admitted AS a;
PERFORM thumbnails.wake_relay() WHERE ids IS NOT NULL;
PERFORM thumbnails.post_by_pg_net(ids[2]) WHERE cardinality(ids) > 1 AND to_regnamespace('net') IS NOT NULL;
END IF;
END
$$;
CREATE FUNCTION thumbnails.admit_next(p_tenant text, p_seconds double precision DEFAULT NULL::double precision) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
IF p_tenant = '' OR NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.due_at = 'infinity') THEN
RETURN;
ELSIF p_seconds < 5 THEN
PERFORM thumbnails.admit(p_tenant, CASE WHEN thumbnails.admitted(p_tenant, 16) < 16 THEN 2 ELSE 1 END, true);
ELSE
PERFORM thumbnails.admit(p_tenant, 2 - thumbnails.admitted(p_tenant, 2));
END IF;
END
$$;
CREATE FUNCTION thumbnails.admit_stalled() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
next_tenant text := '';
BEGIN
LOOP
SELECT j.tenant INTO next_tenant FROM thumbnails.jobs j
WHERE j.tenant > next_tenant AND j.due_at = 'infinity' ORDER BY j.tenant LIMIT 1;
EXIT WHEN NOT FOUND;
PERFORM thumbnails.admit(next_tenant, 2) WHERE thumbnails.admitted(next_tenant, 1) = 0;
END LOOP;
END
$$;
CREATE FUNCTION thumbnails.admitted(p_tenant text, p_most integer, p_soon timestamp with time zone DEFAULT (clock_timestamp() + '00:00:01'::interval)) RETURNS integer
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
RETURN (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.token IS NOT NULL LIMIT p_most) AS h)
+ (SELECT count(*) FROM (SELECT FROM thumbnails.jobs j
WHERE j.tenant = p_tenant AND j.tenant <> '' AND j.due_at < 'infinity' AND j.due_at <= p_soon
AND j.token IS NULL AND j.lane < 9
ORDER BY j.due_at LIMIT p_most) AS d);
END
$$;
CREATE FUNCTION thumbnails.board_video(metadata jsonb) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT substring(metadata #>> '{storyboard,url}' FROM 'thumbnails/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid $$;
CREATE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN consecutive >= 5 THEN thumbnails.release_delay(consecutive - 4, 1) END $$;
CREATE FUNCTION thumbnails.cancel(p_id uuid, p_by text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
BEGIN
  PERFORM thumbnails.see_all();
  SELECT j.* INTO job FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
   WHERE j.video_id = p_id AND j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL
     FOR UPDATE OF j SKIP LOCKED FOR NO KEY UPDATE OF v SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_id;
  IF thumbnails.lacks(video.picture) THEN
    -- Whatever its video is by now: that of a row that is not finished may be another one.
    job.source_url := video.source;
    IF thumbnails.settle(job, jsonb_build_object('state', 'failed', 'class', 'request', 'error', 'cancelled by ' || p_by)) = 'ok' THEN
      PERFORM thumbnails.dismiss(ARRAY[p_id], p_by);
    END IF;
  ELSIF thumbnails.show_state(job, 'completed', NULL, NULL, 0) THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_id AND j.kind = 'thumbnail';
    INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text) VALUES (p_id, 'pending', 'completed', 'request', 'cancelled by ' || p_by);
    PERFORM thumbnails.admit_next(job.tenant);
  ELSE
    RETURN false;
  END IF;
  RETURN true;
END
$$;
CREATE FUNCTION thumbnails.changed() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT format($q$least(greatest(nullif(v.thumbnail_generation_last_attempt_at, 'infinity'), nullif(v.thumbnail_generated_at, 'infinity'),
                                  nullif(%s, 'infinity'), 'epoch'), '2200-01-01 00:00:00+00')$q$,
                CASE WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'created_at'
                                     AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype))
                     THEN 'created_at::timestamptz' ELSE 'thumbnails.moment(created_at::text)' END)
$_$;
CREATE FUNCTION thumbnails.check_config() RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
IF EXISTS (SELECT FROM pg_class c, pg_namespace n WHERE c.oid = to_regclass('public.system_config') AND n.nspname = 'thumbnails'
AND NOT pg_has_role(c.relowner, n.nspowner, 'MEMBER')) THEN
RAISE insufficient_privilege USING MESSAGE = 'system_config belongs to a role that may not act as the owner of videos, and is not read';
END IF;
END
$$;
CREATE FUNCTION thumbnails.checks_of_pictures() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT coalesce(string_agg(format('SELECT %L FROM (SELECT %s FROM public.videos AS v WHERE v.id = $1) AS videos WHERE NOT (%s)',
                                    c.conname, own.columns, pg_get_expr(c.conbin, c.conrelid)), ' UNION ALL '), 'SELECT NULL WHERE $1 IS NULL AND $2 IS NULL')
    FROM pg_constraint AS c
   CROSS JOIN LATERAL (SELECT string_agg(CASE a.attname WHEN 'thumbnail_url' THEN format('$2::%s AS thumbnail_url', format_type(a.atttypid, a.atttypmod))
                                                        ELSE format('%I', a.attname) END, ', ') AS columns,
                              bool_or(a.attname = 'thumbnail_url') AS names_it
                         FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS own
   WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND pg_get_constraintdef(c.oid) !~ 'NOT ENFORCED$' AND own.names_it
$_$;
CREATE FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL::text, p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL::double precision, p_host text DEFAULT ''::text) RETURNS thumbnails.claim_answer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
said thumbnails.claim_answer;
locked record;
job thumbnails.jobs%ROWTYPE;
video thumbnails.seen%ROWTYPE;
t timestamptz;
BEGIN
PERFORM thumbnails.merge(100, p_video_id);
SELECT j AS job, s AS video, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers
INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' FOR UPDATE OF j SKIP LOCKED;
job := locked.job;
video := locked.video;
IF job.video_id IS NULL THEN
PERFORM thumbnails.see_all();
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
said.outcome := CASE
WHEN NOT FOUND THEN 'not_found'
WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN 'busy'
WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
WHEN p_regenerate THEN NULL
WHEN NOT thumbnails.lacks(video.picture) THEN 'completed'
WHEN video.state = 'failed' AND video.code IS NOT NULL AND thumbnails.is_final(video.code, video.attempts) THEN 'exhausted'
WHEN video.state = 'processing' AND NOT (
SELECT thumbnails.is_left_behind('processing', NULL, 0, v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, NULL,
thumbnails.moment(thumbnails.own(p_video_id) ->> 'created_at')) FROM public.videos v WHERE v.id = p_video_id) THEN 'busy'
END;
said.detail := CASE said.outcome WHEN 'not_finished' THEN video.status WHEN 'completed' THEN video.picture WHEN 'exhausted' THEN video.error END;
said.retry_after_seconds := CASE WHEN said.outcome = 'busy' THEN CASE WHEN video.state = 'processing' THEN 5 ELSE 1 END END;
IF said.outcome IS NOT NULL THEN
RETURN said;
END IF;
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
SELECT p_video_id, 0, thumbnails.tenant(o.own), clock_timestamp(), video.source, video.picture, thumbnails.shape(o.own)
FROM (SELECT thumbnails.own(p_video_id)) AS o (own) WHERE o.own IS NOT NULL
ON CONFLICT DO NOTHING
RETURNING * INTO job;
IF NOT FOUND THEN
said.outcome := 'busy';
said.retry_after_seconds := 1;
RETURN said;
END IF;
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
VALUES (p_video_id, video.state, 'pending', 0, CASE WHEN p_regenerate THEN 'manual' END,
CASE WHEN p_regenerate THEN 'asked for again' ELSE 'found by a claim' END);
END IF;
t := clock_timestamp();
said.outcome := CASE WHEN job.token IS NOT NULL AND job.due_at > t THEN 'busy'
WHEN NOT p_regenerate AND job.due_at > t AND job.due_at < 'infinity' THEN 'not_due' END;
IF said.outcome IS NOT NULL THEN
said.retry_after_seconds := extract(epoch FROM job.due_at - t);
said.detail := CASE said.outcome WHEN 'not_due' THEN coalesce(job.result #>> '{refused,text}', video.error) END;
RETURN said;
END IF;
IF job.result IS NOT NULL AND NOT p_regenerate THEN
said.outcome := thumbnails.settle(job, job.result);
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_video_id;
said.retry_after_seconds := CASE WHEN said.outcome <> 'ok' THEN 10 END;
said.detail := CASE WHEN said.outcome = 'ok' AND video.state = 'completed' THEN video.picture ELSE video.error END;
said.outcome := CASE WHEN said.outcome <> 'ok' THEN 'not_due' WHEN video.state = 'failed' THEN 'exhausted' ELSE 'completed' END;
RETURN said;
END IF;
IF p_regenerate OR p_aspect_ratio IS NOT NULL OR p_time_seconds IS NOT NULL THEN
IF p_regenerate THEN
PERFORM thumbnails.put_down(job.result ->> 'key', p_video_id);
job.attempts := 0;
job.releases := 0;
job.result := NULL;
job.request := job.request - 'timeSeconds';
END IF;
job.request := job.request || jsonb_strip_nulls(jsonb_build_object('aspectRatio', p_aspect_ratio, 'timeSeconds', p_time_seconds,
'regenerate', CASE WHEN p_regenerate THEN true END));
UPDATE thumbnails.jobs j SET request = job.request, attempts = job.attempts, releases = job.releases, result = job.result,
lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END
WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
END IF;
IF locked.has_breakers IS DISTINCT FROM false THEN
said := thumbnails.pass_breakers(p_host, p_lease_seconds);
IF said.outcome = 'paused' THEN
IF p_regenerate AND job.due_at > t THEN
UPDATE thumbnails.jobs j SET due_at = t + make_interval(secs => said.retry_after_seconds) WHERE j.video_id = p_video_id AND j.kind = 'thumbnail';
END IF;
RETURN said;
END IF;
END IF;
RETURN thumbnails.take(job, video, p_lease_seconds);
END
$$;
CREATE FUNCTION thumbnails.claim_key(url text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT substring(url FROM 'thumbnails(?:/|%(?:25)*2[Ff])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:/|%(?:25)*2[Ff])([0-9a-f]{16}-[0-9]+)') $$;
CREATE FUNCTION thumbnails.claim_next(p_lease_seconds double precision, p_host text DEFAULT ''::text) RETURNS thumbnails.claim_answer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
t timestamptz := clock_timestamp();
now_due timestamptz;
marks double precision[] := thumbnails.marks('thumbnails.claim_marks', t);
locked record;
known record;
job thumbnails.jobs%ROWTYPE;
said thumbnails.claim_answer;
BEGIN
said.outcome := 'none';
IF marks[5] = date_part('epoch', t) THEN
PERFORM thumbnails.merge(500), thumbnails.settle_kept(20);
END IF;
FOR round IN 1..1000 LOOP
now_due := clock_timestamp();
FOR l IN 0..3 LOOP
SELECT j AS job, s AS video INTO locked FROM thumbnails.jobs j LEFT JOIN thumbnails.seen s ON s.id = j.video_id
WHERE j.lane = l AND j.due_at >= to_timestamp(marks[l + 1]) AND j.due_at <= now_due ORDER BY j.due_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
IF FOUND THEN
job := locked.job;
marks[l + 1] := least(date_part('epoch', job.due_at), date_part('epoch', now_due) - 0.1);
EXIT;
END IF;
END LOOP;
IF marks[5] = date_part('epoch', t) THEN
marks[6] := least(greatest(3, 100 * date_part('epoch', clock_timestamp() - now_due)), 30);
END IF;
IF job.video_id IS NULL THEN
EXIT WHEN marks[5] = date_part('epoch', t);
marks := thumbnails.marks(NULL, t);
PERFORM thumbnails.merge(500), thumbnails.settle_kept(20), thumbnails.admit_stalled();
CONTINUE;
END IF;
IF known IS NULL THEN
PERFORM thumbnails.check_config();
SELECT EXISTS (SELECT FROM public.system_config c WHERE c.key = 'auto_thumbnail_enabled' AND thumbnails.is_off(c.value)) AS is_off,
EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host IN (p_host, '*')) AS has_breakers INTO known;
EXIT WHEN known.is_off;
IF known.has_breakers THEN
said := thumbnails.pass_breakers(p_host, p_lease_seconds);
EXIT WHEN said.outcome = 'paused';
END IF;
END IF;
said := thumbnails.take(job, locked.video, p_lease_seconds);
EXIT WHEN said.outcome = 'claimed';
job := NULL;
said.outcome := CASE WHEN round < 1000 THEN 'none' ELSE 'paused' END;
said.retry_after_seconds := 0;
END LOOP;
PERFORM set_config('thumbnails.claim_marks', marks::text, false);
RETURN said;
END
$$;
CREATE FUNCTION thumbnails.collector_position() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT p.collected_to FROM thumbnails.positions p $$;
CREATE FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision DEFAULT 86400, p_host text DEFAULT ''::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
held record;
job thumbnails.jobs%ROWTYPE;
metadata jsonb := p_metadata;
answer text;
BEGIN
SELECT j AS job, EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host) AS has_breakers INTO held
FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE OF j;
IF NOT FOUND THEN
answer := thumbnails.earlier_answer(p_video_id, p_token, '{completed}');
ELSE
job := held.job;
IF job.request ?| '{aspectRatio,timeSeconds}' THEN
metadata := metadata || jsonb_build_object('requested', job.request - '{again,regenerate,shape}'::text[]);
END IF;
IF NOT thumbnails.lacks(job.old_thumbnail) AND thumbnails.object_key(job.old_thumbnail, p_video_id) IS NULL THEN
metadata := metadata || jsonb_build_object('replaced', job.old_thumbnail);
END IF;
answer := thumbnails.settle(job, jsonb_build_object('state', 'completed', 'url', p_thumbnail_url, 'key', p_key, 'metadata', metadata,
'keepSeconds', p_keep_seconds));
IF held.has_breakers THEN
PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
DELETE FROM thumbnails.breakers b WHERE b.host = p_host AND b.class <> 'manual';
END IF;
END IF;
IF answer = 'fenced' THEN
INSERT INTO thumbnails.events (video_id, token, class, text)
VALUES (p_video_id, p_token, 'lost', 'a late result was refused: the video is another claim''s, or another video by now');
PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
END IF;
RETURN answer;
END
$$;
CREATE FUNCTION thumbnails.complete_and_next(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text, p_lease_seconds double precision) RETURNS thumbnails.claim_answer
    LANGUAGE plpgsql
    AS $$
DECLARE
  answer text := thumbnails.complete(p_video_id, p_token, p_thumbnail_url, p_key, p_metadata, p_keep_seconds, p_host);
  said thumbnails.claim_answer := thumbnails.claim_next(p_lease_seconds, p_host);
BEGIN
  said.answer := answer;
  RETURN said;
END
$$;
CREATE FUNCTION thumbnails.complete_storyboard(p_video_id uuid, p_token bigint, p_storyboard jsonb, p_key text, p_keep_seconds double precision) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  board thumbnails.storyboards%ROWTYPE;
  video thumbnails.seen%ROWTYPE;
  refusal text := 'a trigger of the platform''s keeps the row as it is';
  lock_timeout text := current_setting('lock_timeout');
  is_locked boolean := false;
  is_written boolean := false;
BEGIN
  -- Locks in the same order as a request for another storyboard.
  SELECT * INTO board FROM thumbnails.storyboards AS s WHERE s.video_id = p_video_id FOR UPDATE;
  SELECT * INTO job FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard' AND j.token = p_token FOR UPDATE;
  IF job.video_id IS NULL AND board.token = p_token THEN
    RETURN 'already';
  END IF;
  BEGIN
    PERFORM set_config('lock_timeout', '500ms', true);
    SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
    PERFORM set_config('lock_timeout', lock_timeout, true);
  EXCEPTION WHEN lock_not_available THEN
    refusal := format('%s (%s)', SQLERRM, SQLSTATE); -- The whole table is locked.
    is_locked := true;
  END;
  IF job.video_id IS NULL OR NOT is_locked AND NOT thumbnails.is_same_source(video.source, job.source_url) THEN
    PERFORM thumbnails.end_storyboard(job) WHERE job.video_id IS NOT NULL;
    PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
    RETURN 'fenced';
  END IF;
  FOR round IN 1..2 LOOP
    EXIT WHEN is_locked;
    BEGIN
      is_written := thumbnails.write_storyboard(p_video_id, video.source, p_storyboard);
      -- A trigger may have put back what was there. A statement of its own, which sees what the one before has written.
      is_written := is_written AND EXISTS (SELECT FROM thumbnails.seen AS s
                                            WHERE s.id = p_video_id AND strpos(s.metadata ->> 'storyboard', split_part(p_key, '/', 3)) > 0);
      EXIT;
    EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
      IF SQLSTATE ~ '^(53[123]|57P|58)' THEN
        RAISE; -- The server lacks resources, which is no refusal.
      END IF;
      refusal := format('%s (%s)', SQLERRM, SQLSTATE);
      is_locked := SQLSTATE IN ('40001', '40P01', '55P03');
      EXIT WHEN SQLSTATE <> '42804';
      DISCARD PLANS; -- See `settle`.
    END;
  END LOOP;
  IF is_written THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard';
    UPDATE thumbnails.storyboards AS s SET key = p_key, token = p_token WHERE s.video_id = p_video_id;
    PERFORM thumbnails.put_down(board.key, p_video_id, p_keep_seconds);
    RETURN 'ok';
  END IF;
  PERFORM thumbnails.put_down(p_key, p_video_id, p_keep_seconds);
  PERFORM thumbnails.note_event(p_video_id, NULL, CASE WHEN is_locked THEN 'storyboard: another transaction holds the row: ' ELSE 'storyboard: the platform refuses it: ' END || refusal);
  -- A lock is no refusal, and no attempt: it may last for hours, as that of VACUUM FULL.
  PERFORM thumbnails.fail(p_video_id, p_token, 'platform', refusal, CASE WHEN NOT is_locked THEN true END);
  RETURN 'refused';
END
$$;
CREATE FUNCTION thumbnails.condition(p_filter jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;
CREATE FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  name text := CASE WHEN thumbnails.setting('webhook_secret') IS NULL THEN 'service_role_key' ELSE 'webhook_secret' END;
  ours text := CASE name WHEN 'webhook_secret' THEN p_webhook_hash ELSE p_service_hash END;
BEGIN
  IF to_regnamespace('net') IS NULL OR thumbnails.is_off(thumbnails.setting('pg_net')) THEN
    RETURN '[]'::jsonb;
  END IF;
  RETURN to_jsonb(array_remove(ARRAY[
    (SELECT format('pg_net is not used: what these roles own or may create in the schema net would run with the rights of %s, which they lack: %s', current_user,
                   string_agg(DISTINCT CASE m WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(m) END, ', '))
       FROM unnest(thumbnails.makers_of_pg_net()) AS m WHERE NOT thumbnails.trusts(ARRAY[m]) HAVING count(*) > 0),
    CASE WHEN ours <> thumbnails.hash(thumbnails.setting(name)) THEN
      format('system_config.%s is not the %s of the handlers: what pg_net posts is refused', name, upper(name)) END,
    -- Each refusal is in its video's history; it matters only if it was the last post.
    (SELECT r.text FROM thumbnails.events AS r
      WHERE r.at > statement_timestamp() - interval '6 hours' AND r.class = 'configuration' AND r.text LIKE 'pg\_net refused%'
        AND NOT EXISTS (SELECT FROM thumbnails.pg_net_posts AS p WHERE p.at > r.at) ORDER BY r.at DESC LIMIT 1),
    thumbnails.pg_net_queue_problem()], NULL)
    || ARRAY(SELECT CASE WHEN a.posts IS NULL THEN a.problem
                         ELSE format('pg_net: %s of the last %s posts %s: %s', a.posts, a.total,
                                     CASE WHEN a.status IS NOT NULL THEN 'were answered ' || a.status WHEN a.timed_out THEN 'timed out' ELSE 'failed' END, a.problem) END
               FROM (SELECT (e ->> 'posts')::bigint AS posts, sum((e ->> 'posts')::bigint) OVER () AS total, e ->> 'status' AS status, (e ->> 'timedOut')::boolean AS timed_out,
                            e ->> 'problem' AS problem, e ->> 'lastAt' AS last_at, max(e ->> 'lastAt') FILTER (WHERE e ->> 'problem' IS NULL) OVER () AS delivered_at
                       FROM jsonb_array_elements(thumbnails.pg_net_answers()) AS e) AS a
              -- A problem of all posts is over once one has arrived; a problem of some may come again.
              WHERE a.problem IS NOT NULL AND (a.posts IS NULL OR a.status = '429' OR a.delivered_at IS NULL OR a.last_at >= a.delivered_at) ORDER BY a.posts DESC));
END
$$;
CREATE FUNCTION thumbnails.describe_videos(p_ids uuid[]) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE FUNCTION thumbnails.dismiss(p_ids uuid[], p_by text) RETURNS integer
    LANGUAGE sql
    AS $$
  SELECT thumbnails.see_all();
  DELETE FROM thumbnails.dismissed AS d WHERE NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = d.video_id);
  WITH done AS (
    INSERT INTO thumbnails.dismissed AS d (video_id, last_attempt_at)
    SELECT v.id, v.thumbnail_generation_last_attempt_at
      FROM public.videos AS v WHERE v.id = ANY (dismiss.p_ids) ORDER BY v.id
    ON CONFLICT (video_id) DO UPDATE SET last_attempt_at = excluded.last_attempt_at
      WHERE d.last_attempt_at IS DISTINCT FROM excluded.last_attempt_at
    RETURNING d.video_id
  ), noted AS (
    INSERT INTO thumbnails.events (video_id, from_status, to_status, class, text)
    SELECT d.video_id, 'failed', 'failed', 'dismissed', 'dismissed by ' || p_by FROM done AS d
  )
  SELECT count(*)::integer FROM done
$$;
CREATE FUNCTION thumbnails.due_videos(p_limit integer, p_except uuid[]) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz;
  marks double precision[];
  left_over integer := p_limit;
  due record;
BEGIN
  -- A crash could only lose a merge, whose hints would still be there, so nobody waits for the disk.
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM thumbnails.merge(1000);
  IF NOT (thumbnails.readiness()).enabled OR EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = '*') THEN
    RETURN;
  END IF;
  t := clock_timestamp();
  marks := thumbnails.marks('thumbnails.due_marks', t);
  LOOP
    FOR l IN 0..CASE WHEN thumbnails.wakes_for_storyboards() THEN 3 ELSE 2 END LOOP
      SELECT array_agg(j.video_id) AS ids, date_part('epoch', min(j.due_at)) AS earliest INTO due
        FROM (SELECT x.video_id, x.due_at FROM thumbnails.jobs x
               WHERE x.lane = l AND x.due_at >= to_timestamp(marks[l + 1]) AND x.due_at <= t AND x.video_id <> ALL (p_except)
               ORDER BY x.due_at LIMIT left_over) AS j;
      IF due.ids IS NOT NULL THEN
        marks[l + 1] := least(due.earliest, date_part('epoch', t) - 0.1);
        left_over := left_over - cardinality(due.ids);
        RETURN QUERY SELECT unnest(due.ids);
      END IF;
    END LOOP;
    EXIT WHEN left_over < p_limit OR marks[5] = date_part('epoch', t);
    marks := thumbnails.marks(NULL, t);
  END LOOP;
  PERFORM set_config('thumbnails.due_marks', marks::text, false);
END
$$;
CREATE FUNCTION thumbnails.earlier_answer(p_video_id uuid, p_token bigint, p_states text[]) RETURNS text
    LANGUAGE sql STABLE
    AS $$
SELECT CASE
WHEN EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.token = p_token AND e.to_status = ANY (p_states)
AND e.class IS DISTINCT FROM 'platform') THEN 'already'
WHEN EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.result ->> 'token' = p_token::text
AND j.result ->> 'state' = ANY (ARRAY['completed'] || p_states)) THEN 'kept'
ELSE 'fenced' END
$$;
CREATE TABLE thumbnails.jobs (
    video_id uuid NOT NULL,
    kind text DEFAULT 'thumbnail'::text NOT NULL,
    lane smallint NOT NULL,
    tenant text DEFAULT ''::text NOT NULL,
    is_earned boolean DEFAULT false NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    releases smallint DEFAULT 0 NOT NULL,
    token bigint,
    claimed_at timestamp with time zone,
    source_url text,
    old_thumbnail text,
    request jsonb DEFAULT '{}'::jsonb NOT NULL,
    result jsonb,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='1000', vacuum_truncate=off);
CREATE FUNCTION thumbnails.end_storyboard(p_job thumbnails.jobs, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  source text := (SELECT s.source FROM thumbnails.seen AS s WHERE s.id = p_job.video_id LIMIT 1);
BEGIN
  IF p_why = 'not_finished' THEN
    UPDATE thumbnails.jobs AS j SET token = NULL, due_at = clock_timestamp() + interval '10 minutes' WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
  ELSIF thumbnails.is_blank(source) OR thumbnails.is_same_source(source, p_job.source_url) THEN
    DELETE FROM thumbnails.jobs AS j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
  ELSE
    UPDATE thumbnails.jobs AS j SET token = NULL, attempts = 0, releases = 0, due_at = clock_timestamp(), source_url = source
     WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
    PERFORM thumbnails.wake_relay();
  END IF;
END
$$;
CREATE FUNCTION thumbnails.end_write(p_written boolean) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
half_minute text := (pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()) OPERATOR(pg_catalog./) 30)::pg_catalog.int8::pg_catalog.text;
BEGIN
IF NOT COALESCE(pg_catalog.current_setting('thumbnails.defers_not', true) OPERATOR(pg_catalog.=) half_minute, false) THEN
IF EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tginitdeferred)
OR EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.prosrc OPERATOR(pg_catalog.~*) 'set[[:space:]]+constraints'
AND p.pronamespace OPERATOR(pg_catalog.<>) 'thumbnails'::pg_catalog.regnamespace) THEN
IF thumbnails.may_fire() THEN
END IF;
ELSE
PERFORM pg_catalog.set_config('thumbnails.defers_not', half_minute, false);
END IF;
END IF;
RETURN pg_catalog.set_config('thumbnails.writing', '', true) IS NOT NULL AND p_written;
END
$$;
CREATE FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision DEFAULT NULL::double precision, p_host text DEFAULT ''::text, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
t timestamptz := clock_timestamp();
job thumbnails.jobs%ROWTYPE;
is_given_back boolean := p_retryable IS NULL;
counts boolean;
delay interval;
BEGIN
SELECT * INTO job FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.token = p_token FOR UPDATE;
IF NOT FOUND THEN
outcome := thumbnails.earlier_answer(p_video_id, p_token, '{pending,failed}');
RETURN;
END IF;
counts := NOT is_given_back OR p_class <> 'shutdown' AND (job.releases + 1) % 10 = 0
AND EXISTS (SELECT FROM thumbnails.events e WHERE e.at > t - interval '15 minutes' AND e.to_status = 'completed' AND e.token IS NOT NULL AND e.class IS NULL);
attempt := job.attempts - CASE WHEN counts THEN 0 ELSE 1 END;
IF counts AND (attempt >= thumbnails.max_attempts() OR NOT p_retryable OR NOT is_given_back AND job.request ? 'again') THEN
outcome := thumbnails.settle(job, jsonb_build_object('state', 'failed', 'class', p_class, 'error', p_error));
ELSE
delay := CASE WHEN NOT is_given_back THEN thumbnails.retry_delay(attempt, p_retry_after_seconds, random())
WHEN p_class = 'shutdown' THEN interval '0'
ELSE greatest(thumbnails.release_delay(job.releases + 1, random()),
make_interval(secs => greatest(0, least(300, CASE WHEN p_retry_after_seconds < 'infinity' THEN p_retry_after_seconds ELSE 0 END)))) END;
next_attempt_at := t + delay;
UPDATE thumbnails.jobs j
lane = CASE WHEN is_given_back THEN j.lane ELSE greatest(j.lane, 1) END,
releases = (j.releases + CASE WHEN is_given_back AND p_class <> 'shutdown' THEN 1 ELSE 0 END) % 30000
WHERE j.video_id = p_video_id AND j.kind = job.kind;
outcome := thumbnails.put_back(job, CASE WHEN is_given_back THEN 'pending' ELSE 'failed' END, p_class, p_error, attempt);
IF delay = interval '0' THEN
PERFORM thumbnails.wake_relay();
END IF;
END IF;
PERFORM thumbnails.move_breakers(CASE WHEN is_given_back THEN p_class END, p_host, p_video_id, p_error);
END
$$;
CREATE FUNCTION thumbnails.figures() RETURNS TABLE(hour timestamp with time zone, measure text, label text, value numeric)
    LANGUAGE sql STABLE
    AS $$
  SELECT h.hour, h.measure, h.label, h.value FROM thumbnails.hourly_totals h
  UNION ALL
  SELECT m.hour, m.measure, m.label, m.value FROM thumbnails.measure_events((SELECT p.folded_before FROM thumbnails.positions p), 9223372036854775807) AS m
$$;
CREATE FUNCTION thumbnails.find_left_behind(p_from uuid, p_limit integer, OUT ids uuid[], OUT last_id uuid, OUT looked_at integer) RETURNS record
    LANGUAGE sql STABLE
    AS $$
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
CREATE FUNCTION thumbnails.find_videos(p_filter jsonb, p_order text, p_at bigint, p_id uuid, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
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
$_$;
CREATE FUNCTION thumbnails.fingerprint() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT 'c10e2b9fe28d420e' $$;
CREATE FUNCTION thumbnails.fold_events() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE TABLE thumbnails.inbox (
    id bigint NOT NULL,
    video_id uuid NOT NULL,
    reason text NOT NULL,
    old_source text,
    old_key text,
    old_state text,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    by_role text DEFAULT COALESCE(NULLIF(current_setting('role'::text, true), 'none'::text), (SESSION_USER)::text) NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000', vacuum_truncate=off);
ALTER TABLE ONLY thumbnails.inbox REPLICA IDENTITY FULL;
CREATE FUNCTION thumbnails.follow_videos(p_hints thumbnails.inbox[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  gone uuid[] := ARRAY(SELECT DISTINCT h.video_id FROM unnest(p_hints) AS h WHERE NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = h.video_id));
  board record;
BEGIN
  INSERT INTO thumbnails.events (video_id, text, detail)
  SELECT g.id, 'the video was deleted', jsonb_build_object('lastToken', (SELECT t.last_value FROM thumbnails.tokens AS t)) FROM unnest(gone) AS g (id)
   WHERE EXISTS (SELECT FROM thumbnails.events AS e WHERE e.video_id = g.id) OR EXISTS (SELECT FROM thumbnails.storyboards AS b WHERE b.video_id = g.id);
  FOR board IN DELETE FROM thumbnails.storyboards AS b WHERE b.video_id = ANY (gone) RETURNING b.video_id, b.key LOOP
    PERFORM thumbnails.put_down(board.key, board.video_id);
  END LOOP;
  DELETE FROM thumbnails.jobs AS j WHERE j.video_id = ANY (gone) AND j.kind = 'storyboard';
  FOR board IN SELECT DISTINCT b.video_id, b.key, s.source FROM unnest(p_hints) AS h
                 JOIN thumbnails.storyboards AS b ON b.video_id = h.video_id JOIN thumbnails.seen AS s ON s.id = h.video_id
                WHERE h.reason IN ('source', 'gone') AND NOT thumbnails.is_blank(s.source) AND NOT thumbnails.is_same_source(h.old_source, s.source) LOOP
    -- Not if another one has been made meanwhile.
    UPDATE thumbnails.storyboards AS b SET key = NULL WHERE b.video_id = board.video_id AND b.key = board.key;
    IF FOUND THEN
      PERFORM thumbnails.put_down(board.key, board.video_id);
      INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (board.video_id, 'storyboard', 3, clock_timestamp(), board.source)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  FOR board IN SELECT DISTINCT s.id AS video_id, s.source, u.url, thumbnails.object_key(u.url, u.id) AS key, u.id AS made_for
                 FROM unnest(p_hints) AS h JOIN thumbnails.seen AS s ON s.id = h.video_id
                CROSS JOIN LATERAL (SELECT s.metadata #>> '{storyboard,url}' AS url, thumbnails.board_video(s.metadata) AS id) AS u
                WHERE thumbnails.object_key(u.url, u.id) IS NOT NULL AND NOT thumbnails.is_blank(s.source) LOOP
    INSERT INTO thumbnails.storyboards (video_id, key) VALUES (board.video_id, board.key) ON CONFLICT DO NOTHING;
    -- It is another video's, which a copy was given at once; or its object was deleted meanwhile.
    IF FOUND AND (EXISTS (SELECT FROM thumbnails.seen AS o WHERE o.id = board.made_for AND o.id <> board.video_id AND NOT thumbnails.is_same_source(o.source, board.source))
                  OR EXISTS (SELECT FROM thumbnails.events AS e
                              WHERE e.video_id = board.made_for AND (e.detail ->> 'lastToken')::numeric >= thumbnails.token_of(board.url, board.made_for))
                     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions AS d WHERE d.key = board.key)
                     AND NOT EXISTS (SELECT FROM thumbnails.storyboards AS b WHERE b.key = board.key AND b.video_id <> board.video_id)) THEN
      UPDATE thumbnails.storyboards AS b SET key = NULL WHERE b.video_id = board.video_id;
      INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at, source_url) VALUES (board.video_id, 'storyboard', 3, clock_timestamp(), board.source)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
END
$$;
CREATE FUNCTION thumbnails.forget_objects(p_keys text[], p_refused text[] DEFAULT '{}'::text[], p_text text DEFAULT NULL::text, p_left text[] DEFAULT '{}'::text[]) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  UPDATE thumbnails.object_deletions AS d SET refused = left(p_text, 300) WHERE d.key = ANY (p_refused);
  UPDATE thumbnails.object_deletions AS d SET not_before = clock_timestamp() WHERE d.key = ANY (p_left);
  DELETE FROM thumbnails.borrowed AS b WHERE b.key = ANY (ARRAY(SELECT thumbnails.claim_key(k.key) FROM unnest(p_keys) AS k (key)));
  -- A row may have been inserted again meanwhile.
  INSERT INTO thumbnails.inbox (video_id, reason)
  SELECT v.id, 'shown' FROM unnest(p_keys) AS k (key) JOIN public.videos AS v ON v.id = thumbnails.key_video(k.key) AND thumbnails.object_key(v.thumbnail_url, v.id) = k.key;
  WITH forgotten AS (DELETE FROM thumbnails.object_deletions AS d WHERE d.key = ANY (p_keys) RETURNING 1) SELECT count(*)::integer FROM forgotten
$$;
CREATE FUNCTION thumbnails.forget_worker(p_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ DELETE FROM thumbnails.workers AS w WHERE w.name = p_name $$;
CREATE FUNCTION thumbnails.give_up_lost(p_job thumbnails.jobs) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
PERFORM thumbnails.settle(p_job, jsonb_build_object('state', 'failed', 'class', 'lost',
'error', format('worker lost: the attempt ended without a result %s times', p_job.attempts)));
END
$$;
CREATE FUNCTION thumbnails.guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
NEW.thumbnail_generation_attempts := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN 0 ELSE OLD.thumbnail_generation_attempts END;
NEW.thumbnail_generation_started_at := OLD.thumbnail_generation_started_at;
NEW.thumbnail_generation_last_attempt_at := OLD.thumbnail_generation_last_attempt_at;
NEW.thumbnail_generated_at := OLD.thumbnail_generated_at;
NEW.thumbnail_metadata := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN '{}' ELSE OLD.thumbnail_metadata END;
RETURN NEW;
END
$$;
CREATE FUNCTION thumbnails.hand_out(p_functions text[]) RETURNS void
    LANGUAGE plpgsql
    AS $_$
DECLARE
table_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass);
path text;
own_path text := current_setting('search_path');
other record;
own_function regprocedure;
BEGIN
IF (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'thumbnails') <> table_owner THEN
EXECUTE format('ALTER SCHEMA thumbnails OWNER TO %s', table_owner);
END IF;
path := thumbnails.triggers_path();
PERFORM thumbnails.show_own_tables();
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA thumbnails FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA thumbnails FROM PUBLIC;
IF to_regrole('thumbnail_handlers') IS NOT NULL THEN
GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
IF NOT has_schema_privilege('thumbnail_handlers', 'public', 'USAGE') THEN
GRANT USAGE ON SCHEMA public TO thumbnail_handlers;
END IF;
FOR n IN 1..cardinality(p_functions) LOOP
EXECUTE format('GRANT EXECUTE ON FUNCTION thumbnails.%I TO thumbnail_handlers', p_functions[n]);
END LOOP;
END IF;
FOR own_function IN SELECT p.oid FROM pg_proc p WHERE p.proowner <> table_owner AND (p.pronamespace = 'thumbnails'::regnamespace
OR p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(auto_retry_stuck_thumbnails|(manually|batch)_trigger_thumbnail_generation)$') LOOP
EXECUTE format('ALTER FUNCTION %s OWNER TO %s', own_function, table_owner);
END LOOP;
FOR own_function IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname LIKE 'write\_%'
AND NOT coalesce(p.proconfig::text LIKE '%search\_path=%', false) LOOP
PERFORM set_config('search_path', concat(path, ', pg_temp'), true);
EXECUTE pg_catalog.format('ALTER FUNCTION %s SET search_path FROM CURRENT', own_function);
PERFORM pg_catalog.set_config('search_path', own_path, true);
END LOOP;
FOR other IN
SELECT c.relkind = 'c' AS is_type, c.oid::regclass AS name FROM pg_class c
WHERE c.relowner <> table_owner AND c.relkind IN ('r', 'v', 'S', 'c')
AND (c.relnamespace = 'thumbnails'::regnamespace
OR c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass)
LOOP
EXECUTE format(CASE WHEN other.is_type THEN 'ALTER TYPE %s OWNER TO %s' ELSE 'ALTER TABLE %s OWNER TO %s' END, other.name::regclass, table_owner);
END LOOP;
END
$_$;
CREATE FUNCTION thumbnails.has_turn(p_job thumbnails.jobs) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout TO '1s'
    AS $$
DECLARE
slow_since timestamptz := timestamptz 'infinity';
BEGIN
IF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant) THEN
RETURN false;
ELSIF p_job.token IS NOT NULL THEN
RETURN true;
ELSIF p_job.is_earned THEN
slow_since := clock_timestamp() - interval '5 seconds';
ELSE
PERFORM FROM thumbnails.locks l WHERE l.name = 'tenant ' || left(p_job.tenant, 2) FOR UPDATE;
END IF;
IF (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
WHERE j.tenant = p_job.tenant AND j.tenant <> '' AND j.token IS NOT NULL AND j.claimed_at < slow_since LIMIT 2) AS h) THEN
RAISE EXCEPTION 'there is no place' USING ERRCODE = 'PLACE';
END IF;
RETURN true;
EXCEPTION WHEN SQLSTATE 'PLACE' OR lock_not_available THEN
RETURN false;
END
$$;
CREATE FUNCTION thumbnails.has_work() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM thumbnails.inbox AS i)
         OR EXISTS (SELECT FROM generate_series(0, 2) AS l WHERE EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = l AND j.due_at <= statement_timestamp()))
$$;
CREATE FUNCTION thumbnails.hash(value text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$ BEGIN RETURN encode(sha256(convert_to(value, 'SQL_ASCII')), 'hex'); END $$;
CREATE FUNCTION thumbnails.hint_again(p_limit integer, p_soon boolean) RETURNS void
    LANGUAGE sql
    AS $$
  WITH again AS (
    DELETE FROM thumbnails.set_aside a
     WHERE a.ctid = ANY (ARRAY(SELECT s.ctid FROM thumbnails.set_aside s
                                WHERE NOT p_soon OR s.sqlstate = '' AND s.at < clock_timestamp() - interval '10 seconds'
                                LIMIT p_limit FOR UPDATE SKIP LOCKED))
    RETURNING a.*
  )
  INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state, at)
  SELECT a.video_id, a.reason, a.old_source, a.old_key, a.old_state, a.at FROM again AS a
$$;
CREATE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;
CREATE FUNCTION thumbnails.history(p_hours integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE FUNCTION thumbnails.hold_delivery(p_holder text, p_seconds double precision) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  UPDATE thumbnails.positions AS p SET deliverer = p_holder, delivers_until = clock_timestamp() + make_interval(secs => p_seconds)
   WHERE p.deliverer = p_holder OR p.delivers_until <= clock_timestamp() RETURNING true
$$;
CREATE FUNCTION thumbnails.holds() RETURNS boolean
    LANGUAGE sql STABLE
    AS $$ SELECT lower(current_setting('thumbnails.hold', true)) IN ('on', 't', 'tr', 'tru', 'true', 'y', 'ye', 'yes', '1') $$;
CREATE FUNCTION thumbnails.is_blank(url text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT btrim(coalesce(url, ''), E' \t\r\n') = '' $$;
CREATE FUNCTION thumbnails.is_final(code text, attempts bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT coalesce(code IN ('media', 'forbidden', 'request'), false) OR coalesce(attempts, 0) >= thumbnails.max_attempts() $$;
CREATE FUNCTION thumbnails.is_left_behind(state text, code text, attempts bigint, started_at timestamp with time zone, last_attempt_at timestamp with time zone, generated_at timestamp with time zone, created_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
IF state = 'failed' THEN
RETURN NOT thumbnails.is_final(code, attempts);
ELSIF created_at > statement_timestamp() THEN
created_at := NULL;
END IF;
RETURN NOT coalesce(CASE state WHEN 'processing' THEN coalesce(started_at, last_attempt_at, created_at) ELSE greatest(last_attempt_at, generated_at, created_at) END
BETWEEN statement_timestamp() - make_interval(mins => CASE state WHEN 'processing' THEN 30 ELSE 10 END) AND statement_timestamp() + interval '1 day', false);
END
$$;
CREATE FUNCTION thumbnails.is_off(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT lower(btrim(value, E' \t\r\n')) IN ('false', 'off', 'no', '0') $$;
CREATE FUNCTION thumbnails.is_ours(url text, video_id uuid, metadata jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (thumbnails.object_key(url, video_id) IS NOT NULL OR metadata ? 'method' AND thumbnails.claim_key(url) IS NOT NULL) IS TRUE $$;
CREATE FUNCTION thumbnails.is_queued(p_video_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail')
         OR EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = p_video_id)
$$;
CREATE FUNCTION thumbnails.is_same_picture(a text, b text, video_id uuid) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
SELECT a IS NOT DISTINCT FROM b OR coalesce(thumbnails.object_key(a, video_id) = thumbnails.object_key(b, video_id), false)
$$;
CREATE FUNCTION thumbnails.is_same_source(a text, b text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$ BEGIN RETURN a IS NOT DISTINCT FROM b OR coalesce(thumbnails.source_identity(a) = thumbnails.source_identity(b), false); END $$;
CREATE FUNCTION thumbnails.is_sweeping() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT p.swept_to IS NOT NULL AND (thumbnails.readiness()).enabled FROM thumbnails.positions p
$$;
CREATE FUNCTION thumbnails.is_trusted(caller name) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
RETURN coalesce((SELECT bool_or(pg_has_role(to_regrole(quote_ident(caller))::oid, r.id, 'MEMBER'))
FROM unnest(ARRAY[(SELECT c.relowner FROM pg_class c WHERE c.oid = 'public.videos'::regclass),
to_regrole('service_role')::oid, to_regrole('thumbnail_handlers')::oid]) AS r (id)), false);
END
$$;
CREATE FUNCTION thumbnails.iso(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
CREATE TABLE public.videos (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    title text,
    status text DEFAULT 'pending'::text NOT NULL,
    video_url text,
    thumbnail_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    thumbnail_generation_status text,
    thumbnail_generation_error text,
    thumbnail_generation_attempts integer DEFAULT 0,
    thumbnail_generation_started_at timestamp with time zone,
    thumbnail_generation_last_attempt_at timestamp with time zone,
    thumbnail_generated_at timestamp with time zone,
    thumbnail_metadata jsonb DEFAULT '{}'::jsonb,
    thumbnail_generation_error_code text,
    CONSTRAINT videos_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT videos_thumbnail_generation_status_valid CHECK ((thumbnail_generation_status ~ '^(pending|processing|completed|failed)$'::text))
);
CREATE VIEW thumbnails.seen WITH (security_invoker='true') AS
 SELECT v.id,
    v.status,
    v.video_url AS source,
    v.thumbnail_url AS picture,
    v.thumbnail_generation_status AS state,
    v.thumbnail_generation_error AS error,
    v.thumbnail_generation_error_code AS code,
    v.thumbnail_generation_attempts AS attempts,
    v.thumbnail_metadata AS metadata
   FROM public.videos v;
CREATE FUNCTION thumbnails.judge(p_job thumbnails.jobs, p_video thumbnails.seen) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
RETURN CASE
WHEN p_video.id IS NULL THEN 'not_found'
WHEN p_video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
WHEN p_job.kind = 'thumbnail' AND NOT thumbnails.lacks(p_video.picture) AND NOT p_job.request ? 'regenerate'
AND NOT thumbnails.is_same_picture(p_video.picture, p_job.old_thumbnail, p_job.video_id) THEN 'completed'
WHEN p_job.token IS NOT NULL AND p_job.attempts >= thumbnails.max_attempts() AND thumbnails.is_same_source(p_video.source, p_job.source_url)
AND NOT p_job.request ? 'again' THEN 'exhausted'
ELSE 'claimed' END;
END
$$;
CREATE FUNCTION thumbnails.keep_storyboard(old_metadata jsonb, new_metadata jsonb, old_source text, new_source text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  SELECT CASE WHEN jsonb_typeof(new_metadata) = 'object' THEN new_metadata - 'storyboard' ELSE '{}' END
         || jsonb_strip_nulls(jsonb_build_object('storyboard', CASE
              WHEN thumbnails.is_blank(new_source) OR thumbnails.holds() OR thumbnails.is_same_source(old_source, new_source)
                THEN old_metadata -> 'storyboard' END))
$$;
CREATE FUNCTION thumbnails.key_video(key text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
  SELECT substring(key FROM '^thumbnails/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/\.?[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+(?:\.[0-9]+\.part)?$')::uuid
$_$;
CREATE FUNCTION thumbnails.lacks(url text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT url IS NULL OR url OPERATOR(pg_catalog.=) '' OR url OPERATOR(pg_catalog.~~) 'data:image/svg%' $$;
CREATE FUNCTION thumbnails.lasting(metadata jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
'replaced', pg_catalog.jsonb_extract_path(metadata, 'replaced'), 'storyboard', pg_catalog.jsonb_extract_path(metadata, 'storyboard')))
$$;
CREATE FUNCTION thumbnails.list_deletions(p_limit integer) RETURNS TABLE(key text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions d
                                                        WHERE d.not_before <= now() ORDER BY d.not_before LIMIT p_limit)) AS u
$$;
CREATE FUNCTION thumbnails.list_latest(p_state text, p_at bigint, p_id uuid, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;
CREATE FUNCTION thumbnails.list_orphans(p_keys text[]) RETURNS TABLE(key text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE substring(u.key FROM '[0-9a-f]{16}-([0-9]+)')::numeric
           <= CASE WHEN EXISTS (SELECT FROM public.videos AS v WHERE v.id = u.video_id) THEN (SELECT t.last_value FROM thumbnails.tokens AS t)
                   ELSE (SELECT max((e.detail ->> 'lastToken')::numeric) FROM thumbnails.events AS e WHERE e.video_id = u.video_id) END
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d
                      WHERE d.video_id = u.video_id AND (d.key = u.key OR starts_with(split_part(d.key, '/', 3), thumbnails.claim_key(u.key) || '.')))
$$;
CREATE FUNCTION thumbnails.lock_problem() RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT format('each claim locks all partitions of videos and their indexes, %s in all, and the server has no room for that in %s sessions at once: writes fail with '
                '"out of shared memory", the platform''s own, too. Set max_locks_per_transaction to %s and restart it, or make the partitions larger',
                n.locks, n.sessions, n.locks * n.sessions / n.room + 1)
    FROM (SELECT (SELECT count(DISTINCT p.relid) + count(i.indexrelid) FROM pg_partition_tree(to_regclass('public.videos')) AS p LEFT JOIN pg_index AS i ON i.indrelid = p.relid) AS locks,
                 (SELECT count(*) + 2 + current_setting('max_parallel_workers_per_gather')::bigint FROM thumbnails.workers AS w WHERE w.program = 'auto-generate-thumbnail') AS sessions,
                 (SELECT 1 + sum(current_setting(g.name)::bigint)::bigint
                    FROM unnest('{max_connections,max_prepared_transactions,autovacuum_max_workers,max_worker_processes,max_wal_senders}'::text[]) AS g (name)) AS room) AS n
   WHERE n.locks * n.sessions > 2 * n.room * current_setting('max_locks_per_transaction')::bigint
$$;
CREATE FUNCTION thumbnails.look(p_webhook_hash text DEFAULT NULL::text, p_service_hash text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_variable
DECLARE
  t timestamptz := statement_timestamp();
  health record;
  dismissed bigint;
  failed record;
  recent record;
  totals jsonb;
BEGIN
  -- EXECUTE, since only then can several processes count.
  EXECUTE 'SELECT * FROM thumbnails.health' INTO health;
  -- Looked up by key, since they are few beside the videos.
  SELECT count(*) INTO dismissed FROM thumbnails.dismissed AS d CROSS JOIN LATERAL (
    SELECT FROM public.videos AS v WHERE v.id = d.video_id AND v.thumbnail_generation_status = 'failed'
                                     AND v.thumbnail_generation_last_attempt_at IS NOT DISTINCT FROM d.last_attempt_at LIMIT 1) AS g;
  WITH by_reason AS MATERIALIZED (
    SELECT left(coalesce(v.thumbnail_generation_error, 'failed before this system, no reason was recorded'), 200) AS error,
           v.thumbnail_generation_error_code AS class, count(*) AS count, count(*) FILTER (WHERE j.video_id IS NULL) AS exhausted,
           count(*) FILTER (WHERE NOT thumbnails.is_blank(v.video_url)) AS restartable,
           thumbnails.iso(max(v.thumbnail_generation_last_attempt_at)) AS "lastOccurrence",
           (array_agg(v.id ORDER BY v.thumbnail_generation_last_attempt_at DESC NULLS LAST))[1:5] AS "videoIds"
      FROM (SELECT l.* FROM public.videos AS l
             WHERE l.status = 'completed' AND (l.thumbnail_url IS NULL OR l.thumbnail_url = '' OR l.thumbnail_url LIKE 'data:image/svg%')
             UNION ALL
            -- Those that have an earlier picture. There is no index of them, so the table is read only if there are any.
            SELECT l.* FROM public.videos AS l
             WHERE l.status = 'completed' AND NOT thumbnails.lacks(l.thumbnail_url) AND health.failed_count > (
               SELECT count(*) FROM public.videos AS x WHERE x.thumbnail_generation_status = 'failed'
                AND x.status = 'completed' AND (x.thumbnail_url IS NULL OR x.thumbnail_url = '' OR x.thumbnail_url LIKE 'data:image/svg%'))) AS v
      LEFT JOIN thumbnails.jobs AS j ON j.video_id = v.id AND j.kind = 'thumbnail'
     WHERE v.thumbnail_generation_status = 'failed'
       AND NOT EXISTS (SELECT FROM thumbnails.dismissed AS d
                        WHERE d.video_id = v.id AND d.last_attempt_at IS NOT DISTINCT FROM v.thumbnail_generation_last_attempt_at)
     GROUP BY 1, 2
  )
  SELECT count(*) AS reasons, coalesce(sum(r.exhausted), 0) AS exhausted, coalesce(sum(r.restartable), 0) AS restartable,
         coalesce(sum(r.count) FILTER (WHERE r.class IN ('media', 'forbidden')), 0)::bigint AS bad_uploads,
         (SELECT jsonb_agg(g) FROM (SELECT b.* FROM by_reason AS b ORDER BY b.count DESC, b."lastOccurrence" DESC LIMIT 200) AS g) AS list,
         (SELECT jsonb_agg(c) FROM (SELECT coalesce(b.class, 'unknown') AS class, sum(b.exhausted) AS exhausted,
                                           sum(b.count - b.exhausted) AS retried, sum(b.restartable) AS restartable
                                      FROM by_reason AS b GROUP BY 1 ORDER BY 1) AS c) AS classes
    INTO failed FROM by_reason AS r;
  SELECT round(avg(extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'), 3) AS mean_seconds,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.duration)) FILTER (WHERE e.to_status = 'completed'))::numeric, 3) AS p95_seconds,
         count(*) FILTER (WHERE e.class = 'platform') AS refusals,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'completed') AS completed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status IS DISTINCT FROM 'completed' AND e.class IS DISTINCT FROM 'platform') AS failed,
         count(*) FILTER (WHERE e.token IS NOT NULL AND e.to_status = 'failed' AND e.class IN ('media', 'forbidden')) AS bad_uploads
    INTO recent
    FROM thumbnails.events AS e
   WHERE e.at >= t - interval '24 hours'
     -- An attempt has failed, too, if its worker was lost and another one took over.
     AND (e.token IS NOT NULL AND (e.to_status IN ('completed', 'failed') OR e.to_status = 'processing' AND e.class = 'lost') OR e.class = 'platform');
  totals := thumbnails.totals();
  RETURN jsonb_build_object(
    'at', thumbnails.iso(t),
    'health', jsonb_build_object(
      'completedCount', health.completed_count, 'failedCount', health.failed_count - dismissed, 'dismissedCount', dismissed,
      'processingCount', health.processing_count, 'pendingCount', health.pending_count, 'needsGenerationCount', health.needs_generation_count,
      'avgGenerationTimeSeconds', health.avg_generation_time_seconds,
      'successRatePercent', thumbnails.percent(health.completed_count, health.failed_count - dismissed),
      -- Without uploads that cannot be used: here by videos, below by attempts.
      'successRateWithoutBadUploadsPercent', thumbnails.percent(health.completed_count, health.failed_count - dismissed - failed.bad_uploads),
      'lastDay', jsonb_build_object(
        'meanSeconds', recent.mean_seconds, 'p95Seconds', recent.p95_seconds,
        'completed', recent.completed, 'failed', recent.failed, 'badUploads', recent.bad_uploads,
        'successRatePercent', thumbnails.percent(recent.completed, recent.failed),
        'successRateWithoutBadUploadsPercent', thumbnails.percent(recent.completed, recent.failed - recent.bad_uploads))),
    'queue', (SELECT to_jsonb(q) FROM (
      SELECT count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at > t) AS leased, count(*) FILTER (WHERE j.lane = 9) AS kept,
             count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t) AS due,
             count(*) FILTER (WHERE j.lane < 9 AND j.token IS NULL AND j.due_at > t) AS later,
             greatest(0, coalesce(round(extract(epoch FROM t - min(j.due_at) FILTER (WHERE j.due_at <= t AND isfinite(j.due_at))), 3), 0)) AS "oldestDueSeconds",
             count(*) FILTER (WHERE j.lane < 9 AND j.due_at <= t - interval '1 hour') AS "overAnHour",
             count(*) FILTER (WHERE j.token IS NOT NULL AND j.due_at <= t) AS "expiredLeases"
        FROM thumbnails.jobs AS j WHERE j.kind = 'thumbnail') AS q),
    'lanes', coalesce((SELECT jsonb_agg(g) FROM (
      SELECT j.lane, count(*) AS due,
             greatest(0, round(coalesce(extract(epoch FROM t - min(j.due_at) FILTER (WHERE isfinite(j.due_at))), 0), 3)) AS "oldestDueSeconds"
        FROM thumbnails.jobs AS j WHERE j.lane < 9 AND j.due_at <= t GROUP BY j.lane ORDER BY j.lane) AS g), '[]'),
    'failures', coalesce(failed.list, '[]'), 'failureReasons', failed.reasons, 'failedClasses', coalesce(failed.classes, '[]'),
    'exhaustedCount', failed.exhausted, 'restartableCount', failed.restartable,
    -- Videos that wait because of a fault that is not theirs.
    'held', coalesce((SELECT jsonb_object_agg(g.class, g.videos)
                        FROM (SELECT v.thumbnail_generation_error_code AS class, count(*) AS videos
                                FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
                               WHERE j.releases > 0 AND j.kind = 'thumbnail' AND v.thumbnail_generation_status = 'pending'
                                 AND v.thumbnail_generation_error_code IN ('storage', 'configuration', 'platform')
                               GROUP BY 1) AS g), '{}'),
    -- What the platform's own triggers and rules have refused: kept results, and hints that could not be queued.
    'platform', jsonb_build_object(
      'refusals', recent.refusals, 'setAside', (SELECT count(*) FROM thumbnails.set_aside AS a WHERE a.sqlstate <> ''),
      'lastRefusal', (SELECT left(e.text, 300) FROM thumbnails.events AS e WHERE e.at >= t - interval '24 hours' AND e.class = 'platform' ORDER BY e.at DESC LIMIT 1)),
    'breakers', coalesce((SELECT jsonb_agg(g) FROM (
      SELECT b.class, b.host, b.consecutive AS faults, left(b.last_error, 200) AS "lastError", coalesce(b.open_until > t, false) AS open,
             thumbnails.iso(b.open_until) AS "openUntil"
        FROM thumbnails.breakers AS b WHERE b.class <> 'manual' ORDER BY b.class, b.host) AS g), '[]'),
    'paused', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(g))) FROM (
      SELECT substring(b.host FROM '^tenant (.*)$') AS tenant, CASE WHEN b.host <> '*' AND b.host NOT LIKE 'tenant %' THEN b.host END AS host,
             b.last_error AS text, thumbnails.iso(b.updated_at) AS at
        FROM thumbnails.breakers AS b WHERE b.class = 'manual' ORDER BY b.host) AS g), '[]'),
    'lastSweep', (SELECT p.last_sweep FROM thumbnails.positions AS p),
    'nextSweep', thumbnails.next_sweep(200),
    'objectsToDelete', (SELECT count(*) FROM thumbnails.object_deletions AS d),
    'objectsRefused', (SELECT jsonb_build_object('count', count(*), 'lastError', max(d.refused)) FROM thumbnails.object_deletions AS d WHERE d.refused IS NOT NULL),
    'histogramBounds', (SELECT jsonb_agg(b.bound::text ORDER BY b.bound) FROM unnest(thumbnails.histogram_bounds()) AS b (bound)),
    'deliveryProblems', thumbnails.delivery_problems(p_webhook_hash, p_service_hash), 'pgNet', thumbnails.pg_net_answers(),
    'totals', totals,
    -- The history is added up by the hour: this is the current hour and the 23 before it.
    'decoderEnds', jsonb_build_object('total', totals -> 'decoder', 'lastDay', coalesce((
      SELECT jsonb_object_agg(g.label, g.ends)
        FROM (SELECT f.label, sum(f.value) AS ends FROM thumbnails.figures() AS f
               WHERE f.measure = 'decoder' AND f.hour >= date_trunc('hour', t, 'UTC') - interval '23 hours' GROUP BY f.label) AS g), '{}')))
    || (SELECT jsonb_build_object('enabled', r.enabled, 'missingConfiguration', r.missing) FROM thumbnails.readiness() AS r)
    || thumbnails.look_at_workers();
EXCEPTION WHEN undefined_column OR undefined_table OR out_of_memory THEN
  -- The table was made anew, without our columns, or has another name, or more partitions than can be locked.
  RAISE EXCEPTION '%', coalesce(thumbnails.trigger_problem(), SQLERRM) USING ERRCODE = SQLSTATE;
END
$_$;
CREATE FUNCTION thumbnails.look_after(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  found_videos integer := 0;
BEGIN
  PERFORM thumbnails.settle_kept(20);
  PERFORM thumbnails.admit_stalled();
  PERFORM thumbnails.hint_again(20, true);
  -- Reports add up what is not in the totals yet.
  PERFORM thumbnails.fold_events() FROM thumbnails.positions p WHERE NOT p.folded_at BETWEEN clock_timestamp() - interval '30 seconds' AND clock_timestamp();
  IF thumbnails.is_sweeping() AND thumbnails.try_lock('sweep') THEN
    SELECT s.found_videos INTO found_videos FROM thumbnails.sweep_step(p_limit) AS s;
  END IF;
  RETURN found_videos;
END
$$;
CREATE FUNCTION thumbnails.look_at_workers() RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  t timestamptz := statement_timestamp();
  all_workers jsonb;
  counts jsonb;
  relay jsonb;
  unboxed jsonb;
  versions text;
BEGIN
  WITH held AS MATERIALIZED (
    -- The history has the worker of each token.
    SELECT coalesce(c.worker, '') AS worker,
           jsonb_agg(jsonb_build_object('videoId', j.video_id, 'attempt', j.attempts, 'since', thumbnails.iso(j.claimed_at), 'leaseUntil', thumbnails.iso(j.due_at))
                     ORDER BY j.claimed_at, j.video_id) AS jobs
      FROM (SELECT x.video_id, x.attempts, x.token, x.claimed_at, x.due_at FROM thumbnails.jobs AS x
             WHERE x.token IS NOT NULL AND x.due_at > t ORDER BY x.claimed_at LIMIT 1000) AS j
      LEFT JOIN LATERAL (SELECT e.detail ->> 'worker' AS worker FROM thumbnails.events AS e
                          WHERE e.video_id = j.video_id AND e.token = j.token AND e.to_status = 'processing' ORDER BY e.id DESC LIMIT 1) AS c ON true
     GROUP BY 1
  ), listed AS (
    SELECT coalesce(w.name, nullif(h.worker, '')) AS name, w.program, w.host, w.pid, w.version, w.mode, w.sandbox, w.completed, w.failed,
           thumbnails.iso(w.started_at) AS "startedAt", thumbnails.iso(w.seen_at) AS "seenAt", coalesce(h.jobs, '[]') AS "inHand",
           -- Processes of a CGI server report only when there is something to do.
           CASE WHEN h.jobs IS NOT NULL THEN 'busy' WHEN w.mode <> 'CGI' AND w.seen_at < t - interval '3 minutes' THEN 'silent' ELSE 'idle' END AS state
      FROM thumbnails.workers AS w FULL JOIN held AS h ON h.worker = w.name
  )
  SELECT coalesce(jsonb_agg(l ORDER BY l.state <> 'busy', l.program, l.host, l.name), '[]'),
         jsonb_build_object(
           'busy', count(*) FILTER (WHERE l.state = 'busy'),
           'idle', count(*) FILTER (WHERE l.state = 'idle' AND l.program = 'auto-generate-thumbnail'),
           'silent', count(*) FILTER (WHERE l.state = 'silent' AND l.program = 'auto-generate-thumbnail')),
         coalesce(jsonb_agg(DISTINCT l.host) FILTER (WHERE l.sandbox = 'off'), '[]'),
         CASE WHEN count(DISTINCT l.version) FILTER (WHERE l.state <> 'silent') > 1
              THEN string_agg(DISTINCT format('%s on %s', l.version, l.host), ', ') FILTER (WHERE l.state <> 'silent' AND l.version IS NOT NULL) END
    INTO all_workers, counts, unboxed, versions
    FROM listed AS l;
  SELECT jsonb_build_object('host', w.host, 'version', w.version, 'seenAt', thumbnails.iso(w.seen_at), 'reason', w.polls, 'trouble', w.trouble,
                            'state', CASE WHEN w.seen_at < t - interval '3 minutes' THEN 'silent' WHEN w.polls IS NULL THEN 'listening' ELSE 'polling' END)
    INTO relay FROM thumbnails.workers AS w WHERE w.program = 'webhook-relay' ORDER BY w.seen_at DESC LIMIT 1;
  RETURN jsonb_build_object(
    'workers', jsonb_build_object('counts', counts, 'unboxedHosts', unboxed, 'list', all_workers),
    'relay', relay,
    'processProblems', to_jsonb(array_remove(ARRAY[
      thumbnails.trigger_problem(),
      (SELECT format('system_config, which holds secrets, can be read by %I: REVOKE ALL ON public.system_config FROM %1$I, PUBLIC', r.rolname)
         FROM pg_roles AS r JOIN pg_class AS c ON c.oid = to_regclass('public.system_config') AND NOT c.relrowsecurity
        WHERE r.rolname IN ('anon', 'authenticated') AND has_table_privilege(r.oid, c.oid, 'SELECT') LIMIT 1),
      CASE WHEN counts ->> 'busy' = '0' AND counts ->> 'idle' = '0'
                AND EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane < 9 AND j.due_at BETWEEN '-infinity' AND t - interval '3 minutes') THEN
        'videos are due, and no worker has been heard from for three minutes: auto-generate-thumbnail has ended everywhere, or does not reach the database' END,
      -- If nothing else merges, the hourly sweep does.
      (SELECT format('what has happened to videos since %s is not in the queue yet: nobody merges it, or a session that has begun a transaction with the queue does not end it '
                     '(pg_stat_activity: idle in transaction)', thumbnails.iso(i.at))
         FROM (SELECT n.at FROM thumbnails.inbox AS n ORDER BY n.id LIMIT 1) AS i WHERE i.at < t - interval '65 minutes'),
      -- The first entries of the history, of which only sweeps delete, say how long there has been something to sweep.
      (SELECT CASE WHEN p.last_sweep IS NULL THEN 'the hourly sweep has never run: set up a timer, crontab or cron service for POST /scheduled'
                   ELSE format('the hourly sweep last ran at %s: is its timer or cron service on?', p.last_sweep ->> 'at') END
         FROM thumbnails.positions AS p
        WHERE (thumbnails.readiness()).enabled AND coalesce(to_timestamp((p.last_sweep ->> 'epoch')::double precision),
                                                (SELECT e.at FROM (SELECT f.id, f.at FROM thumbnails.events AS f LIMIT 1000) AS e ORDER BY e.id LIMIT 1)) < t - interval '2 hours'),
      (SELECT format('objects that no row shows should have been deleted since %s: the sweep deletes them if retry-stuck-thumbnails knows the store, and so does '
                     'auto-generate-thumbnail gc', thumbnails.iso(d.not_before))
         FROM (SELECT o.not_before FROM thumbnails.object_deletions AS o ORDER BY o.not_before LIMIT 1) AS d WHERE d.not_before < t - interval '1 day'),
      CASE WHEN unboxed <> '[]' THEN
        format('videos are decoded without a box, because MEDIA_SANDBOX is off, on %s', (SELECT string_agg(u.host, ', ') FROM jsonb_array_elements_text(unboxed) AS u (host))) END,
      CASE WHEN relay ->> 'state' = 'silent' THEN
        format('the relay on %s was last heard from at %s: it has ended, or does not reach the database', relay ->> 'host', relay ->> 'seenAt') END,
      -- If transactions can be prepared there are no notifications, and polling is right.
      CASE WHEN relay ->> 'state' = 'polling' AND current_setting('max_prepared_transactions') = '0' THEN
        format('the relay on %s polls: %s', relay ->> 'host', relay ->> 'reason') END,
      CASE WHEN relay ->> 'state' <> 'silent' AND relay ->> 'trouble' IS NOT NULL THEN
        format('the relay on %s wakes nobody: %s', relay ->> 'host', relay ->> 'trouble') END,
      CASE WHEN versions IS NOT NULL THEN format('programs of several versions run: %s', left(versions, 300)) END], NULL)));
END
$_$;
CREATE FUNCTION thumbnails.make_rows() RETURNS void
    LANGUAGE sql
    AS $$
INSERT INTO thumbnails.positions DEFAULT VALUES ON CONFLICT DO NOTHING;
INSERT INTO thumbnails.locks (name) VALUES ('merge'), ('sweep'), ('totals'), ('tokens') ON CONFLICT DO NOTHING;
INSERT INTO thumbnails.locks (name) SELECT 'tenant ' || lpad(to_hex(n), 2, '0') FROM generate_series(0, 255) AS n ON CONFLICT DO NOTHING;
$$;
CREATE FUNCTION thumbnails.make_way() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '5s'
    SET client_min_messages TO 'warning'
    AS $_$
DECLARE
  ours record;
  -- Grants on the public views beyond those of the migrations.
  grants text := (SELECT string_agg(format('GRANT %s ON %s TO %s', a.privilege_type, c.oid::regclass, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END), '; ')
                    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(thumbnail_generation_(health|failures)|videos_need_thumbnail_generation)$'
                     AND a.grantee NOT IN (c.relowner, coalesce(to_regrole('service_role'), 0)));
BEGIN
  FOR ours IN SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
               WHERE t.tgrelid = 'public.videos'::regclass AND p.pronamespace = 'thumbnails'::regnamespace AND t.tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON public.videos', ours.tgname);
  END LOOP;
  DROP INDEX IF EXISTS public.videos_thumbnail_lacking;
  DROP FUNCTION IF EXISTS thumbnails.take(thumbnails.jobs, thumbnails.seen, double precision), thumbnails.judge(thumbnails.jobs, thumbnails.seen);
  DROP VIEW IF EXISTS thumbnails.seen, thumbnails.health, public.thumbnail_generation_health, public.thumbnail_generation_failures, public.videos_need_thumbnail_generation;
  RETURN 'change what you like, and apply the migrations again: until then no finished video is noticed'
    || coalesce('. Then give again what others could do with the views: ' || grants, '');
END
$_$;
CREATE FUNCTION thumbnails.makers_of_pg_net() RETURNS oid[]
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
net oid := to_regnamespace('net');
makers oid[] := ARRAY(SELECT p.proowner FROM pg_proc p WHERE p.proname = 'http_post' AND p.pronamespace = net);
BEGIN
RETURN CASE WHEN makers <> '{}' THEN makers
|| ARRAY(SELECT c.relowner FROM pg_class c WHERE c.relname IN ('http_request_queue', '_http_response') AND c.relnamespace = net
UNION ALL SELECT n.nspowner FROM pg_namespace n WHERE n.oid = net
UNION ALL SELECT a.grantee FROM pg_namespace n, aclexplode(n.nspacl) AS a WHERE n.oid = net AND a.privilege_type = 'CREATE') END;
END
$$;
CREATE FUNCTION thumbnails.marks(p_name text, p_now timestamp with time zone) RETURNS double precision[]
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
marks double precision[] := nullif(current_setting(p_name, true), '')::double precision[];
BEGIN
IF date_part('epoch', p_now) - marks[5] BETWEEN 1e-6 AND marks[6] THEN
RETURN marks;
END IF;
RETURN ARRAY['-infinity', '-infinity', '-infinity', '-infinity', date_part('epoch', p_now), 3]::double precision[];
END
$$;
CREATE FUNCTION thumbnails.max_attempts() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 3 $$;
CREATE FUNCTION thumbnails.may_fire() RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
RETURN thumbnails.trusts(ARRAY(
SELECT (SELECT c.relowner FROM pg_class c WHERE c.oid = l.relation AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgdeferrable))
FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.mode = 'RowExclusiveLock')) IS NOT FALSE;
END
$$;
CREATE FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint) RETURNS TABLE(hour timestamp with time zone, measure text, label text, value numeric)
    LANGUAGE sql STABLE
    AS $$
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
CREATE FUNCTION thumbnails.mend_times() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  latest timestamptz := t + interval '61 minutes';
BEGIN
  UPDATE thumbnails.jobs j SET due_at = t WHERE j.due_at > latest AND j.due_at < 'infinity';
  DELETE FROM thumbnails.breakers b WHERE greatest(b.open_until, b.probe_until) > latest AND b.class <> 'manual';
  UPDATE thumbnails.positions p SET delivers_until = t WHERE p.delivers_until > latest;
  UPDATE thumbnails.object_deletions d SET not_before = t + interval '1 day' WHERE d.not_before > latest + interval '1 year';
  DELETE FROM thumbnails.workers w WHERE w.seen_at > latest; -- living processes report again
  UPDATE thumbnails.events e SET at = t WHERE e.at > latest;
  -- The whole history is read only if the sequence is behind the estimated number of rows.
  PERFORM setval(s.name, s.last)
     FROM (SELECT n.name, CASE WHEN coalesce(pg_sequence_last_value(n.name), 0) < greatest(0.9 * c.reltuples, 10000)
                            THEN (SELECT max(e.id) FROM thumbnails.events e) END AS last
             FROM pg_get_serial_sequence('thumbnails.events', 'id') AS f (name) CROSS JOIN LATERAL (SELECT f.name::regclass AS name) AS n
             JOIN pg_class c ON c.oid = 'thumbnails.events'::regclass) AS s
    WHERE s.last > coalesce(pg_sequence_last_value(s.name), 0);
END
$$;
CREATE FUNCTION thumbnails.merge(p_limit integer, p_only uuid DEFAULT NULL::uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
DECLARE
now_seconds double precision := extract(epoch FROM clock_timestamp());
marks double precision[] := nullif(current_setting('thumbnails.merge_marks', true), '')::double precision[];
after bigint;
merged record;
bad thumbnails.inbox%ROWTYPE;
BEGIN
IF p_only IS NULL AND (marks[4] BETWEEN now_seconds - 3 AND now_seconds) IS NOT TRUE THEN
marks := ARRAY[0, coalesce(marks[2], 0), now_seconds, now_seconds];
END IF;
after := marks[1];
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
RAISE;
ELSIF p_limit > 1 THEN
RETURN thumbnails.merge(p_limit / 2, p_only);
END IF;
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
CREATE FUNCTION thumbnails.merge_slice(p_limit integer, p_only uuid, p_after bigint, OUT hints integer, OUT last_id bigint) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'auto'
    AS $$
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
bulk_xids := ARRAY(SELECT u.xid FROM unnest(taken) AS u GROUP BY u.xid HAVING count(*) > 100)
|| coalesce(nullif(current_setting('thumbnails.bulk_xids', true), '')::xid8[], '{}');
IF cardinality(bulk_xids) > 0 THEN
PERFORM set_config('thumbnails.bulk_xids', bulk_xids[1:10]::text, false);
END IF;
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
OR 'finished' = ANY (h.reasons) AND v.thumbnail_url IS NOT NULL AND EXISTS (
SELECT FROM thumbnails.seen o
WHERE o.id = substring(v.thumbnail_url FROM 'thumbnails/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid AND o.id <> v.id
AND o.picture = v.thumbnail_url AND o.state = 'completed' AND NOT thumbnails.is_same_source(o.source, v.video_url))
OR 'shown' = ANY (h.reasons)
AND EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = v.id AND (e.detail ->> 'lastToken')::numeric >= thumbnails.token_of(v.thumbnail_url, v.id))
AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = thumbnails.object_key(v.thumbnail_url, v.id)) AS is_another
FROM hinted AS h
LEFT JOIN unnest(held) AS o (video_id) ON o.video_id = h.video_id
LEFT JOIN thumbnails.jobs j ON j.video_id = h.video_id AND j.kind = 'thumbnail'
LEFT JOIN public.videos v ON v.id = h.video_id
LEFT JOIN LATERAL (SELECT u.* FROM unnest(h.moves) AS u WHERE (v.thumbnail_generated_at BETWEEN u.at AND t) IS NOT TRUE ORDER BY u.id LIMIT 1) AS m ON h.moves IS NOT NULL
), judged AS (
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
WHEN l.is_ours AND NOT thumbnails.is_blank(l.source)
AND (l.is_another OR l.state = 'pending' AND l.reasons && '{finished,state}' OR (l.state = 'failed' OR l.has_job) AND l.reasons && '{finished,source}') THEN CASE
WHEN NOT l.has_job THEN 'make'
WHEN thumbnails.is_same_source(l.job_source, l.source) THEN 'again'
ELSE 'anew' END
WHEN l.has_job THEN CASE
WHEN thumbnails.is_same_picture(l.picture, l.job_picture, l.video_id)
OR l.is_regeneration AND thumbnails.is_same_source(l.job_source, l.source) THEN 'leave'
ELSE 'end' END
WHEN l.state IN ('pending', 'processing') OR l.state = 'failed' AND l.code IS NULL THEN 'heal'
ELSE 'leave' END AS act
FROM looked AS l
), due AS (
SELECT g.*, thumbnails.tenant(g.own) AS tenant, t + make_interval(secs => 1e-6 * row_number() OVER (ORDER BY g.first_id)) AS due_at,
row_number() OVER (PARTITION BY thumbnails.tenant(g.own), g.act ORDER BY g.first_id) AS nth,
CASE WHEN g.is_bulk OR g.reasons && '{found,asked}' THEN 2 END AS bulk_lane,
CASE WHEN g.is_users THEN thumbnails.minute_over(g.video_id) END AS not_before
FROM judged AS g
), made AS (
INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, attempts, source_url, old_thumbnail, request, created_at)
SELECT d.video_id, coalesce(d.bulk_lane, CASE WHEN d.is_admitted THEN 0 ELSE 1 END), d.tenant,
CASE WHEN d.not_before IS NOT NULL THEN d.not_before WHEN d.is_admitted THEN d.due_at ELSE 'infinity' END,
CASE WHEN d.state = 'failed' AND d.reasons <@ '{found,state}' THEN greatest(d.attempts, 0) ELSE 0 END, d.source, d.picture, thumbnails.shape(d.own), d.at
FROM (SELECT m.*, m.tenant = '' OR m.nth <= 2 AND m.nth + thumbnails.admitted(m.tenant, 2) <= 2 AS is_admitted FROM due AS m WHERE m.act = 'make') AS d
ORDER BY d.video_id
ON CONFLICT DO NOTHING
RETURNING video_id
), renewed AS (
UPDATE thumbnails.jobs j
is_earned = false, lane = coalesce(d.bulk_lane, least(j.lane, 1)), attempts = 0, releases = 0, token = NULL,
source_url = d.source, old_thumbnail = d.picture, result = NULL,
request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(d.own), created_at = d.at
FROM due AS d WHERE d.act = 'anew' AND j.video_id = d.video_id AND j.kind = 'thumbnail' RETURNING j.video_id
), moved AS (
UPDATE thumbnails.jobs j
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
SELECT d.video_id, k.key FROM due AS d CROSS JOIN LATERAL unnest(d.old_keys) AS k (key)
WHERE k.key IS DISTINCT FROM thumbnails.object_key(d.picture, d.video_id)
UNION
SELECT d.video_id, d.job_result ->> 'key' FROM due AS d
WHERE d.job_result ? 'key' AND d.act IN ('anew', 'end', 'no_source')
), put_down AS (
INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
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
OR d.act = 'end' AND NOT d.is_finished AND d.state IS DISTINCT FROM 'pending' AND (d.has_job OR d.is_another)
AND (thumbnails.lacks(d.picture) OR d.is_ours)
OR d.act IN ('make', 'anew')
AND (d.state IS DISTINCT FROM 'pending' AND NOT (d.state IS NULL AND d.reasons <@ '{found,asked}')
OR missing IS NOT NULL AND d.error IS DISTINCT FROM missing AND d.bulk_lane IS NULL));
IF moved_on IS NOT NULL AND to_regproc('thumbnails.follow_videos') IS NOT NULL THEN
PERFORM thumbnails.follow_videos(moved_on);
END IF;
FOR n IN 1..coalesce(cardinality(odd_ids), 0) LOOP
job.video_id := odd_ids[n];
job.kind := 'thumbnail';
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = odd_ids[n];
job.old_thumbnail := video.picture;
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
OR odd_acts[n] <> 'end';
END IF;
IF NOT is_shown THEN
INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text, old_source)
VALUES (odd_ids[n], coalesce(odd_reasons[n], 'found'), '', 'its state could not be written', odd_sources[n]);
END IF;
END LOOP;
PERFORM thumbnails.admit_next(e.tenant) FROM unnest(ended_tenants) AS e (tenant);
END
$$;
CREATE FUNCTION thumbnails.minute_over(p_video_id uuid) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
RETURN (SELECT max(c.at) + interval '1 minute'
FROM (SELECT e.at FROM thumbnails.events e
WHERE e.video_id = p_video_id AND e.to_status = 'processing' AND e.token IS NOT NULL ORDER BY e.id DESC LIMIT 2) AS c
HAVING count(*) = 2 AND max(c.at) > statement_timestamp() - interval '1 minute');
END
$$;
CREATE FUNCTION thumbnails.moment(value text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT
    AS $$
BEGIN
RETURN value::timestamptz;
EXCEPTION WHEN OTHERS THEN
RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.move_breakers(p_class text, p_host text, p_video_id uuid, p_error text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
IF p_class IN ('storage', 'configuration') THEN
INSERT INTO thumbnails.breakers AS b (class, host, consecutive, video_ids, last_error)
VALUES (p_class, p_host, 1, ARRAY[p_video_id], p_error)
ON CONFLICT (class, host) DO UPDATE
video_ids = CASE WHEN p_video_id = ANY (b.video_ids) THEN b.video_ids ELSE (b.video_ids || p_video_id)[1:2] END,
open_until = CASE WHEN cardinality(array_remove(b.video_ids, p_video_id)) > 0 THEN clock_timestamp() + thumbnails.breaker_delay(b.consecutive + 1) END,
last_error = p_error, probe_until = NULL
WHERE b.open_until IS NULL OR b.open_until <= clock_timestamp();
ELSIF EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = p_host AND b.probe_until IS NOT NULL) THEN
PERFORM FROM thumbnails.breakers b WHERE b.host = p_host ORDER BY b.class FOR UPDATE;
UPDATE thumbnails.breakers b SET probe_until = NULL WHERE b.host = p_host AND b.probe_until IS NOT NULL;
END IF;
END
$$;
CREATE FUNCTION thumbnails.move_collector(p_last_key text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ UPDATE thumbnails.positions SET collected_to = p_last_key WHERE is_only $$;
CREATE FUNCTION thumbnails.next_sweep(p_limit integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH found AS (
    SELECT l.video_id, 'lease_over' AS reason
      FROM (SELECT j.video_id FROM thumbnails.jobs AS j
             WHERE j.lane BETWEEN 0 AND 3 AND j.kind = 'thumbnail' AND j.token IS NOT NULL AND j.due_at <= statement_timestamp() LIMIT 10000) AS l
     UNION ALL
    SELECT unnest(f.ids), 'left_behind' FROM thumbnails.find_left_behind(NULL, 10000) AS f
  )
  SELECT jsonb_build_object('count', (SELECT count(*) FROM found), 'videos', coalesce(jsonb_agg(jsonb_build_object(
           'videoId', v.id, 'state', v.thumbnail_generation_status, 'attempts', coalesce(v.thumbnail_generation_attempts, 0), 'reason', c.reason,
           'waitingSeconds', CASE WHEN isfinite(s.since) THEN round(greatest(0, extract(epoch FROM statement_timestamp() - s.since)), 1) END)
           ORDER BY s.since NULLS LAST, v.id), '[]'))
    FROM (SELECT * FROM found LIMIT greatest(p_limit, 0)) AS c
    JOIN public.videos AS v ON v.id = c.video_id
    LEFT JOIN thumbnails.jobs AS j ON j.video_id = c.video_id AND j.kind = 'thumbnail'
   CROSS JOIN LATERAL (SELECT coalesce(j.due_at, CASE WHEN v.thumbnail_generation_status = 'processing' THEN v.thumbnail_generation_started_at END,
                                       greatest(v.thumbnail_generation_last_attempt_at, thumbnails.moment(thumbnails.own(v.id) ->> 'created_at'))) AS since) AS s
$$;
CREATE FUNCTION thumbnails.next_word() RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT format('videos were finished and went on to the status %L (%s) before they had a picture, and get none. If that word says that they are finished, too, generate the status '
                'as docs/operating.md does', v.status::text, count(*))
    FROM public.videos AS v
   WHERE v.thumbnail_generation_status = 'pending' AND thumbnails.lacks(v.thumbnail_url) AND v.status::text NOT IN ('pending', 'processing', 'completed', 'failed')
   GROUP BY v.status::text HAVING count(*) * 10 > (SELECT count(*) FROM public.videos AS w WHERE w.thumbnail_generation_status = 'completed') ORDER BY count(*) DESC LIMIT 1
$$;
CREATE FUNCTION thumbnails.no_picture() RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT CASE WHEN a.attnotnull THEN '''''' ELSE 'NULL' END FROM pg_attribute AS a WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'thumbnail_url'
$$;
CREATE FUNCTION thumbnails.note() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    AS $$
DECLARE
path pg_catalog.text;
reason pg_catalog.text;
BEGIN
IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND TG_NARGS OPERATOR(pg_catalog.=) 0 AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed'
AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed' AND NEW.thumbnail_url IS NULL AND OLD.thumbnail_url IS NULL AND OLD.id OPERATOR(pg_catalog.=) NEW.id
AND pg_catalog.to_regnamespace('net') IS NULL THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_state) VALUES (NEW.id, 'finished', OLD.video_url, OLD.thumbnail_generation_status);
reason := thumbnails.wake_relay();
RETURN NULL;
ELSIF pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text AND NOT thumbnails.lacks(NEW.thumbnail_url)
AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url THEN
RETURN NULL;
END IF;
path := pg_catalog.current_setting('search_path');
reason := CASE WHEN pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL THEN '' END;
IF TG_NARGS = 1 AND (OLD.status, OLD.video_url, OLD.thumbnail_url) IS DISTINCT FROM (NEW.status, NEW.video_url, NEW.thumbnail_url) THEN
NULL;
ELSIF current_setting('thumbnails.writing', true) = NEW.id::text THEN
IF thumbnails.lacks(NEW.thumbnail_url) > thumbnails.lacks(OLD.thumbnail_url) THEN
RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
END IF;
IF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
UPDATE thumbnails.jobs j SET source_url = NEW.video_url WHERE j.video_id = NEW.id AND j.source_url IS NOT DISTINCT FROM OLD.video_url;
END IF;
ELSIF TG_OP = 'DELETE' THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key) VALUES (OLD.id, 'gone', OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id));
ELSIF NEW.status::text IS DISTINCT FROM 'completed' AND OLD.id = NEW.id
AND (OLD.video_url IS NOT DISTINCT FROM NEW.video_url OR NEW.thumbnail_generation_status IS DISTINCT FROM 'completed')
AND (OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url OR coalesce(strpos(NEW.thumbnail_url, 'thumbnails'), 0) = 0) THEN
NULL;
ELSIF TG_OP = 'INSERT' THEN
reason := CASE WHEN set_config('thumbnails.inserted', '', true) = ''
AND NEW.thumbnail_generation_status <> 'pending' AND thumbnails.object_key(NEW.thumbnail_url, NEW.id) IS NOT NULL THEN 'shown' ELSE 'finished' END;
ELSIF OLD.id <> NEW.id THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_key) VALUES (OLD.id, 'gone', thumbnails.object_key(nullif(OLD.thumbnail_url, NEW.thumbnail_url), OLD.id));
reason := 'finished';
ELSIF OLD.status IS DISTINCT FROM NEW.status AND (thumbnails.lacks(NEW.thumbnail_url) OR NEW.thumbnail_generation_status <> 'completed') THEN
reason := 'finished';
ELSIF OLD.video_url IS DISTINCT FROM NEW.video_url AND thumbnails.holds() IS NOT TRUE THEN
reason := 'source';
ELSIF NOT thumbnails.is_same_picture(OLD.thumbnail_url, NEW.thumbnail_url, NEW.id) THEN
reason := 'picture';
ELSIF OLD.thumbnail_generation_status IS DISTINCT FROM NEW.thumbnail_generation_status AND OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url THEN
reason := 'state';
END IF;
IF reason IS NOT NULL THEN
INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state)
VALUES (NEW.id, reason, OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id), OLD.thumbnail_generation_status);
IF to_regnamespace('net') IS NOT NULL AND reason IS DISTINCT FROM 'state' AND thumbnails.lacks(NEW.thumbnail_url)
AND current_setting('thumbnails.pg_net_posted', true) IS DISTINCT FROM '4' THEN
PERFORM thumbnails.post_by_pg_net(NEW.id);
END IF;
PERFORM thumbnails.wake_relay();
END IF;
path := set_config('search_path', path, true);
RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.note_event(p_video_id uuid, p_class text, p_text text, p_decoder_end text DEFAULT NULL::text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
INSERT INTO thumbnails.events (video_id, class, text, detail)
SELECT p_video_id, p_class, left(p_text, 1000),
CASE WHEN p_decoder_end IS NOT NULL THEN jsonb_build_object('decoderEnd', left(p_decoder_end, 40), 'worker', current_setting('application_name')) END
$$;
CREATE FUNCTION thumbnails.note_truncate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
EXECUTE format($q$INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key)
SELECT v.id, 'gone', v.video_url, thumbnails.object_key(v.thumbnail_url, v.id) FROM %s v WHERE thumbnails.object_key(v.thumbnail_url, v.id) IS NOT NULL
UNION ALL
SELECT j.video_id, 'gone', NULL, NULL FROM thumbnails.jobs j$q$, TG_RELID::regclass)
|| CASE WHEN to_regclass('thumbnails.storyboards') IS NOT NULL THEN $q$ UNION ALL SELECT b.video_id, 'gone', NULL, NULL FROM thumbnails.storyboards b$q$ ELSE '' END;
RETURN NULL;
END
$_$;
CREATE FUNCTION thumbnails.note_worker(p_name text, p_program text, p_host text, p_pid integer, p_version text, p_mode text, p_sandbox text, p_completed bigint, p_failed bigint, p_polls text, p_trouble text, p_age_seconds double precision) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
BEGIN
  -- Processes of a CGI server report the same, many at once: they must not wait for each other.
  IF p_mode = 'CGI' AND EXISTS (SELECT FROM thumbnails.workers AS w WHERE w.name = left(p_name, 63) AND w.seen_at > t - interval '20 seconds'
                                  AND w.version = left(p_version, 63) AND w.sandbox IS NOT DISTINCT FROM p_sandbox) THEN
    RETURN;
  END IF;
  -- A crash may lose a report: the next one comes within a minute.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO thumbnails.workers AS w (name, program, host, pid, version, mode, sandbox, completed, failed, polls, trouble, started_at, seen_at)
  VALUES (left(p_name, 63), left(p_program, 63), left(p_host, 255), p_pid, left(p_version, 63), p_mode, p_sandbox, p_completed, p_failed,
          left(p_polls, 300), left(p_trouble, 300), t - make_interval(secs => p_age_seconds), t)
  ON CONFLICT (name) DO UPDATE
    SET version = excluded.version, sandbox = excluded.sandbox, completed = excluded.completed, failed = excluded.failed, polls = excluded.polls,
        trouble = excluded.trouble, started_at = excluded.started_at, seen_at = excluded.seen_at;
  -- A process of the same program on the same host that was silent for three minutes is gone; on another host it is worth showing for a day.
  DELETE FROM thumbnails.workers AS w
   WHERE w.name = ANY (ARRAY(SELECT s.name FROM thumbnails.workers AS s
                              WHERE s.name <> p_name AND s.seen_at < t - CASE WHEN s.program = p_program AND s.host = p_host AND s.mode = p_mode
                                                                              THEN interval '3 minutes' ELSE interval '1 day' END
                              LIMIT 1000 FOR UPDATE SKIP LOCKED));
END
$$;
CREATE FUNCTION thumbnails.object_key(url text, video_id uuid) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
folder text := 'thumbnails/' || video_id::text || '/';
place integer := strpos(url, folder);
BEGIN
IF place = 0 AND strpos(url, video_id::text) > 0 THEN
url := regexp_replace(url, '%(?:25)*2[Ff]', '/', 'g');
place := strpos(url, folder);
END IF;
RETURN CASE WHEN place > 0 THEN folder || substring(substr(url, place + 48) FROM '^[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+') END;
END
$$;
CREATE FUNCTION thumbnails.own(p_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
#variable_conflict use_variable
BEGIN
RETURN (SELECT o.own
FROM (SELECT NULL AS user_id, NULL AS aspect_ratio, NULL AS created_at, NULL AS title) AS absent
CROSS JOIN LATERAL (SELECT jsonb_build_object('user_id', user_id::text, 'aspect_ratio', aspect_ratio::text, 'created_at', created_at, 'title', title::text) AS own
FROM public.videos v WHERE v.id = p_id LIMIT 1) AS o);
END
$$;
CREATE FUNCTION thumbnails.park(p_job thumbnails.jobs) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
UPDATE thumbnails.jobs j
created_at = CASE WHEN j.attempts > 0 THEN clock_timestamp() ELSE j.created_at END
WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
END
$$;
CREATE FUNCTION thumbnails.pass_breakers(p_host text, p_lease_seconds double precision) RETURNS thumbnails.claim_answer
    LANGUAGE plpgsql
    AS $$
DECLARE
said thumbnails.claim_answer;
t timestamptz := clock_timestamp();
breaker thumbnails.breakers%ROWTYPE;
BEGIN
FOR breaker IN SELECT * FROM thumbnails.breakers b WHERE b.host IN (p_host, '*') AND b.open_until IS NOT NULL ORDER BY b.class LOOP
IF breaker.open_until <= t THEN
UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
WHERE b.class = breaker.class AND b.host = p_host AND (b.probe_until IS NULL OR b.probe_until <= t);
CONTINUE WHEN FOUND;
END IF;
said.outcome := 'paused';
said.retry_after_seconds := CASE WHEN breaker.open_until < 'infinity' THEN greatest(1, extract(epoch FROM breaker.open_until - t)) ELSE 60 END;
said.class := breaker.class;
said.detail := breaker.last_error;
EXIT;
END LOOP;
RETURN said;
END
$$;
CREATE FUNCTION thumbnails.patience() RETURNS interval
    LANGUAGE sql STABLE
    AS $$ SELECT least(interval '2 seconds', thumbnails.time_limit() / 5) $$;
CREATE FUNCTION thumbnails.pause(p_tenant text, p_host text, p_by text, p_why text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH paused AS (
    INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error)
    VALUES ('manual', thumbnails.paused_host(p_tenant, p_host), 0, '{}', 'infinity',
            'paused by ' || coalesce(nullif(thumbnails.said(p_by, 60), ''), 'somebody') || coalesce(': ' || nullif(thumbnails.said(p_why, 200), ''), ''))
    ON CONFLICT (class, host) DO NOTHING RETURNING 1)
  SELECT jsonb_build_object('success', true, 'processed', (SELECT count(*) FROM paused))
$$;
CREATE FUNCTION thumbnails.paused_host(p_tenant text, p_host text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT CASE WHEN p_tenant <> '' THEN 'tenant ' || thumbnails.tenant_named(p_tenant) ELSE coalesce(nullif(p_host, ''), '*') END $$;
CREATE FUNCTION thumbnails.percent(p_good bigint, p_bad bigint) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT least(round(100.0 * p_good / nullif(p_good + p_bad, 0), 2), CASE WHEN p_bad > 0 THEN 99.99 END)
$$;
CREATE FUNCTION thumbnails.pg_net_answers() RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
  IF current_setting('in_hot_standby') = 'on' OR to_regclass('net._http_response') IS NULL OR thumbnails.is_off(thumbnails.setting('pg_net'))
     OR thumbnails.trusts(thumbnails.makers_of_pg_net()) IS NOT TRUE THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('status', g.status, 'timedOut', g.timed_out, 'error', g.error, 'posts', g.posts, 'lastAt', thumbnails.iso(g.last_at), 'problem', CASE
             WHEN g.status BETWEEN 200 AND 299 OR g.status IN (409, 422, 502, 504) THEN NULL
             WHEN g.status = 401 THEN 'the handlers do not know the secret, or what is in front of them removes the Authorization header'
             WHEN g.status IN (301, 302, 303, 307, 308, 405) THEN 'redirected, and followed as GET; the URL must be the handlers'' own, with https://'
             WHEN g.status = 404 THEN 'no handler under this URL, or the video is gone'
             WHEN g.status = 429 THEN 'the handlers'' nginx limits this address; name it under geo $thumbnail_trusted'
             WHEN g.status IS NOT NULL THEN 'the log of nginx and of the handlers says why'
             WHEN g.timed_out THEN 'no worker was free in time, or the handlers'' host does not answer'
             ELSE g.error END) ORDER BY g.posts DESC, g.status), '[]')
      FROM (SELECT r.status_code AS status, o.timed_out, CASE WHEN r.status_code IS NULL AND NOT o.timed_out THEN left(coalesce(r.error_msg, 'no answer'), 100) END AS error,
                   count(DISTINCT r.id) AS posts, max(r.created) AS last_at
              FROM net._http_response AS r JOIN thumbnails.pg_net_posts AS p ON p.request_id = r.id AND p.at BETWEEN r.created - interval '1 hour' AND r.created + interval '1 hour'
             -- Some versions of pg_net say that only in words.
             CROSS JOIN LATERAL (SELECT r.status_code IS NULL AND (r.timed_out IS TRUE OR r.error_msg ~* '^timeout') IS TRUE AS timed_out) AS o
             WHERE r.created > now() - interval '6 hours'
             GROUP BY 1, 2, 3) AS g);
EXCEPTION WHEN OTHERS OR assert_failure THEN
  RETURN jsonb_build_array(jsonb_build_object('problem', format('pg_net''s answers cannot be read: %s (%s)', SQLERRM, SQLSTATE)));
END
$_$;
CREATE FUNCTION thumbnails.pg_net_queue_problem() RETURNS text
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
  waits boolean;
  sends boolean;
  its_database text := current_setting('pg_net.database_name', true);
BEGIN
  -- Its tables are unlogged, and cannot be read on a standby.
  IF current_setting('in_hot_standby') = 'off' AND to_regclass('net.http_request_queue') IS NOT NULL AND to_regclass('net._http_response') IS NOT NULL
     AND thumbnails.trusts(thumbnails.makers_of_pg_net()) THEN
    EXECUTE $q$
      SELECT EXISTS (SELECT FROM net.http_request_queue AS q JOIN thumbnails.pg_net_posts AS p ON p.request_id = q.id
                      WHERE p.at BETWEEN statement_timestamp() - interval '6 hours' AND statement_timestamp() - interval '5 minutes'
                        AND NOT EXISTS (SELECT FROM thumbnails.pg_net_posts AS l WHERE l.request_id <= p.request_id AND l.at > p.at + interval '10 seconds')),
             EXISTS (SELECT FROM net._http_response AS r WHERE r.created > statement_timestamp() - interval '5 minutes')$q$ INTO waits, sends;
  END IF;
  RETURN CASE WHEN waits IS NOT TRUE THEN NULL
    WHEN its_database <> current_database() THEN
      format('pg_net sends nothing from here: its worker looks at database %s alone; set pg_net.database_name to %s, and restart PostgreSQL', its_database, current_database())
    WHEN sends THEN 'pg_net is late: posts of five minutes ago still wait in its queue behind other requests; a relay does not wait for it'
    ELSE 'pg_net sends nothing: posts of five minutes ago are still in its queue; SELECT net.worker_restart()' END;
EXCEPTION
  WHEN insufficient_privilege THEN
    RETURN NULL; -- We may not be allowed to read it. Its answers are checked anyway.
  WHEN OTHERS THEN
    RETURN format('pg_net''s queue cannot be read: %s (%s)', SQLERRM, SQLSTATE);
END
$_$;
CREATE FUNCTION thumbnails.placeholders() RETURNS TABLE(url text, is_default boolean)
    LANGUAGE sql STABLE
    AS $_$
  SELECT p.url, bool_or(p.is_default)
    FROM (SELECT replace(substring(pg_get_expr(d.adbin, d.adrelid) FROM '^''(([^'']|'''')*)''::[a-z ]+$'), '''''', '''') AS url, true AS is_default
            FROM pg_attribute AS a JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           WHERE a.attrelid = 'public.videos'::regclass AND a.attname = 'thumbnail_url'
          UNION ALL
          SELECT m.url, false FROM pg_stats AS s, unnest(s.most_common_vals::text::text[], s.most_common_freqs) AS m (url, part)
           WHERE s.schemaname = 'public' AND s.tablename = 'videos' AND s.attname = 'thumbnail_url' AND m.part >= 0.1) AS p
   WHERE NOT thumbnails.lacks(p.url) GROUP BY p.url
$_$;
CREATE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '500ms'
    AS $_$
DECLARE
posted integer := coalesce(nullif(current_setting('thumbnails.pg_net_posted', true), '')::integer, 0);
base_url text;
secret text;
is_original boolean;
BEGIN
base_url := thumbnails.setting('thumbnail_handlers_url');
secret := thumbnails.setting('webhook_secret');
is_original := base_url IS NULL AND secret IS NULL;
IF posted >= 4 OR thumbnails.trusts(thumbnails.makers_of_pg_net()) IS NOT TRUE
OR thumbnails.is_off(thumbnails.setting('pg_net')) OR EXISTS (SELECT FROM thumbnails.readiness() AS r WHERE r.missing IS NOT NULL OR NOT r.enabled) THEN
RETURN false;
END IF;
IF secret IS NULL THEN
secret := thumbnails.setting('service_role_key');
PERFORM thumbnails.note_event(p_video_id, 'configuration',
'system_config.webhook_secret is not set: the service key travels through pg_net''s readable queue');
END IF;
EXECUTE 'INSERT INTO thumbnails.pg_net_posts (request_id) SELECT net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := $4)'
USING rtrim(coalesce(base_url, thumbnails.setting('supabase_url')), '/') || '/functions/v1/auto-generate-thumbnail',
jsonb_build_object('videoId', p_video_id)
|| CASE WHEN is_original THEN jsonb_build_object('videoUrl', (SELECT s.source FROM thumbnails.seen s WHERE s.id = p_video_id)) ELSE '{}' END,
jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || secret)
|| CASE WHEN is_original THEN '{}' ELSE '{"Prefer": "respond-async"}'::jsonb END,
CASE WHEN is_original THEN 150000 ELSE 10000 END;
PERFORM set_config('thumbnails.pg_net_posted', (posted + 1)::text, true) WHERE NOT is_original;
RETURN true;
EXCEPTION WHEN OTHERS OR assert_failure THEN
PERFORM set_config('thumbnails.pg_net_posted', '4', true);
BEGIN
PERFORM thumbnails.note_event(p_video_id, 'configuration',
format('pg_net refused the webhook: %s (%s)', coalesce(replace(SQLERRM, secret, '…'), SQLERRM), SQLSTATE));
EXCEPTION WHEN lock_not_available THEN
NULL; -- The history is locked. The platform's write must go on.
END;
RETURN false;
END
$_$;
CREATE FUNCTION thumbnails.project() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    AS $$
DECLARE
path pg_catalog.text;
starts boolean;
missing pg_catalog.text;
BEGIN
IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed' AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed'
AND NEW.thumbnail_url IS NULL AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url
AND (NEW.thumbnail_generation_error, NEW.thumbnail_generation_error_code) IS NULL AND NEW.thumbnail_generation_attempts OPERATOR(pg_catalog.=) 0
AND NOT NEW.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard' AND NOT OLD.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard'
AND pg_catalog.current_setting('thumbnails.configured', true)
OPERATOR(pg_catalog.=) pg_catalog.date_part('epoch', pg_catalog.statement_timestamp())::pg_catalog.int8::pg_catalog.text THEN
NEW.thumbnail_generation_status := 'pending';
RETURN NEW;
ELSIF TG_OP OPERATOR(pg_catalog.=) 'INSERT' AND COALESCE(NEW.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed', true)
AND NEW.thumbnail_url IS NULL AND NEW.thumbnail_generation_status IS NULL
OR pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text THEN
RETURN NEW;
END IF;
path := pg_catalog.current_setting('search_path');
starts := pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL;
IF NEW.thumbnail_generation_status = '' THEN
NEW.thumbnail_generation_status := NULL; -- a form's
END IF;
IF TG_OP = 'INSERT' THEN
IF NEW.thumbnail_generation_status IS NULL OR NEW.thumbnail_generation_status = 'pending' AND NOT thumbnails.lacks(NEW.thumbnail_url)
AND NOT thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) THEN
IF thumbnails.lacks(NEW.thumbnail_url) THEN
starts := NEW.status::text = 'completed' AND set_config('thumbnails.inserted', statement_timestamp()::text, true) <> '';
ELSE
NEW.thumbnail_generation_status := 'completed';
NEW.thumbnail_generation_started_at := NULL;
NEW.thumbnail_metadata := '{"source": "external"}';
END IF;
END IF;
ELSIF NOT thumbnails.lacks(NEW.thumbnail_url) AND NOT thumbnails.is_same_picture(NEW.thumbnail_url, OLD.thumbnail_url, NEW.id) THEN
IF thumbnails.token_of(NEW.thumbnail_url, NEW.id) < thumbnails.token_of(OLD.thumbnail_url, NEW.id) AND thumbnails.is_same_source(OLD.video_url, NEW.video_url) THEN
NEW.thumbnail_url := OLD.thumbnail_url;
NEW.thumbnail_metadata := OLD.thumbnail_metadata;
path := set_config('search_path', path, true);
RETURN NEW;
END IF;
IF (OLD.thumbnail_generation_status, NEW.thumbnail_generation_status) IS DISTINCT FROM ('processing', 'completed') THEN
NEW.thumbnail_generation_started_at := NULL;
NEW.thumbnail_metadata := '{"source": "external"}';
END IF;
NEW.thumbnail_generation_status := 'completed';
NEW.thumbnail_generated_at := clock_timestamp();
NEW.thumbnail_generation_error := NULL;
NEW.thumbnail_generation_error_code := NULL;
ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url AND thumbnails.holds() IS NOT TRUE THEN
IF thumbnails.lacks(NEW.thumbnail_url) THEN
starts := NEW.status::text = 'completed' AND (coalesce(OLD.thumbnail_generation_status, '') NOT IN ('pending', 'processing') OR OLD.status IS DISTINCT FROM NEW.status
OR NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url));
ELSE
starts := thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) AND NOT thumbnails.is_blank(NEW.video_url)
AND NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url);
END IF;
ELSE
starts := NEW.status::text = 'completed' AND thumbnails.lacks(NEW.thumbnail_url) AND (OLD.status IS DISTINCT FROM NEW.status OR NOT thumbnails.lacks(OLD.thumbnail_url));
END IF;
IF starts THEN
IF current_setting('thumbnails.configured', true) IS DISTINCT FROM date_part('epoch', statement_timestamp())::bigint::text THEN
BEGIN
PERFORM thumbnails.check_config();
IF NOT (EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('thumbnail_handlers_url', 'supabase_url') AND btrim(c.value) <> '')
AND EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('webhook_secret', 'service_role_key') AND btrim(c.value) <> '')
AND set_config('thumbnails.configured', date_part('epoch', statement_timestamp())::bigint::text, false) <> '') THEN
missing := (thumbnails.readiness()).missing;
END IF;
EXCEPTION WHEN OTHERS THEN
missing := 'Missing configuration in system_config: the table is not there, or cannot be read';
END;
END IF;
NEW.thumbnail_generation_status := 'pending';
IF missing IS NOT NULL OR NEW.thumbnail_generation_error IS NOT NULL OR NEW.thumbnail_generation_error_code IS NOT NULL
OR NEW.thumbnail_generation_attempts IS DISTINCT FROM 0 THEN
NEW.thumbnail_generation_attempts := 0;
NEW.thumbnail_generation_error := missing;
NEW.thumbnail_generation_error_code := CASE WHEN missing IS NOT NULL THEN 'configuration' END;
END IF;
ELSIF TG_OP = 'UPDATE' AND (NEW.thumbnail_generation_status = 'pending' AND current_setting('thumbnails.inserted', true) = statement_timestamp()::text
OR OLD.thumbnail_generation_status = 'pending' AND NOT starts AND thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata)) THEN
NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
END IF;
IF TG_OP = 'UPDATE' AND (OLD.thumbnail_metadata ? 'storyboard' OR NEW.thumbnail_metadata ? 'storyboard') THEN
NEW.thumbnail_metadata := thumbnails.keep_storyboard(OLD.thumbnail_metadata, NEW.thumbnail_metadata, OLD.video_url, NEW.video_url);
END IF;
path := set_config('search_path', path, true);
RETURN NEW;
END
$$;
CREATE FUNCTION thumbnails.prune_history() RETURNS void
    LANGUAGE plpgsql
    AS $_$
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
$_$;
CREATE FUNCTION thumbnails.put_back(p_job thumbnails.jobs, p_state text, p_class text, p_error text, p_attempts integer) RETURNS text
    LANGUAGE plpgsql
    AS $$
BEGIN
PERFORM thumbnails.show_state(p_job, p_state, p_error, p_class, p_attempts, NULL, true);
PERFORM thumbnails.admit_next(p_job.tenant);
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
SELECT p_job.video_id, CASE WHEN p_job.result IS NULL THEN 'processing' ELSE 'pending' END, p_state, p_job.token, p_attempts, p_class, p_error, clock_timestamp() - p_job.claimed_at
WHERE p_job.kind = 'thumbnail';
RETURN 'ok';
END
$$;
CREATE FUNCTION thumbnails.put_down(p_key text, p_video_id uuid, p_keep_seconds double precision DEFAULT 86400) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
IF p_key IS NOT NULL THEN
INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
VALUES (p_key, p_video_id, clock_timestamp() + make_interval(secs => p_keep_seconds))
ON CONFLICT (key) DO UPDATE SET not_before = greatest(d.not_before, excluded.not_before);
END IF;
END
$$;
CREATE FUNCTION thumbnails.put_down_orphans(p_keys text[]) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH put AS (
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    SELECT o.key, i.id, clock_timestamp() + CASE WHEN EXISTS (SELECT FROM public.videos AS v WHERE v.id = i.id) THEN interval '0' ELSE interval '1 day' END
      FROM thumbnails.list_orphans(p_keys) AS o CROSS JOIN LATERAL (SELECT thumbnails.key_video(o.key)) AS i (id)
    ON CONFLICT (key) DO NOTHING RETURNING 1)
  SELECT count(*)::integer FROM put
$$;
CREATE FUNCTION thumbnails.readiness(OUT enabled boolean, OUT missing text) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $_$
BEGIN
PERFORM thumbnails.check_config();
SELECT coalesce(bool_and(NOT thumbnails.is_off(c.value)) FILTER (WHERE c.key = 'auto_thumbnail_enabled'), true),
coalesce('Missing configuration in system_config: '
|| nullif(concat_ws(', ', CASE WHEN bool_or(c.key LIKE '%url') IS NOT TRUE THEN 'thumbnail_handlers_url / supabase_url' END,
CASE WHEN bool_or(c.key IN ('webhook_secret', 'service_role_key')) IS NOT TRUE THEN 'webhook_secret / service_role_key' END), '')
|| CASE WHEN row_security_active('public.system_config')
THEN format(', or its row level security hides it from %I, who owns videos and must own it, too', current_user) ELSE '' END,
'Wrong configuration in system_config: ' || string_agg(CASE
WHEN c.value ~ '[[:cntrl:]]' THEN c.key || ' holds control characters'
WHEN c.key LIKE '%url' AND c.value !~* '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$' THEN c.key || ' is no plain http:// or https:// URL'
WHEN c.key LIKE '%url' AND c.value ~* '/functions/v1(/|$)' THEN c.key || ' is the base URL, without /functions/v1'
END, ', ' ORDER BY c.key) FILTER (WHERE c.key <> 'auto_thumbnail_enabled'))
INTO enabled, missing
FROM (SELECT s.key, btrim(s.value, E' \t\r\n') AS value FROM public.system_config s
WHERE s.key IN ('auto_thumbnail_enabled', 'thumbnail_handlers_url', 'supabase_url', 'webhook_secret', 'service_role_key')) AS c
WHERE c.value <> '';
END
$_$;
CREATE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2) $$;
CREATE FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  job thumbnails.jobs%ROWTYPE;
  since timestamptz := clock_timestamp() - interval '1 second';
BEGIN
  UPDATE thumbnails.jobs j SET due_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE j.video_id = p_video_id AND j.token = p_token
  RETURNING j.* INTO job;
  IF job.is_earned AND job.claimed_at < since - interval '2 seconds'
     AND (SELECT count(*) = 2 FROM (SELECT FROM thumbnails.jobs j
                                     WHERE j.tenant = job.tenant AND j.tenant <> '' AND j.token IS NOT NULL
                                       AND (j.claimed_at, j.video_id) < (job.claimed_at, job.video_id) LIMIT 2) AS h)
     AND EXISTS (SELECT FROM thumbnails.jobs j
                  WHERE j.lane IN (0, 1) AND j.due_at <= since AND j.token IS NULL AND j.attempts = 0 AND j.tenant <> job.tenant) THEN
    UPDATE thumbnails.jobs j SET token = NULL, attempts = j.attempts - 1 WHERE j.video_id = p_video_id AND j.kind = job.kind;
    PERFORM thumbnails.park(job);
    PERFORM thumbnails.put_back(job, 'pending', 'source', 'slow: it gave way to others'' and waits for its turn', job.attempts - 1);
    RETURN false;
  END IF;
  RETURN job.video_id IS NOT NULL;
END
$$;
CREATE FUNCTION thumbnails.report(p_look jsonb, p_limit integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT p_look - '{totals,histogramBounds}'::text[] || jsonb_build_object(
           'failures', jsonb_path_query_array(p_look, '$.failures[0 to $n]', n),
           'nextSweep', jsonb_set(p_look -> 'nextSweep', '{videos}', jsonb_path_query_array(p_look, '$.nextSweep.videos[0 to $n]', n)),
           'workers', jsonb_set(p_look -> 'workers', '{list}', jsonb_path_query_array(p_look, '$.workers.list[0 to $n]', n)))
    FROM jsonb_build_object('n', p_limit - 1) AS n
$_$;
CREATE FUNCTION thumbnails.request_storyboard(p_video_id uuid, p_only_lacking boolean DEFAULT false) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  video thumbnails.seen%ROWTYPE;
  answer text;
BEGIN
  SELECT s.* INTO video FROM thumbnails.seen AS s WHERE s.id = p_video_id;
  answer := CASE WHEN NOT FOUND THEN 'not_found' WHEN video.status IS DISTINCT FROM 'completed' THEN 'not_finished'
                 WHEN thumbnails.is_blank(video.source) THEN 'no_source'
                 WHEN p_only_lacking AND (video.metadata ? 'storyboard'
                                          OR EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = p_video_id AND j.kind = 'storyboard')) THEN 'there' END;
  IF answer IS NOT NULL THEN
    RETURN answer;
  END IF;
  INSERT INTO thumbnails.storyboards (video_id) VALUES (p_video_id) ON CONFLICT DO NOTHING;
  -- Without a tenant, since it must not count among a tenant's thumbnails.
  INSERT INTO thumbnails.jobs AS j (video_id, kind, lane, due_at, source_url) VALUES (p_video_id, 'storyboard', 3, clock_timestamp(), video.source)
  ON CONFLICT (video_id, kind) DO UPDATE SET due_at = excluded.due_at, attempts = 0, releases = 0, source_url = excluded.source_url
   WHERE j.token IS NULL;
  IF NOT FOUND THEN
    RETURN 'busy';
  END IF;
  PERFORM thumbnails.wake_relay();
  RETURN 'queued';
END
$$;
CREATE FUNCTION thumbnails.resume(p_tenant text, p_host text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  resumed integer;
BEGIN
  DELETE FROM thumbnails.breakers AS b WHERE b.class = 'manual' AND b.host = thumbnails.paused_host(p_tenant, p_host);
  GET DIAGNOSTICS resumed = ROW_COUNT;
  PERFORM thumbnails.admit_stalled(), thumbnails.wake_workers();
  RETURN jsonb_build_object('success', true, 'processed', resumed);
END
$$;
CREATE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
SELECT make_interval(secs => least(2400, greatest(
CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
CASE WHEN retry_after_seconds < 'infinity' THEN retry_after_seconds ELSE 0 END)))
$$;
CREATE FUNCTION thumbnails.said(words text, p_length integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT left(btrim(regexp_replace(words, '[[:cntrl:][:space:]]+', ' ', 'g')), p_length) $$;
CREATE FUNCTION thumbnails.see_all() RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
IF row_security_active('public.videos') THEN
RAISE EXCEPTION 'row level security hides public.videos from %, for whom the queue works: ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY', current_user
USING ERRCODE = '55000';
END IF;
END
$$;
CREATE FUNCTION thumbnails.setting(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
PERFORM thumbnails.check_config();
RETURN (SELECT max(nullif(btrim(c.value, E' \t\r\n'), '')) FROM public.system_config c WHERE c.key = name);
EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
RETURN NULL;
END
$$;
CREATE FUNCTION thumbnails.settle(p_job thumbnails.jobs, p_result jsonb) RETURNS text
    LANGUAGE plpgsql
    SET lock_timeout TO '500ms'
    AS $$
DECLARE
id uuid := p_job.video_id;
claimed bigint := coalesce(p_job.token, (p_result ->> 'token')::bigint);
is_picture boolean := p_result ->> 'state' = 'completed';
answer text;
refusal jsonb;
refusal_of CONSTANT text := 'the platform refuses the result, which is kept: %s (%s)';
refused_text text;
is_locked boolean;
video thumbnails.seen%ROWTYPE;
waits interval;
BEGIN
IF p_job.kind <> 'thumbnail' THEN
INSERT INTO thumbnails.events (video_id, class, text) SELECT id, 'lost', 'storyboard: ' || (p_result ->> 'error') WHERE p_result ->> 'class' = 'lost';
PERFORM thumbnails.end_storyboard(p_job);
RETURN 'ok';
END IF;
IF p_job.result #>> '{refused,sqlstate}' = '57014' THEN
IF EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND s.state <> 'pending') THEN
PERFORM thumbnails.show_state(p_job, 'pending', format(refusal_of, p_job.result #>> '{refused,text}', '57014'), 'platform', p_job.attempts);
END IF;
END IF;
FOR round IN 1..3 LOOP
BEGIN
IF current_setting('thumbnails.cut', true) = 'on' THEN
RAISE query_canceled USING MESSAGE = 'no time is left';
END IF;
IF is_picture AND thumbnails.write_picture(id, p_job.source_url, p_job.old_thumbnail, p_result ->> 'url', p_result -> 'metadata',
p_job.attempts, p_job.claimed_at) THEN
answer := 'ok';
EXIT;
END IF;
PERFORM thumbnails.see_all();
PERFORM FROM public.videos v WHERE v.id = p_job.video_id FOR NO KEY UPDATE;
SELECT s.* INTO video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
answer := CASE
WHEN NOT FOUND THEN 'gone'
WHEN NOT thumbnails.is_same_source(video.source, p_job.source_url) THEN 'anew'
WHEN NOT thumbnails.lacks(video.picture) AND NOT thumbnails.is_same_picture(video.picture, p_job.old_thumbnail, id) THEN 'outside'
WHEN NOT is_picture AND claimed IS NOT NULL AND p_job.request ? 'again' THEN 'again'
WHEN CASE WHEN is_picture THEN thumbnails.write_picture(id, video.source, video.picture, p_result ->> 'url', p_result -> 'metadata',
p_job.attempts, p_job.claimed_at)
ELSE thumbnails.write_state(id, video.picture, 'failed', p_result ->> 'error', p_result ->> 'class', p_job.attempts, NULL, true) END THEN 'ok'
ELSE 'kept' END;
refusal := jsonb_build_object('sqlstate', '', 'text', 'a trigger of the platform''s keeps the row as it is');
EXIT;
EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
answer := 'kept';
refusal := jsonb_build_object('sqlstate', SQLSTATE, 'text', left(SQLERRM, 1000));
IF SQLSTATE = '57014' THEN
PERFORM set_config('thumbnails.cut', 'on', true);
refusal := refusal || jsonb_build_object('text', 'its triggers, or what they wait for, take too long: ' || (refusal ->> 'text'));
END IF;
IF SQLSTATE = '42804' THEN
DISCARD PLANS;
CONTINUE;
END IF;
EXIT WHEN SQLSTATE NOT IN ('40001', '40P01', '55P03') OR p_job.token IS NULL;
PERFORM pg_sleep(0.05 * round);
END;
END LOOP;
IF answer = 'kept' THEN
is_locked := refusal ->> 'sqlstate' IN ('40001', '40P01', '55P03');
waits := CASE WHEN is_locked THEN make_interval(secs => 5 + 5 * random()) ELSE thumbnails.release_delay(p_job.releases + 1, random()) END;
UPDATE thumbnails.jobs j
lane = 9, releases = (j.releases + 1) % 30000, token = NULL, is_earned = false, due_at = clock_timestamp() + waits
WHERE j.video_id = id AND j.kind = p_job.kind;
refused_text := replace(format(CASE WHEN is_locked THEN 'another transaction holds the row, the result is kept: %s (%s)'
ELSE refusal_of END, refusal ->> 'text', refusal ->> 'sqlstate'), ' ()', '');
IF thumbnails.words(p_job.result #>> '{refused,text}') IS DISTINCT FROM thumbnails.words(refusal ->> 'text') THEN
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
VALUES (id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, 'pending',
claimed, p_job.attempts, 'platform', refused_text);
END IF;
BEGIN
IF NOT EXISTS (SELECT FROM thumbnails.seen s WHERE s.id = p_job.video_id AND thumbnails.words(s.error) = thumbnails.words(refused_text)) THEN
PERFORM thumbnails.show_state(p_job, 'pending', refused_text, 'platform', p_job.attempts);
END IF;
EXCEPTION WHEN lock_not_available THEN
NULL;
END;
PERFORM thumbnails.admit_next(p_job.tenant);
RETURN 'kept';
ELSIF answer = 'again' THEN
UPDATE thumbnails.jobs j
lane = CASE WHEN j.lane = 2 THEN 2 ELSE 1 END, request = j.request - 'again'
WHERE j.video_id = id AND j.kind = p_job.kind;
p_job.token := claimed;
RETURN thumbnails.put_back(p_job, 'pending', p_result ->> 'class', p_result ->> 'error', 0);
ELSIF answer = 'anew' THEN
UPDATE thumbnails.jobs j
due_at = coalesce((SELECT thumbnails.minute_over(i.video_id) FROM thumbnails.inbox i
WHERE i.video_id = p_job.video_id AND i.reason = 'source' AND NOT thumbnails.is_trusted(i.by_role::name) LIMIT 1),
clock_timestamp()),
lane = CASE WHEN j.lane = 9 THEN 0 ELSE j.lane END,
source_url = video.source, old_thumbnail = video.picture,
request = (j.request - '{again,regenerate,timeSeconds,shape}'::text[]) || thumbnails.shape(thumbnails.own(id))
WHERE j.video_id = id AND j.kind = p_job.kind;
PERFORM thumbnails.wake_relay();
ELSE
WITH gone AS (
DELETE FROM thumbnails.jobs j WHERE j.video_id = id AND j.kind = 'thumbnail'
)
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration, detail)
SELECT id, CASE WHEN p_job.token IS NULL THEN 'pending' ELSE 'processing' END, p_result ->> 'state', claimed,
p_job.attempts, coalesce(p_result ->> 'class', CASE WHEN p_job.token IS NULL THEN 'kept' END),
coalesce(p_result ->> 'error', CASE WHEN p_job.token IS NULL THEN 'written now that the platform takes it' END),
CASE WHEN p_job.token IS NOT NULL THEN clock_timestamp() - p_job.claimed_at END,
CASE WHEN is_picture THEN jsonb_build_object('timestampSeconds', p_result #> '{metadata,timestampSeconds}',
'bytesFetched', p_result #> '{metadata,bytesFetched}', 'requests', p_result #> '{metadata,requests}', 'stagesMs', p_result #> '{metadata,stagesMs}') END
WHERE answer = 'ok';
IF p_job.tenant <> '' THEN
PERFORM thumbnails.admit_next(p_job.tenant, CASE WHEN p_job.token IS NOT NULL THEN extract(epoch FROM clock_timestamp() - p_job.claimed_at) END);
END IF;
END IF;
IF answer <> 'ok' THEN
PERFORM thumbnails.put_down(p_result ->> 'key', id, (p_result ->> 'keepSeconds')::double precision);
IF answer = 'outside' AND video.state IS DISTINCT FROM 'completed' THEN
IF NOT thumbnails.show_state(p_job, 'completed', NULL, NULL, 0) THEN
INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (id, 'found', '', 'its state could not be written');
END IF;
END IF;
RETURN 'fenced';
END IF;
IF is_picture AND p_job.old_thumbnail IS NOT NULL THEN
PERFORM thumbnails.put_down(thumbnails.object_key(p_job.old_thumbnail, id), id, (p_result ->> 'keepSeconds')::double precision);
END IF;
RETURN 'ok';
END
$$;
CREATE FUNCTION thumbnails.settle_kept(p_limit integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
started timestamptz := clock_timestamp();
job thumbnails.jobs%ROWTYPE;
BEGIN
FOR n IN 1..p_limit LOOP
SELECT * INTO job FROM thumbnails.jobs j WHERE j.lane = 9 AND j.due_at <= started ORDER BY j.due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
EXIT WHEN NOT FOUND OR clock_timestamp() > started + thumbnails.patience();
EXIT WHEN thumbnails.settle(job, job.result) = 'kept';
END LOOP;
END
$$;
CREATE FUNCTION thumbnails.shape(video jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN video ->> 'aspect_ratio' <> '' THEN jsonb_build_object('shape', video ->> 'aspect_ratio') ELSE '{}' END $$;
CREATE FUNCTION thumbnails.show_own_tables() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
forced record;
BEGIN
FOR forced IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relforcerowsecurity LOOP
EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', forced.name::regclass);
END LOOP;
END
$$;
CREATE FUNCTION thumbnails.show_state(p_job thumbnails.jobs, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb DEFAULT NULL::jsonb, p_waits boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
refused_text text;
BEGIN
IF p_job.kind <> 'thumbnail' OR current_setting('thumbnails.cut', true) = 'on' THEN
RETURN false;
END IF;
FOR round IN 1..2 LOOP
BEGIN
RETURN thumbnails.write_state(p_job.video_id, p_job.old_thumbnail, p_state, p_error, p_class, p_attempts, p_metadata, p_waits);
EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
IF p_waits AND SQLSTATE = '55P03' THEN
RETURN false;
ELSIF SQLSTATE = '57014' THEN
PERFORM set_config('thumbnails.cut', 'on', true);
END IF;
refused_text := format('the platform refused ''%s'' on its row: %s (%s)', p_state, left(SQLERRM, 1000), SQLSTATE);
EXIT WHEN SQLSTATE <> '42804';
DISCARD PLANS;
END;
END LOOP;
INSERT INTO thumbnails.events (video_id, class, text)
SELECT p_job.video_id, 'platform', refused_text
WHERE NOT EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_job.video_id AND e.class = 'platform' AND thumbnails.words(e.text) = thumbnails.words(refused_text));
RETURN false;
END
$$;
CREATE FUNCTION thumbnails.shown_metadata(metadata jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
    FROM jsonb_each(CASE WHEN jsonb_typeof(metadata) = 'object' THEN metadata ELSE '{}' END) AS m
   WHERE m.key IN ('width', 'height', 'bytes', 'timestampSeconds', 'durationSeconds', 'score', 'candidates', 'bytesFetched', 'requests')
         AND jsonb_typeof(m.value) = 'number'
      OR m.key IN ('method', 'format', 'aspectRatio', 'container', 'codec', 'source') AND jsonb_typeof(m.value) = 'string' AND length(m.value #>> '{}') <= 100
      OR m.key IN ('rejected', 'stagesMs') AND jsonb_typeof(m.value) = 'object' AND length(m.value::text) <= 1000
         AND NOT jsonb_path_exists(m.value, 'strict $.* ? (@.type() != "number")')
$_$;
CREATE FUNCTION thumbnails.shown_url(url text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE WHEN url LIKE 'data:image/svg%' OR length(url) > 2000
                OR url ~* '[?&](token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|expires|policy|key-pair-id|verify|hdnts|hdnea)=' OR url ~ '^[a-z]+://[^/?#]*@'
              THEN NULL ELSE url END
$$;
CREATE FUNCTION thumbnails.shows(url text, metadata jsonb, name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT strpos(url, name) > 0 OR strpos(metadata ->> 'sizes', name) > 0 OR strpos(metadata ->> 'storyboard', name) > 0 $$;
CREATE FUNCTION thumbnails.source_identity(url text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
signing text := coalesce(thumbnails.setting('thumbnail_signing_parameters'),
'X-Amz-*, X-Goog-*, Signature, Expires, Key-Pair-Id, Policy, sv, se, st, sp, sig, token');
without_fragment text := split_part(btrim(url, E' \t\r\n'), '#', 1);
place text := split_part(without_fragment, '?', 1);
pattern text := '^(' || replace(regexp_replace(regexp_replace(lower(signing COLLATE "C"), '[^a-z0-9_*,-]', '', 'g'), ',+', '|', 'g'), '*', '.*') || ')$';
BEGIN
IF place = without_fragment THEN
RETURN place;
END IF;
RETURN place || coalesce('?' || (SELECT string_agg(p.pair, '&' ORDER BY p.position)
FROM unnest(string_to_array(substr(without_fragment, length(place) + 2), '&')) WITH ORDINALITY AS p (pair, position)
WHERE p.pair <> '' AND lower(split_part(p.pair, '=', 1) COLLATE "C") !~ pattern), '');
END
$_$;
CREATE FUNCTION thumbnails.start_anew(p_video_id uuid, p_lane integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
job thumbnails.jobs%ROWTYPE;
BEGIN
PERFORM FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail' AND (j.token IS NULL OR j.due_at <= clock_timestamp()) FOR UPDATE SKIP LOCKED;
IF NOT FOUND AND EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = p_video_id AND j.kind = 'thumbnail') THEN
INSERT INTO thumbnails.inbox (video_id, reason) VALUES (p_video_id, 'finished');
PERFORM thumbnails.note_event(p_video_id, 'manual', 'triggered by hand');
RETURN true;
END IF;
INSERT INTO thumbnails.jobs AS j (video_id, lane, tenant, due_at, source_url, old_thumbnail, request)
SELECT s.id, p_lane, thumbnails.tenant(o.own), clock_timestamp(), s.source, s.picture, thumbnails.shape(o.own)
FROM thumbnails.seen s CROSS JOIN LATERAL (SELECT thumbnails.own(s.id)) AS o (own) WHERE s.id = p_video_id
ON CONFLICT (video_id, kind) DO UPDATE
lane = CASE WHEN j.result ->> 'state' = 'completed' THEN 9 ELSE least(j.lane, excluded.lane) END,
result = CASE WHEN j.result ->> 'state' = 'completed' THEN j.result END
WHERE j.token IS NULL OR j.due_at <= clock_timestamp()
RETURNING j.* INTO job;
IF NOT FOUND THEN
RETURN false;
END IF;
INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
VALUES (p_video_id, (SELECT s.state FROM thumbnails.seen s WHERE s.id = p_video_id LIMIT 1), 'pending', 0, 'manual', 'triggered by hand');
PERFORM thumbnails.show_state(job, 'pending', NULL, NULL, 0);
RETURN true;
END
$$;
CREATE FUNCTION thumbnails.sweep(p_posts boolean) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  started timestamptz := clock_timestamp();
  patience interval := thumbnails.patience();
  found_videos integer;
  goes_on boolean;
  retried bigint := 0;
  lost integer := 0;
  waiting bigint;
  reason text := CASE WHEN NOT thumbnails.try_lock('sweep') THEN 'another sweep is running'
                      WHEN NOT (thumbnails.readiness()).enabled THEN 'Auto thumbnail generation is disabled' END;
BEGIN
  IF reason IS NULL THEN
    PERFORM thumbnails.make_rows();
    PERFORM thumbnails.mend_times();
    -- Jobs that have lost their worker for the last time. Others that lost theirs are simply due.
    SELECT count(thumbnails.give_up_lost(l.job)) INTO lost
      FROM (SELECT j AS job FROM thumbnails.jobs j
             WHERE j.lane BETWEEN 0 AND 3 AND j.due_at <= started AND j.token IS NOT NULL AND j.attempts >= thumbnails.max_attempts()
             LIMIT 1000 FOR UPDATE SKIP LOCKED) AS l;
    PERFORM thumbnails.hint_again(NULL, false);
    -- Jobs of lost workers and retries are due already; they are counted for the answer.
    SELECT count(*) INTO retried FROM (SELECT FROM thumbnails.jobs j
                                        WHERE j.lane < 9 AND j.kind = 'thumbnail' AND j.due_at <= started AND (j.token IS NOT NULL OR j.attempts > 0) LIMIT 100000) AS j;
    PERFORM thumbnails.settle_kept(100);
    PERFORM thumbnails.admit_stalled();
    LOOP
      SELECT s.found_videos, s.goes_on INTO found_videos, goes_on FROM thumbnails.sweep_step(2000) AS s;
      retried := retried + found_videos;
      WHILE thumbnails.merge(2000) > 0 LOOP
        EXIT WHEN clock_timestamp() > started + 1.5 * patience;
      END LOOP;
      EXIT WHEN NOT goes_on OR clock_timestamp() > started + patience;
    END LOOP;
    -- An error in the figures must not stop the rescue.
    BEGIN
      PERFORM thumbnails.fold_events();
      PERFORM thumbnails.prune_history();
    EXCEPTION WHEN OTHERS OR assert_failure THEN
      RAISE WARNING 'the history was not added up: % (%)', SQLERRM, SQLSTATE;
    END;
    PERFORM thumbnails.wake_relay();
    PERFORM thumbnails.wake_workers() WHERE p_posts;
    -- Parked jobs wait only for their turn, so they count.
    SELECT count(*) INTO waiting FROM (SELECT FROM thumbnails.jobs j WHERE j.lane < 9 AND j.due_at <= clock_timestamp()
                                       UNION ALL SELECT FROM thumbnails.jobs j WHERE j.due_at = 'infinity' LIMIT 100000) AS w;
  END IF;
  -- Also while generation is off, which the report says elsewhere: the timer works.
  UPDATE thumbnails.positions
     SET last_sweep = jsonb_build_object('at', thumbnails.iso(clock_timestamp()), 'epoch', round(extract(epoch FROM clock_timestamp()), 3),
                                         'retriedCount', retried, 'skippedCount', 0, 'lostCount', lost)
   WHERE is_only AND reason IS DISTINCT FROM 'another sweep is running';
  RETURN json_strip_nulls(json_build_object(
    'success', true, 'retriedCount', retried, 'skippedCount', 0, 'skipped', CASE WHEN reason IS NOT NULL THEN true END, 'reason', reason,
    'lostCount', lost, 'waitingCount', waiting, 'goesOn', goes_on, 'isPaused', EXISTS (SELECT FROM thumbnails.breakers b WHERE b.host = '*'),
    'timestamp', thumbnails.iso(clock_timestamp())));
END
$$;
CREATE FUNCTION thumbnails.sweep_step(p_limit integer, OUT found_videos integer, OUT goes_on boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_variable
DECLARE
  swept_to uuid := (SELECT p.swept_to FROM thumbnails.positions p);
  step record;
BEGIN
  PERFORM thumbnails.see_all();
  found_videos := 0;
  BEGIN
    SELECT f.ids, f.last_id, f.looked_at INTO step FROM thumbnails.find_left_behind(swept_to, p_limit) AS f;
    INSERT INTO thumbnails.inbox (video_id, reason, old_state)
    SELECT v.id, 'found', v.thumbnail_generation_status FROM public.videos v WHERE v.id = ANY (step.ids) ORDER BY v.id;
    found_videos := coalesce(cardinality(step.ids), 0);
    goes_on := step.looked_at = p_limit;
  EXCEPTION WHEN OTHERS OR assert_failure THEN
    IF SQLSTATE ~ '^(40|53[123]|55|57|58)' THEN
      RAISE;
    ELSIF p_limit > 1 THEN
      SELECT s.found_videos, s.goes_on INTO found_videos, goes_on FROM thumbnails.sweep_step(p_limit / 2) AS s;
      RETURN;
    END IF;
    SELECT v.id AS last_id INTO step FROM public.videos v
     WHERE v.status = 'completed' AND thumbnails.lacks(v.thumbnail_url) AND (swept_to IS NULL OR v.id > swept_to) ORDER BY v.id LIMIT 1;
    PERFORM thumbnails.note_event(step.last_id, 'platform', format('the sweep passed it over: %s (%s)', SQLERRM, SQLSTATE));
    goes_on := true;
  END;
  UPDATE thumbnails.positions SET swept_to = CASE WHEN goes_on THEN step.last_id END WHERE is_only;
END
$$;
CREATE FUNCTION thumbnails.take(p_job thumbnails.jobs, p_video thumbnails.seen, p_lease_seconds double precision) RETURNS thumbnails.claim_answer
    LANGUAGE plpgsql
    AS $$
DECLARE
taken thumbnails.claim_answer;
wishes jsonb := '{}'::jsonb;
metadata jsonb;
BEGIN
IF p_video.status = 'completed' AND p_video.picture IS NULL AND p_job.token IS NULL THEN
NULL;
ELSIF thumbnails.judge(p_job, p_video) <> 'claimed' THEN
PERFORM thumbnails.see_all();
SELECT s.* INTO p_video FROM thumbnails.seen s WHERE s.id = p_job.video_id;
taken.outcome := thumbnails.judge(p_job, p_video);
IF taken.outcome = 'exhausted' THEN
taken.detail := 'worker lost';
PERFORM thumbnails.give_up_lost(p_job);
RETURN taken;
ELSIF taken.outcome <> 'claimed' THEN
taken.detail := CASE taken.outcome WHEN 'not_finished' THEN p_video.status WHEN 'completed' THEN p_video.picture END;
IF p_job.kind <> 'thumbnail' THEN
PERFORM thumbnails.end_storyboard(p_job, taken.outcome);
RETURN taken;
END IF;
DELETE FROM thumbnails.jobs j WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind;
PERFORM thumbnails.admit_next(p_job.tenant);
IF taken.outcome = 'not_finished' THEN
PERFORM thumbnails.show_state(p_job, 'pending', NULL, NULL, 0);
END IF;
RETURN taken;
END IF;
END IF;
IF p_job.tenant <> '' AND NOT thumbnails.has_turn(p_job) THEN
taken.outcome := 'not_due';
taken.retry_after_seconds := 10;
taken.detail := coalesce((SELECT b.last_error FROM thumbnails.breakers b WHERE b.host = 'tenant ' || p_job.tenant), 'others of its uploader''s, which are at work');
PERFORM thumbnails.park(p_job);
RETURN taken;
END IF;
IF p_job.request <> '{}' OR p_video.metadata ? 'requested' THEN
IF p_job.request ? 'again' THEN
p_job.request := p_job.request - 'again';
p_job.attempts := 0;
END IF;
wishes := jsonb_strip_nulls(jsonb_build_object(
'aspectRatio', coalesce(p_job.request ->> 'aspectRatio', p_video.metadata #>> '{requested,aspectRatio}'),
'timeSeconds', p_job.request -> 'timeSeconds'));
IF wishes <> '{}' AND wishes IS DISTINCT FROM p_video.metadata -> 'requested' THEN
metadata := jsonb_build_object('requested', wishes);
END IF;
taken.aspect_ratio := coalesce(wishes ->> 'aspectRatio', p_job.request ->> 'shape');
taken.time_seconds := (wishes ->> 'timeSeconds')::double precision;
END IF;
taken.video_id := p_job.video_id;
taken.kind := p_job.kind;
taken.tenant := p_job.tenant;
taken.video_url := p_video.source;
taken.attempt := CASE WHEN p_video.source = p_job.source_url OR thumbnails.is_same_source(p_video.source, p_job.source_url) THEN p_job.attempts + 1 ELSE 1 END;
taken.token := nextval('thumbnails.tokens');
IF taken.token <= p_job.token THEN
PERFORM FROM thumbnails.locks l WHERE l.name = 'tokens' FOR UPDATE;
PERFORM setval('thumbnails.tokens', greatest(p_job.token, (SELECT s.last_value FROM thumbnails.tokens s)) + 1000);
taken.token := nextval('thumbnails.tokens');
END IF;
WITH held AS (
UPDATE thumbnails.jobs j
due_at = clock_timestamp() + make_interval(secs => p_lease_seconds), source_url = p_video.source, old_thumbnail = p_video.picture,
request = p_job.request || wishes
WHERE j.video_id = p_job.video_id AND j.kind = p_job.kind
)
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, detail)
SELECT p_job.video_id, CASE WHEN p_job.token IS NOT NULL THEN 'processing' WHEN p_video.state = 'failed' AND p_job.attempts > 0 THEN 'failed'
ELSE 'pending' END, 'processing', taken.token, taken.attempt,
CASE WHEN p_job.token IS NOT NULL THEN 'lost' END, CASE WHEN p_job.token IS NOT NULL THEN 'the worker before this one was lost' END,
jsonb_build_object('worker', current_setting('application_name'))
WHERE p_job.kind = 'thumbnail';
p_job.old_thumbnail := p_video.picture;
taken.outcome := CASE WHEN thumbnails.show_state(p_job, 'processing', NULL, NULL, taken.attempt, metadata, true) IS NOT NULL THEN 'claimed' END;
RETURN taken;
END
$$;
CREATE FUNCTION thumbnails.take_deletions(p_limit integer) RETURNS TABLE(key text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := clock_timestamp();
  due text[];
  unneeded text[];
BEGIN
  LOOP
    due := ARRAY(SELECT d.key FROM thumbnails.object_deletions AS d WHERE d.not_before <= t ORDER BY d.not_before LIMIT p_limit
                    FOR UPDATE SKIP LOCKED);
    unneeded := ARRAY(SELECT u.key FROM thumbnails.unneeded_objects(due) AS u);
    DELETE FROM thumbnails.object_deletions AS d USING public.videos AS v
     WHERE d.key = ANY (due) AND v.id = d.video_id AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, split_part(d.key, '/', 3));
    UPDATE thumbnails.object_deletions AS d
       SET refused = NULL, not_before = clock_timestamp() + CASE WHEN d.key = ANY (unneeded) THEN interval '1 hour' ELSE interval '1 day' END
     WHERE d.key = ANY (due);
    EXIT WHEN unneeded <> '{}' OR due = '{}' OR clock_timestamp() > t + interval '500 ms';
  END LOOP;
  RETURN QUERY SELECT u.key FROM unnest(unneeded) AS u (key);
END
$$;
CREATE FUNCTION thumbnails.tenant(video jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(left(thumbnails.hash(nullif(video ->> 'user_id', '')), 16), '') $$;
CREATE FUNCTION thumbnails.tenant_named(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT CASE WHEN name ~ '^[0-9a-f]{16}$' THEN name
              ELSE thumbnails.tenant(jsonb_build_object('user_id', CASE WHEN name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN lower(name) ELSE name END)) END
$_$;
CREATE FUNCTION thumbnails.time_limit() RETURNS interval
    LANGUAGE sql STABLE
    AS $$ SELECT least(nullif(current_setting('statement_timeout')::interval, '0'), nullif(current_setting('transaction_timeout', true)::interval, '0')) $$;
CREATE FUNCTION thumbnails.timeline(p_video_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
CREATE FUNCTION thumbnails.token_of(url text, video_id uuid) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT split_part(split_part(thumbnails.object_key(url, video_id), '-', 6), '.', 1)::numeric $$;
CREATE FUNCTION thumbnails.totals() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT jsonb_build_object('announced', 0, 'attempts', 0, 'completed', 0, 'fenced', 0, 'seconds', 0, 'bytes', 0,
                            'failed', '{}'::jsonb, 'released', '{}'::jsonb, 'le', '{}'::jsonb, 'decoder', '{}'::jsonb)
         || coalesce(jsonb_object_agg(m.measure, m.figure), '{}')
    FROM (SELECT s.measure, CASE WHEN s.measure IN ('failed', 'released', 'le', 'decoder') THEN jsonb_object_agg(coalesce(nullif(s.label, ''), 'unknown'), s.value)
                                 ELSE to_jsonb(sum(s.value)) END AS figure
            FROM (SELECT f.measure, f.label, sum(f.value) AS value FROM thumbnails.figures() f GROUP BY f.measure, f.label) AS s
           GROUP BY s.measure) AS m
$$;
CREATE FUNCTION thumbnails.trial(p_base_url text DEFAULT 'https://trial.invalid'::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
  id uuid;
  old_state text;
  old_picture text;
  url text;
  claimed record;
  answer text;
  verdict text;
BEGIN
  PERFORM thumbnails.see_all();
  -- A video that nobody works on, preferably without a picture. Soon after the first migration all of them may wait for the first worker.
  id := coalesce(
    (SELECT v.id FROM public.videos AS v
      WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
        AND NOT thumbnails.is_blank(v.video_url) AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT v.id FROM public.videos AS v
      WHERE v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url)
        AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT v.id FROM thumbnails.jobs AS j JOIN public.videos AS v ON v.id = j.video_id
      WHERE j.kind = 'thumbnail' AND j.token IS NULL AND j.result IS NULL AND j.due_at < 'infinity'
        AND v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url) LIMIT 1 FOR UPDATE SKIP LOCKED));
  IF id IS NOT NULL THEN
    PERFORM thumbnails.merge(1000, id);
    SELECT s.state, s.picture INTO old_state, old_picture FROM thumbnails.seen AS s WHERE s.id = id;
    PERFORM thumbnails.write_in_trial(id, CASE WHEN old_state = 'pending' THEN 'failed' ELSE 'pending' END);
  ELSE
    verdict := thumbnails.unknown_words();
    IF verdict IS NOT NULL THEN
      RAISE EXCEPTION '%', verdict USING ERRCODE = 'TRIAL';
    END IF;
    id := gen_random_uuid();
    BEGIN
      PERFORM thumbnails.write_in_trial(id, NULL);
    EXCEPTION WHEN OTHERS OR assert_failure THEN
      RAISE EXCEPTION 'there is no finished video to try it with that nobody works on, and none can be made up: % (%)', SQLERRM, SQLSTATE USING ERRCODE = 'TRIAL';
    END;
  END IF;
  IF NOT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = id) THEN
    RAISE EXCEPTION 'the triggers on videos do not fire' USING ERRCODE = 'TRIAL';
  END IF;
  PERFORM thumbnails.merge(1000, id);
  -- So that it waits neither for its uploader's other videos nor for the end of a pause, which the report tells of.
  DELETE FROM thumbnails.breakers AS b WHERE b.host IN ('', '*');
  UPDATE thumbnails.jobs AS j SET tenant = '', due_at = clock_timestamp() WHERE j.video_id = id AND j.kind = 'thumbnail';
  SELECT c.outcome, c.token INTO claimed FROM thumbnails.claim(id, 30, NULL, NOT thumbnails.lacks(old_picture)) AS c;
  verdict := coalesce(
    (SELECT e.text FROM thumbnails.events AS e WHERE e.video_id = id AND e.class = 'platform' AND e.xid = pg_current_xact_id()::text::bigint LIMIT 1),
    CASE WHEN claimed.outcome <> 'claimed' THEN format('a finished video without a thumbnail cannot be claimed: %s', claimed.outcome) END);
  IF verdict IS NULL THEN
    url := format('%s/thumbnails/%s/0000000000000000-0.jpg', rtrim(p_base_url, '/'), id);
    IF NOT thumbnails.lacks(old_picture) THEN
      -- As a write would: the column may be too short (Django's ImageField has room for 100 characters), or its domain may have a rule.
      PERFORM jsonb_populate_record(v, jsonb_build_object('thumbnail_url', url)) FROM public.videos AS v WHERE v.id = id;
      EXECUTE format('SELECT format(''new row violates check constraint "%%s" (23514)'', min(c.name)) FROM (%s) AS c (name) HAVING min(c.name) IS NOT NULL',
                     thumbnails.checks_of_pictures()) INTO verdict USING id, url;
      url := old_picture;
    END IF;
    answer := thumbnails.complete(id, claimed.token, url, format('thumbnails/%s/0000000000000000-0.jpg', id), '{}');
    IF answer <> 'ok' THEN
      verdict := coalesce((SELECT j.result #>> '{refused,text}' FROM thumbnails.jobs AS j WHERE j.video_id = id AND j.kind = 'thumbnail'),
                          'the result is answered by ' || answer);
    END IF;
  END IF;
  RAISE EXCEPTION '%', coalesce(verdict,
    CASE WHEN EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id <> id AND i.xid = pg_current_xact_id() AND i.reason = 'finished'
                                                          AND i.old_source IS NULL AND i.old_state IS NULL) THEN
      'a trigger of the platform''s puts another finished video without a picture into videos whenever it writes to one: the work would have no '
      'end. Keep old versions in a table of their own, or with another status' END,
    -- What a video with a picture cannot show may have happened to videos that wait for theirs.
    (SELECT 'a result is kept, for the platform refuses it: ' || (j.result #>> '{refused,text}') FROM thumbnails.jobs AS j
      WHERE j.result ? 'refused' ORDER BY j.due_at LIMIT 1),
    thumbnails.next_word(),
    (SELECT format('new videos have a picture by default, %s, and get none of ours: ALTER TABLE public.videos ALTER thumbnail_url SET DEFAULT %s', p.url, thumbnails.no_picture())
       FROM thumbnails.placeholders() AS p WHERE p.is_default), '') USING ERRCODE = 'TRIAL';
EXCEPTION WHEN OTHERS OR assert_failure THEN
  RETURN coalesce(thumbnails.trigger_problem(), CASE WHEN SQLSTATE = 'TRIAL' THEN nullif(left(SQLERRM, 1200), '') ELSE format('%s (%s)', left(SQLERRM, 1000), SQLSTATE) END);
END
$$;
CREATE FUNCTION thumbnails.trigger_problem() RETURNS text
    LANGUAGE sql STABLE
    AS $_$
  SELECT coalesce((SELECT format('row level security hides %s from %I, for whom the queue works, and nothing is done: ALTER TABLE %1$s NO FORCE ROW LEVEL SECURITY', c.oid::regclass, current_user)
                     FROM pg_class AS c WHERE (c.relnamespace = 'thumbnails'::regnamespace OR c.oid = to_regclass('public.videos')) AND row_security_active(c.oid) LIMIT 1),
         -- Its triggers went with the table, whatever it is named now.
         CASE WHEN to_regclass('public.videos') IS NULL THEN
                'there is no table public.videos, and nothing is done for its videos' || coalesce((
                  SELECT format(': it is %s now. Give it its name again: ALTER TABLE %1$s %s', m.oid::regclass,
                                CASE WHEN m.relname = 'videos' THEN 'SET SCHEMA public' ELSE 'RENAME TO videos' END)
                    FROM pg_trigger AS n JOIN pg_class AS m ON m.oid = n.tgrelid WHERE n.tgname = 'zz_thumbnails_c_note_insert' AND n.tgparentid = 0 LIMIT 1), '')
              WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid IN ('thumbnails.inbox'::regclass, 'thumbnails.events'::regclass) AND a.attname = 'id' AND a.attidentity = '') THEN
                'the tables of the schema thumbnails are a copy without what belongs to them, and nothing can be queued: run uninstall.sql, then apply the migrations'
              WHEN count(*) FILTER (WHERE t.tgrelid = to_regclass('public.videos')) < 9 THEN 'triggers on videos are missing, and finished videos are found by the hourly sweep alone: apply the migrations again'
              WHEN bool_or(t.tgenabled IN ('D', 'R')) THEN
                'triggers on videos are disabled, and finished videos are found by the hourly sweep alone: ALTER TABLE public.videos ENABLE TRIGGER USER'
              WHEN EXISTS (SELECT FROM pg_inherits AS h JOIN pg_class AS v ON v.oid = h.inhparent WHERE v.oid = to_regclass('public.videos') AND v.relkind = 'r') THEN
                'another table inherits from videos, and its rows are found by the hourly sweep alone: triggers do not see them. Make videos one table, or partition it'
              -- After a rename, another column may have the name, but triggers, views and the index still use the old one.
              WHEN EXISTS (SELECT FROM pg_rewrite AS r JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                             JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                            WHERE r.ev_class = to_regclass('thumbnails.seen') AND d.refclassid = 'pg_class'::regclass AND a.attrelid = to_regclass('public.videos')
                              AND a.attname !~ '^(id|status|video_url|thumbnail_url|thumbnail_metadata|thumbnail_generation_(status|error|error_code|attempts))$') THEN
                'columns of videos were renamed, and finished videos are not noticed: what looks at them looks at the old ones. Apply the migrations again'
              WHEN NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                                WHERE i.indrelid = to_regclass('public.videos') AND a.attname = 'id' AND i.indisvalid AND i.indpred IS NULL) THEN
                format('no index of videos begins with its id, and every look for one reads the whole table: CREATE %s ON public.videos (id)',
                       CASE (SELECT v.relkind FROM pg_class AS v WHERE v.oid = to_regclass('public.videos')) WHEN 'p' THEN 'INDEX' ELSE 'UNIQUE INDEX CONCURRENTLY' END) END,
         -- A program that copies a schema, as for each tenant, copies triggers with it. Their hints are of no row of ours.
         (SELECT format('other tables than public.videos have our triggers, as after a schema was copied, and their videos get no thumbnail: %s. Apply the migrations again, which drop these triggers',
                        string_agg(DISTINCT n.tgrelid::regclass::text, ', '))
            FROM pg_trigger AS n JOIN pg_proc AS f ON f.oid = n.tgfoid
           WHERE f.pronamespace = 'thumbnails'::regnamespace AND n.tgparentid = 0 AND n.tgrelid <> to_regclass('public.videos') HAVING count(*) > 0),
         -- Programs that manage a schema drop what they do not know, and a column takes its views along.
         (SELECT format('the migrations made these, and they are missing: %s. Apply the migrations again', string_agg(needed.name, ', ' ORDER BY needed.position))
            FROM unnest(ARRAY['thumbnails.seen', 'thumbnails.health', 'public.thumbnail_generation_health', 'public.thumbnail_generation_failures', 'public.videos_need_thumbnail_generation',
                              'public.auto_retry_stuck_thumbnails', 'public.manually_trigger_thumbnail_generation', 'public.batch_trigger_thumbnail_generation',
                              'public.videos_thumbnail_lacking', 'videos_thumbnail_generation_status_valid'])
                   WITH ORDINALITY AS needed (name, position)
           WHERE to_regclass(needed.name) IS NULL AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND 'public.' || p.proname = needed.name)
             AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = to_regclass('public.videos') AND k.conname = needed.name)
          HAVING count(*) > 0),
         thumbnails.lock_problem())
    FROM pg_trigger AS t
   WHERE t.tgrelid IN (SELECT to_regclass('public.videos') UNION ALL SELECT p.relid FROM pg_partition_tree(to_regclass('public.videos')) AS p) AND t.tgname LIKE 'zz\_thumbnails\_%'
$_$;
CREATE FUNCTION thumbnails.triggers_path() RETURNS text
    LANGUAGE sql STABLE
    AS $_$
SELECT CASE WHEN p.path IN ('', '""') THEN 'pg_catalog' ELSE p.path END FROM (SELECT coalesce(
thumbnails.setting('thumbnails_search_path'),
(SELECT substr(s.setting, 13)
FROM pg_db_role_setting d CROSS JOIN LATERAL unnest(d.setconfig) AS s (setting)
WHERE s.setting LIKE 'search\_path=%' AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
AND d.setrole IN (0, (SELECT c.relowner FROM pg_class c WHERE c.oid = to_regclass('public.videos')))
ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1),
(SELECT g.reset_val FROM pg_settings g
WHERE g.name = 'search_path' AND NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setrole = to_regrole(quote_ident(session_user)) AND d.setconfig::text LIKE '%search\_path=%')),
'"$user", public') AS path) AS p
$_$;
CREATE FUNCTION thumbnails.trusts(roles oid[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
RETURN (SELECT bool_and(pg_has_role(r, n.nspowner, 'MEMBER')) FROM unnest(roles) AS r, pg_namespace n WHERE n.nspname = 'thumbnails');
END
$$;
CREATE FUNCTION thumbnails.try_lock(lock_name text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
PERFORM FROM thumbnails.locks l WHERE l.name = lock_name FOR UPDATE SKIP LOCKED;
IF NOT FOUND AND NOT EXISTS (SELECT FROM thumbnails.locks l WHERE l.name = lock_name) THEN
PERFORM thumbnails.make_rows();
RETURN thumbnails.try_lock(lock_name);
END IF;
RETURN FOUND;
END
$$;
CREATE FUNCTION thumbnails.unknown_words() RETURNS text
    LANGUAGE sql STABLE
    AS $_$
  SELECT 'a video is finished when its status is ''completed'', ' || coalesce(
    (SELECT 'and none is: there are ' || string_agg(format('%L (%s)', w.word, w.videos), ', ')
       FROM (SELECT v.status::text AS word, count(*) AS videos FROM public.videos AS v GROUP BY 1 ORDER BY 2 DESC LIMIT 5) AS w
     HAVING bool_or(w.word NOT IN ('pending', 'processing', 'failed')) AND NOT EXISTS (SELECT FROM public.videos AS v WHERE v.status = 'completed')),
    (SELECT format('a word that its CHECK %I does not know', c.conname) FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
      WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND a.attname = 'status' AND pg_get_constraintdef(c.oid) ~ '= ANY [(]'
        AND pg_get_constraintdef(c.oid) !~ '''completed''|NOT ENFORCED$' LIMIT 1))
$_$;
CREATE FUNCTION thumbnails.unneeded_objects(p_keys text[]) RETURNS TABLE(key text, video_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
  free_keys text[];
BEGIN
  PERFORM thumbnails.see_all();
  free_keys := ARRAY(SELECT k.key FROM unnest(p_keys) AS k (key)
                      WHERE thumbnails.key_video(k.key) IS NOT NULL
                        AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j
                                         WHERE j.video_id = thumbnails.key_video(k.key) AND (j.token IS NOT NULL OR j.result IS NOT NULL)));
  RETURN QUERY SELECT k.key, thumbnails.key_video(k.key) FROM unnest(free_keys) AS k (key)
                WHERE NOT EXISTS (SELECT FROM public.videos AS v
                                   WHERE v.id = thumbnails.key_video(k.key)
                                     AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, split_part(k.key, '/', 3)))
                  AND NOT EXISTS (SELECT FROM thumbnails.borrowed AS b JOIN public.videos AS v ON v.id = b.video_id
                                   WHERE b.key = thumbnails.claim_key(k.key) AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, b.key));
END
$$;
CREATE FUNCTION thumbnails.video_to_read(p_video_id uuid, OUT status text, OUT video_url text, OUT aspect_ratio text, OUT tenant text) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT v.status::text, v.video_url::text, coalesce(v.thumbnail_metadata #>> '{requested,aspectRatio}', thumbnails.shape(o.own) ->> 'shape'),
         thumbnails.tenant(o.own)
    FROM public.videos AS v CROSS JOIN LATERAL (SELECT thumbnails.own(v.id)) AS o (own) WHERE v.id = video_to_read.p_video_id
$$;
CREATE FUNCTION thumbnails.wake_relay() RETURNS void
    LANGUAGE sql
    AS $$
SELECT CASE WHEN pg_catalog.current_setting('max_prepared_transactions') OPERATOR(pg_catalog.=) '0'
AND NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key())
AND pg_catalog.pg_notification_queue_usage() OPERATOR(pg_catalog.<) 0.9 THEN pg_catalog.pg_notify('thumbnails', '') END
$$;
CREATE FUNCTION thumbnails.wake_up_key() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 7204026001 $$;
CREATE FUNCTION thumbnails.wake_workers() RETURNS void
    LANGUAGE plpgsql
    SET synchronous_commit TO 'off'
    AS $$
DECLARE
  is_original boolean := coalesce(thumbnails.setting('thumbnail_handlers_url'), thumbnails.setting('webhook_secret')) IS NULL;
BEGIN
  PERFORM thumbnails.wake_relay();
  IF thumbnails.trusts(thumbnails.makers_of_pg_net()) THEN
    -- The original's function makes one thumbnail per call, also of a video that has one.
    PERFORM thumbnails.post_by_pg_net(d.id)
       FROM thumbnails.due_videos(CASE WHEN is_original THEN 200 ELSE 4 END, '{}') AS d (id)
      WHERE NOT is_original OR EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = d.id AND j.kind = 'thumbnail');
  END IF;
END
$$;
CREATE FUNCTION thumbnails.wakes_for_storyboards() RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
  t timestamptz := clock_timestamp();
  woken timestamptz := to_timestamp(nullif(current_setting('thumbnails.storyboards_woken', true), '')::double precision);
BEGIN
  RETURN coalesce(woken NOT BETWEEN t - interval '10 seconds' AND t, true)
     AND EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = 3 AND j.due_at <= t)
     AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.lane = 3 AND j.due_at > t AND j.token IS NOT NULL)
     AND set_config('thumbnails.storyboards_woken', extract(epoch FROM t)::text, false) IS NOT NULL;
END
$$;
CREATE FUNCTION thumbnails.words(refusal text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT left(regexp_replace(refusal, '[[:xdigit:]-]{12,}|[0-9]{2,}', '', 'g'), 200) $$;
CREATE FUNCTION thumbnails.write_in_trial(p_id uuid, p_state text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO '$user', 'public', 'pg_temp'
    AS $$
#variable_conflict use_variable
BEGIN
  IF p_state IS NULL THEN
    INSERT INTO public.videos (id, status, video_url, thumbnail_url) VALUES (p_id, 'completed', 'https://trial.invalid/new.mp4', '');
  ELSE
    UPDATE public.videos AS v SET thumbnail_generation_status = p_state WHERE v.id OPERATOR(pg_catalog.=) p_id;
  END IF;
  IF NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id OPERATOR(pg_catalog.=) p_id AND (p_state IS NULL OR v.thumbnail_generation_status OPERATOR(pg_catalog.=) p_state)) THEN
    RAISE EXCEPTION 'a trigger of the platform''s keeps the row as it is or keeps it out, or gives it another id';
  END IF;
END
$$;
CREATE FUNCTION thumbnails.write_picture(p_id uuid, p_source text, p_old text, p_url text, p_metadata jsonb, p_attempts integer, p_started timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout TO '500ms'
    SET search_path TO '$user', 'public', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
p_written boolean := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true) IS NULL;
p_shown text;
BEGIN
UPDATE public.videos v
thumbnail_generation_status = 'completed',
thumbnail_generation_error = NULL,
thumbnail_generation_error_code = NULL,
thumbnail_generation_attempts = p_attempts,
thumbnail_generation_started_at = p_started,
thumbnail_generation_last_attempt_at = p_started,
thumbnail_generated_at = pg_catalog.clock_timestamp(),
thumbnail_metadata = thumbnails.lasting(v.thumbnail_metadata) OPERATOR(pg_catalog.||) p_metadata
WHERE v.id OPERATOR(pg_catalog.=) p_id AND COALESCE(v.video_url OPERATOR(pg_catalog.=) p_source, v.video_url IS NULL AND p_source IS NULL)
AND COALESCE(v.thumbnail_url OPERATOR(pg_catalog.=) p_old, v.thumbnail_url IS NULL AND p_old IS NULL)
RETURNING v.thumbnail_url INTO p_shown;
p_written := FOUND;
IF p_written AND (thumbnails.lacks(p_shown) OR p_shown OPERATOR(pg_catalog.=) p_old AND p_url OPERATOR(pg_catalog.<>) p_old) THEN
RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
END IF;
RETURN thumbnails.end_write(p_written);
END
$$;
CREATE FUNCTION thumbnails.write_state(p_id uuid, p_picture text, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb, p_waits boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout TO '100ms'
    SET search_path TO '$user', 'public', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
p_shown text := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true);
p_started pg_catalog.timestamptz := CASE WHEN p_state OPERATOR(pg_catalog.=) 'processing' THEN pg_catalog.clock_timestamp() END;
BEGIN
IF NOT p_waits THEN
PERFORM FROM public.videos v WHERE v.id OPERATOR(pg_catalog.=) p_id FOR NO KEY UPDATE SKIP LOCKED;
IF NOT FOUND THEN
RETURN thumbnails.end_write(false);
END IF;
END IF;
FOR p_shown IN UPDATE public.videos v
thumbnail_generation_error = p_error,
thumbnail_generation_error_code = p_class,
thumbnail_generation_attempts = p_attempts,
thumbnail_generation_started_at = COALESCE(p_started, v.thumbnail_generation_started_at),
thumbnail_generation_last_attempt_at = COALESCE(p_started, v.thumbnail_generation_last_attempt_at),
thumbnail_metadata = CASE WHEN p_metadata IS NULL THEN v.thumbnail_metadata
WHEN pg_catalog.jsonb_typeof(v.thumbnail_metadata) OPERATOR(pg_catalog.=) 'object' THEN v.thumbnail_metadata OPERATOR(pg_catalog.||) p_metadata
ELSE p_metadata END
WHERE v.id OPERATOR(pg_catalog.=) p_id
AND (v.thumbnail_url IS NULL OR thumbnails.lacks(v.thumbnail_url) OR v.thumbnail_url OPERATOR(pg_catalog.=) p_picture
OR p_state OPERATOR(pg_catalog.=) 'completed')
RETURNING v.thumbnail_generation_status LOOP
IF COALESCE(p_shown OPERATOR(pg_catalog.<>) p_state, true) THEN
RAISE EXCEPTION 'a trigger of the platform''s puts the state back';
END IF;
END LOOP;
RETURN thumbnails.end_write(FOUND);
END
$$;
CREATE FUNCTION thumbnails.write_storyboard(p_id uuid, p_source text, p_storyboard jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout TO '500ms'
    SET search_path TO '$user', 'public', 'pg_temp'
    AS $$
#variable_conflict use_variable
BEGIN
  -- Marks the row as being written by us.
  PERFORM pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true);
  UPDATE public.videos AS v
     SET thumbnail_metadata = pg_catalog.jsonb_set(
           CASE WHEN pg_catalog.jsonb_typeof(v.thumbnail_metadata) OPERATOR(pg_catalog.=) 'object' THEN v.thumbnail_metadata ELSE '{}' END,
           '{storyboard}', p_storyboard)
   WHERE v.id OPERATOR(pg_catalog.=) p_id AND v.video_url OPERATOR(pg_catalog.=) p_source;
  RETURN thumbnails.end_write(FOUND);
END
$$;
CREATE TABLE public.system_config (
    key text NOT NULL,
    value text NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE VIEW public.thumbnail_generation_failures WITH (security_invoker='true') AS
 SELECT v.thumbnail_generation_error,
    count(*) AS failure_count,
    max(v.thumbnail_generation_last_attempt_at) AS last_occurrence,
    (array_agg(v.id ORDER BY v.thumbnail_generation_last_attempt_at DESC NULLS LAST))[1:5] AS recent_video_ids
   FROM public.videos v
  WHERE (v.thumbnail_generation_status = 'failed'::text)
  GROUP BY v.thumbnail_generation_error
  ORDER BY (count(*)) DESC, (max(v.thumbnail_generation_last_attempt_at)) DESC;
CREATE VIEW public.thumbnail_generation_health WITH (security_invoker='true') AS
 SELECT count(*) FILTER (WHERE (v.thumbnail_generation_status = 'completed'::text)) AS completed_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'failed'::text)) AS failed_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'processing'::text)) AS processing_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'pending'::text)) AS pending_count,
    ( SELECT count(*) AS count
           FROM public.videos l
          WHERE ((l.status = 'completed'::text) AND ((l.thumbnail_url IS NULL) OR (l.thumbnail_url = ''::text) OR (l.thumbnail_url ~~ 'data:image/svg%'::text)))) AS needs_generation_count,
    round(((100.0 * (count(*) FILTER (WHERE (v.thumbnail_generation_status = 'completed'::text)))::numeric) / (NULLIF(count(*) FILTER (WHERE (v.thumbnail_generation_status = ANY (ARRAY['completed'::text, 'failed'::text]))), 0))::numeric), 2) AS success_rate_percent,
    round((avg(date_part('epoch'::text, (v.thumbnail_generated_at - v.thumbnail_generation_started_at))) FILTER (WHERE ((v.thumbnail_generation_status = 'completed'::text) AND (v.thumbnail_generation_started_at > to_timestamp((0)::double precision)) AND (v.thumbnail_generated_at >= v.thumbnail_generation_started_at) AND (v.thumbnail_generated_at < to_timestamp(('100000000000'::numeric)::double precision)))))::numeric, 2) AS avg_generation_time_seconds
   FROM public.videos v;
CREATE VIEW public.videos_need_thumbnail_generation WITH (security_invoker='true') AS
 SELECT v.id,
    v.title,
    v.video_url,
    v.status,
    v.thumbnail_url,
    v.thumbnail_generation_status,
    v.thumbnail_generation_error,
    v.thumbnail_generation_attempts,
    v.thumbnail_generation_last_attempt_at,
        CASE
            WHEN isfinite(v.thumbnail_generation_last_attempt_at) THEN round((EXTRACT(epoch FROM (now() - v.thumbnail_generation_last_attempt_at)) / (60)::numeric), 1)
            ELSE NULL::numeric
        END AS minutes_since_last_attempt,
    v.created_at
   FROM public.videos v
  WHERE ((v.status = 'completed'::text) AND ((v.thumbnail_url IS NULL) OR (v.thumbnail_url = ''::text) OR (v.thumbnail_url ~~ 'data:image/svg%'::text)))
  ORDER BY v.created_at DESC;
CREATE TABLE thumbnails.applied_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE thumbnails.borrowed (
    key text NOT NULL,
    video_id uuid NOT NULL
);
CREATE TABLE thumbnails.breakers (
    class text NOT NULL,
    host text NOT NULL,
    consecutive integer NOT NULL,
    video_ids uuid[] NOT NULL,
    open_until timestamp with time zone,
    probe_until timestamp with time zone,
    last_error text,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE thumbnails.dismissed (
    video_id uuid NOT NULL,
    last_attempt_at timestamp with time zone
);
CREATE TABLE thumbnails.events (
    id bigint NOT NULL,
    video_id uuid NOT NULL,
    from_status text,
    to_status text,
    token bigint,
    attempt integer,
    class text,
    text text,
    duration interval,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    detail jsonb,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint
)
WITH (autovacuum_vacuum_insert_scale_factor='0.05');
ALTER TABLE thumbnails.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME thumbnails.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW thumbnails.health WITH (security_invoker='true') AS
 SELECT count(*) FILTER (WHERE (v.thumbnail_generation_status = 'completed'::text)) AS completed_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'failed'::text)) AS failed_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'processing'::text)) AS processing_count,
    count(*) FILTER (WHERE (v.thumbnail_generation_status = 'pending'::text)) AS pending_count,
    ( SELECT count(*) AS count
           FROM public.videos l
          WHERE ((l.status = 'completed'::text) AND ((l.thumbnail_url IS NULL) OR (l.thumbnail_url = ''::text) OR (l.thumbnail_url ~~ 'data:image/svg%'::text)))) AS needs_generation_count,
    round(((100.0 * (count(*) FILTER (WHERE (v.thumbnail_generation_status = 'completed'::text)))::numeric) / (NULLIF(count(*) FILTER (WHERE (v.thumbnail_generation_status = ANY (ARRAY['completed'::text, 'failed'::text]))), 0))::numeric), 2) AS success_rate_percent,
    round((avg(date_part('epoch'::text, (v.thumbnail_generated_at - v.thumbnail_generation_started_at))) FILTER (WHERE ((v.thumbnail_generation_status = 'completed'::text) AND (v.thumbnail_generation_started_at > to_timestamp((0)::double precision)) AND (v.thumbnail_generated_at >= v.thumbnail_generation_started_at) AND (v.thumbnail_generated_at < to_timestamp(('100000000000'::numeric)::double precision)))))::numeric, 2) AS avg_generation_time_seconds
   FROM public.videos v;
CREATE TABLE thumbnails.hourly_totals (
    hour timestamp with time zone NOT NULL,
    measure text NOT NULL,
    label text NOT NULL,
    value numeric NOT NULL
);
ALTER TABLE thumbnails.inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME thumbnails.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE thumbnails.locks (
    name text NOT NULL
);
CREATE TABLE thumbnails.object_deletions (
    key text NOT NULL,
    video_id uuid NOT NULL,
    not_before timestamp with time zone NOT NULL,
    refused text
);
CREATE TABLE thumbnails.pg_net_posts (
    request_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY thumbnails.pg_net_posts REPLICA IDENTITY FULL;
CREATE TABLE thumbnails.positions (
    is_only boolean DEFAULT true NOT NULL,
    folded_before bigint DEFAULT 0 NOT NULL,
    folded_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    pruned_before timestamp with time zone,
    swept_to uuid,
    collected_to text DEFAULT ''::text NOT NULL,
    last_sweep jsonb,
    deliverer text,
    delivers_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT positions_is_only_check CHECK (is_only)
);
CREATE TABLE thumbnails.set_aside (
    video_id uuid NOT NULL,
    reason text NOT NULL,
    old_source text,
    old_key text,
    old_state text,
    sqlstate text NOT NULL,
    text text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY thumbnails.set_aside REPLICA IDENTITY FULL;
CREATE TABLE thumbnails.storyboards (
    video_id uuid NOT NULL,
    key text,
    token bigint
);
CREATE SEQUENCE thumbnails.tokens
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE thumbnails.workers (
    name text NOT NULL,
    program text NOT NULL,
    host text NOT NULL,
    pid integer,
    version text NOT NULL,
    mode text NOT NULL,
    sandbox text,
    completed bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    polls text,
    trouble text,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.system_config
    ADD CONSTRAINT system_config_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.videos
    ADD CONSTRAINT videos_pkey PRIMARY KEY (id);
ALTER TABLE ONLY thumbnails.applied_migrations
    ADD CONSTRAINT applied_migrations_pkey PRIMARY KEY (name);
ALTER TABLE ONLY thumbnails.borrowed
    ADD CONSTRAINT borrowed_pkey PRIMARY KEY (key, video_id);
ALTER TABLE ONLY thumbnails.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (class, host);
ALTER TABLE ONLY thumbnails.dismissed
    ADD CONSTRAINT dismissed_pkey PRIMARY KEY (video_id);
ALTER TABLE ONLY thumbnails.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (video_id, id);
ALTER TABLE ONLY thumbnails.hourly_totals
    ADD CONSTRAINT hourly_totals_pkey PRIMARY KEY (hour, measure, label);
ALTER TABLE ONLY thumbnails.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (video_id, kind);
ALTER TABLE ONLY thumbnails.locks
    ADD CONSTRAINT locks_pkey PRIMARY KEY (name);
ALTER TABLE ONLY thumbnails.object_deletions
    ADD CONSTRAINT object_deletions_pkey PRIMARY KEY (key);
ALTER TABLE ONLY thumbnails.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY thumbnails.storyboards
    ADD CONSTRAINT storyboards_pkey PRIMARY KEY (video_id);
ALTER TABLE ONLY thumbnails.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (name);
CREATE INDEX videos_thumbnail_lacking ON public.videos USING btree (id) WHERE ((status = 'completed'::text) AND ((thumbnail_url IS NULL) OR (thumbnail_url = ''::text) OR (thumbnail_url ~~ 'data:image/svg%'::text)));
CREATE INDEX events_failed ON thumbnails.events USING btree (at, video_id) WHERE (to_status = 'failed'::text);
CREATE INDEX events_recent ON thumbnails.events USING brin (at, xid) WITH (autosummarize='on');
CREATE INDEX inbox_order ON thumbnails.inbox USING btree (id);
CREATE INDEX inbox_video ON thumbnails.inbox USING btree (video_id);
CREATE INDEX jobs_admitted ON thumbnails.jobs USING btree (tenant, due_at) WHERE ((tenant <> ''::text) AND (due_at < 'infinity'::timestamp with time zone));
CREATE INDEX jobs_due ON thumbnails.jobs USING btree (lane, due_at);
CREATE INDEX jobs_held ON thumbnails.jobs USING btree (tenant) WHERE ((tenant <> ''::text) AND (token IS NOT NULL));
CREATE INDEX jobs_parked ON thumbnails.jobs USING btree (tenant, created_at) WHERE (due_at = 'infinity'::timestamp with time zone);
CREATE INDEX object_deletions_due ON thumbnails.object_deletions USING btree (not_before);
CREATE TRIGGER zz_thumbnails_a_guard_insert BEFORE INSERT ON public.videos FOR EACH ROW WHEN ((CURRENT_USER ~ '^(anon|authenticated)$'::text)) EXECUTE FUNCTION thumbnails.guard();
CREATE TRIGGER zz_thumbnails_a_guard_update BEFORE UPDATE OF thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata ON public.videos FOR EACH ROW WHEN ((CURRENT_USER ~ '^(anon|authenticated)$'::text)) EXECUTE FUNCTION thumbnails.guard();
CREATE TRIGGER zz_thumbnails_b_project_insert BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.project();
CREATE TRIGGER zz_thumbnails_b_project_update BEFORE UPDATE OF status, video_url, thumbnail_url ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.project();
CREATE TRIGGER zz_thumbnails_c_note_delete AFTER DELETE ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.note();
CREATE TRIGGER zz_thumbnails_c_note_insert AFTER INSERT ON public.videos FOR EACH ROW WHEN ((((new.status = 'completed'::text) AND ((new.thumbnail_generation_status = 'pending'::text) OR ((new.thumbnail_generation_status IS NULL) AND ((new.thumbnail_url IS NULL) OR (new.thumbnail_url = ''::text) OR (new.thumbnail_url ~~ 'data:image/svg%'::text))))) OR (new.thumbnail_url ~~ '%thumbnails%________-____-____-____-____________%'::text) OR (strpos((new.thumbnail_metadata ->> 'storyboard'::text), (new.id)::text) = 0))) EXECUTE FUNCTION thumbnails.note();
CREATE TRIGGER zz_thumbnails_c_note_truncate BEFORE TRUNCATE ON public.videos FOR EACH STATEMENT EXECUTE FUNCTION thumbnails.note_truncate();
CREATE TRIGGER zz_thumbnails_c_note_update AFTER UPDATE ON public.videos FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.video_url IS DISTINCT FROM new.video_url) OR (old.thumbnail_url IS DISTINCT FROM new.thumbnail_url))) EXECUTE FUNCTION thumbnails.note();
CREATE TRIGGER zz_thumbnails_c_note_update_state AFTER UPDATE OF id, thumbnail_generation_status ON public.videos FOR EACH ROW WHEN ((NULLIF(current_setting('thumbnails.writing'::text, true), ''::text) IS NULL)) EXECUTE FUNCTION thumbnails.note('state');
GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.auto_retry_stuck_thumbnails() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auto_retry_stuck_thumbnails() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.act(p_action text, p_filter jsonb, p_limit integer, p_before timestamp with time zone, p_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.act(p_action text, p_filter jsonb, p_limit integer, p_before timestamp with time zone, p_by text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.admit(p_tenant text, p_count integer, p_is_earned boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.admit_next(p_tenant text, p_seconds double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.admit_stalled() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.admitted(p_tenant text, p_most integer, p_soon timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.board_video(metadata jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.breaker_delay(consecutive integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.cancel(p_id uuid, p_by text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.changed() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.check_config() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.checks_of_pictures() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text, p_regenerate boolean, p_time_seconds double precision, p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.claim(p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text, p_regenerate boolean, p_time_seconds double precision, p_host text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.claim_key(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.claim_next(p_lease_seconds double precision, p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.claim_next(p_lease_seconds double precision, p_host text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.collector_position() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.collector_position() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.complete(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.complete_and_next(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text, p_lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.complete_and_next(p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb, p_keep_seconds double precision, p_host text, p_lease_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.complete_storyboard(p_video_id uuid, p_token bigint, p_storyboard jsonb, p_key text, p_keep_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.complete_storyboard(p_video_id uuid, p_token bigint, p_storyboard jsonb, p_key text, p_keep_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.condition(p_filter jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.describe_videos(p_ids uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.dismiss(p_ids uuid[], p_by text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.due_videos(p_limit integer, p_except uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.due_videos(p_limit integer, p_except uuid[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.earlier_answer(p_video_id uuid, p_token bigint, p_states text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.end_storyboard(p_job thumbnails.jobs, p_why text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.end_write(p_written boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision, p_host text, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.fail(p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean, p_retry_after_seconds double precision, p_host text, OUT outcome text, OUT next_attempt_at timestamp with time zone, OUT attempt integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.figures() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.find_left_behind(p_from uuid, p_limit integer, OUT ids uuid[], OUT last_id uuid, OUT looked_at integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.find_videos(p_filter jsonb, p_order text, p_at bigint, p_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.find_videos(p_filter jsonb, p_order text, p_at bigint, p_id uuid, p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.fingerprint() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.fingerprint() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.fold_events() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.follow_videos(p_hints thumbnails.inbox[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.forget_objects(p_keys text[], p_refused text[], p_text text, p_left text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.forget_objects(p_keys text[], p_refused text[], p_text text, p_left text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.forget_worker(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.forget_worker(p_name text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.give_up_lost(p_job thumbnails.jobs) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.guard() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.hand_out(p_functions text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.has_turn(p_job thumbnails.jobs) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.has_work() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.has_work() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.hash(value text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.hint_again(p_limit integer, p_soon boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.histogram_bounds() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.history(p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.history(p_hours integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.hold_delivery(p_holder text, p_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.hold_delivery(p_holder text, p_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.holds() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_blank(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_final(code text, attempts bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_left_behind(state text, code text, attempts bigint, started_at timestamp with time zone, last_attempt_at timestamp with time zone, generated_at timestamp with time zone, created_at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_off(value text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_ours(url text, video_id uuid, metadata jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_queued(p_video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.is_queued(p_video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.is_same_picture(a text, b text, video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_same_source(a text, b text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.is_sweeping() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.is_sweeping() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.is_trusted(caller name) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.iso(at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.judge(p_job thumbnails.jobs, p_video thumbnails.seen) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.keep_storyboard(old_metadata jsonb, new_metadata jsonb, old_source text, new_source text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.key_video(key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.lacks(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.lasting(metadata jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.list_deletions(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.list_deletions(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.list_latest(p_state text, p_at bigint, p_id uuid, p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.list_orphans(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.list_orphans(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.lock_problem() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.look(p_webhook_hash text, p_service_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.look(p_webhook_hash text, p_service_hash text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.look_after(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.look_after(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.look_at_workers() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.make_rows() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.make_way() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.makers_of_pg_net() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.marks(p_name text, p_now timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.max_attempts() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.may_fire() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.mend_times() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.merge(p_limit integer, p_only uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.merge(p_limit integer, p_only uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.merge_slice(p_limit integer, p_only uuid, p_after bigint, OUT hints integer, OUT last_id bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.minute_over(p_video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.moment(value text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.move_breakers(p_class text, p_host text, p_video_id uuid, p_error text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.move_collector(p_last_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.move_collector(p_last_key text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.next_sweep(p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.next_word() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.no_picture() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.note() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.note_event(p_video_id uuid, p_class text, p_text text, p_decoder_end text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.note_event(p_video_id uuid, p_class text, p_text text, p_decoder_end text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.note_truncate() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.note_worker(p_name text, p_program text, p_host text, p_pid integer, p_version text, p_mode text, p_sandbox text, p_completed bigint, p_failed bigint, p_polls text, p_trouble text, p_age_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.note_worker(p_name text, p_program text, p_host text, p_pid integer, p_version text, p_mode text, p_sandbox text, p_completed bigint, p_failed bigint, p_polls text, p_trouble text, p_age_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.object_key(url text, video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.own(p_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.park(p_job thumbnails.jobs) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.pass_breakers(p_host text, p_lease_seconds double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.patience() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.pause(p_tenant text, p_host text, p_by text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.pause(p_tenant text, p_host text, p_by text, p_why text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.paused_host(p_tenant text, p_host text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.percent(p_good bigint, p_bad bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.pg_net_answers() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.pg_net_queue_problem() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.placeholders() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.project() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.prune_history() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.put_back(p_job thumbnails.jobs, p_state text, p_class text, p_error text, p_attempts integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.put_down(p_key text, p_video_id uuid, p_keep_seconds double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.put_down_orphans(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.put_down_orphans(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.readiness(OUT enabled boolean, OUT missing text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.release_delay(releases integer, jitter double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.report(p_look jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.report(p_look jsonb, p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.request_storyboard(p_video_id uuid, p_only_lacking boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.request_storyboard(p_video_id uuid, p_only_lacking boolean) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.resume(p_tenant text, p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.resume(p_tenant text, p_host text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.said(words text, p_length integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.see_all() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.setting(name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.settle(p_job thumbnails.jobs, p_result jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.settle_kept(p_limit integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shape(video jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.show_own_tables() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.show_state(p_job thumbnails.jobs, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb, p_waits boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shown_metadata(metadata jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shown_url(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.shows(url text, metadata jsonb, name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.source_identity(url text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.start_anew(p_video_id uuid, p_lane integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.sweep(p_posts boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.sweep(p_posts boolean) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.sweep_step(p_limit integer, OUT found_videos integer, OUT goes_on boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.take(p_job thumbnails.jobs, p_video thumbnails.seen, p_lease_seconds double precision) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.take_deletions(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.take_deletions(p_limit integer) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.tenant(video jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.tenant_named(name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.time_limit() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.timeline(p_video_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.timeline(p_video_id uuid) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.token_of(url text, video_id uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.totals() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.trial(p_base_url text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.trial(p_base_url text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.trigger_problem() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.triggers_path() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.trusts(roles oid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.try_lock(lock_name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.unknown_words() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.unneeded_objects(p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.unneeded_objects(p_keys text[]) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.video_to_read(p_video_id uuid, OUT status text, OUT video_url text, OUT aspect_ratio text, OUT tenant text) FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.video_to_read(p_video_id uuid, OUT status text, OUT video_url text, OUT aspect_ratio text, OUT tenant text) TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.wake_relay() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.wake_up_key() FROM PUBLIC;
GRANT ALL ON FUNCTION thumbnails.wake_up_key() TO thumbnail_handlers;
REVOKE ALL ON FUNCTION thumbnails.wake_workers() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.wakes_for_storyboards() FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.words(refusal text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.write_in_trial(p_id uuid, p_state text) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.write_picture(p_id uuid, p_source text, p_old text, p_url text, p_metadata jsonb, p_attempts integer, p_started timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.write_state(p_id uuid, p_picture text, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb, p_waits boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.write_storyboard(p_id uuid, p_source text, p_storyboard jsonb) FROM PUBLIC;
