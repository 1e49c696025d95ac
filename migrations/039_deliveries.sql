-- For those that wake workers: merges, and returns the ids of up to `p_limit` due jobs in the order of claims, without `p_except` (those under way).
CREATE OR REPLACE FUNCTION thumbnails.due_videos(p_limit integer, p_except uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Wakes workers for what is due, with whatever there is: the relay and pg_net. The transaction may be the platform's, so `due_videos` must not change
-- its synchronous_commit beyond this call.
CREATE OR REPLACE FUNCTION thumbnails.wake_workers() RETURNS void
LANGUAGE plpgsql SET synchronous_commit = off AS $$
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

-- pg_net's answers of the last six hours, as far as it keeps them: [{status, timedOut, error, posts, lastAt, problem}], the most frequent first.
-- `problem` says what is wrong and what helps; it is NULL if the post was delivered. NULL: nothing was posted, or no answer was kept.
CREATE OR REPLACE FUNCTION thumbnails.pg_net_answers() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
$$;

-- What is wrong with pg_net's queue, as a sentence; NULL if nothing is. Its worker sends only what is queued in one database. A crash empties the queue
-- and begins its numbers anew, so a post is no longer in it if a later one has no higher number.
CREATE OR REPLACE FUNCTION thumbnails.pg_net_queue_problem() RETURNS text
LANGUAGE plpgsql STABLE AS $$
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
$$;

-- Why webhooks that the database sends itself may not arrive, as sentences. The handlers' secrets are given as SHA-256 in hexadecimal.
CREATE OR REPLACE FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
