-- Whether it works: what pg_net got back, what stands in the way of webhooks, and the trial of --check.

-- What pg_net got back within the last six hours, as long as it keeps its answers: [{status, timedOut, error, posts, lastAt, problem}], the most
-- first. `problem` says what is wrong and what helps; it is NULL where the post was delivered. NULL: nothing is posted, or no answer is kept.
CREATE OR REPLACE FUNCTION thumbnails.pg_net_answers() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  answers jsonb;
BEGIN
  IF current_setting('in_hot_standby') = 'on' OR to_regclass('net._http_response') IS NULL OR thumbnails.setting('pg_net') = 'off' THEN
    RETURN NULL;
  END IF;
  EXECUTE $q$
    SELECT coalesce(jsonb_agg(jsonb_build_object('status', g.status, 'timedOut', g.timed_out, 'error', g.error, 'posts', g.posts, 'lastAt', thumbnails.iso(g.last_at), 'problem', CASE
             WHEN g.status BETWEEN 200 AND 299 OR g.status IN (409, 422, 502, 504) THEN NULL
             WHEN g.status = 401 THEN 'the handlers do not know the secret'
             WHEN g.status IN (301, 302, 303, 307, 308, 405) THEN 'redirected, and followed as GET; the URL must be the handlers'' own, with https://'
             WHEN g.status = 404 THEN 'no handler under this URL, or the video is gone'
             WHEN g.status = 429 THEN 'the handlers'' nginx limits this address; name it under geo $thumbnail_trusted'
             WHEN g.status IS NOT NULL THEN 'the log of nginx and of the handlers says why'
             WHEN g.timed_out THEN 'no worker was free'
             ELSE g.error END) ORDER BY g.posts DESC, g.status), '[]')
      FROM (SELECT r.status_code AS status, r.status_code IS NULL AND coalesce(r.timed_out, false) AS timed_out,
                   CASE WHEN r.status_code IS NULL AND r.timed_out IS NOT TRUE THEN left(coalesce(r.error_msg, 'no answer'), 100) END AS error,
                   count(*) AS posts, max(r.created) AS last_at
              FROM net._http_response AS r JOIN thumbnails.pg_net_posts AS p ON p.request_id = r.id AND p.at BETWEEN r.created - interval '1 hour' AND r.created + interval '1 hour'
             WHERE r.created > now() - interval '6 hours'
             GROUP BY 1, 2, 3) AS g$q$ INTO answers;
  RETURN answers;
EXCEPTION WHEN OTHERS OR assert_failure THEN
  RETURN jsonb_build_array(jsonb_build_object('problem', format('pg_net''s answers cannot be read: %s (%s)', SQLERRM, SQLSTATE)));
END
$$;

-- What is wrong with pg_net's queue, as a sentence; NULL where nothing is. A post that is lost is found by the next sweep.
CREATE OR REPLACE FUNCTION thumbnails.pg_net_queue_problem() RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  waits boolean := false;
BEGIN
  -- Its tables are unlogged, and not to be read on a standby.
  IF current_setting('in_hot_standby') = 'off' AND to_regclass('net.http_request_queue') IS NOT NULL THEN
    EXECUTE 'SELECT EXISTS (SELECT FROM net.http_request_queue AS q JOIN thumbnails.pg_net_posts AS p ON p.request_id = q.id
                             WHERE p.at BETWEEN statement_timestamp() - interval ''6 hours'' AND statement_timestamp() - interval ''5 minutes'')' INTO waits;
  END IF;
  RETURN CASE WHEN waits THEN 'pg_net sends nothing: posts of five minutes ago are still in its queue; SELECT net.worker_restart()' END;
EXCEPTION
  WHEN insufficient_privilege THEN
    RETURN NULL; -- It may be kept from us: its answers are looked at all the same.
  WHEN OTHERS THEN
    RETURN format('pg_net''s queue cannot be read: %s (%s)', SQLERRM, SQLSTATE);
END
$$;

-- What stands in the way of webhooks that the database sends itself, as sentences: a secret that the handlers do not know (theirs are given as
-- SHA-256 in hexadecimal), and what pg_net got back.
CREATE OR REPLACE FUNCTION thumbnails.delivery_problems(p_webhook_hash text, p_service_hash text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := CASE WHEN thumbnails.setting('webhook_secret') IS NULL THEN 'service_role_key' ELSE 'webhook_secret' END;
  ours text := CASE name WHEN 'webhook_secret' THEN p_webhook_hash ELSE p_service_hash END;
  problems jsonb := '[]'::jsonb;
BEGIN
  IF to_regnamespace('net') IS NULL OR thumbnails.setting('pg_net') = 'off' THEN
    RETURN problems;
  END IF;
  IF ours <> thumbnails.hash(thumbnails.setting(name)) THEN
    problems := problems || to_jsonb(format('system_config.%s is not the %s of the handlers: what pg_net posts is refused', name, upper(name)));
  END IF;
  -- Each refusal is in its video's history; whether the last post was one is what counts.
  problems := problems || coalesce((
    SELECT jsonb_agg(e.text) FROM (SELECT r.text, r.at FROM thumbnails.events AS r
                                    WHERE r.at > statement_timestamp() - interval '6 hours' AND r.class = 'configuration' AND r.text LIKE 'pg\_net refused%'
                                    ORDER BY r.at DESC LIMIT 1) AS e
     WHERE NOT EXISTS (SELECT FROM thumbnails.pg_net_posts AS p WHERE p.at > e.at)), '[]');
  problems := problems || coalesce(to_jsonb(thumbnails.pg_net_queue_problem()), '[]');
  RETURN problems || coalesce((
    SELECT jsonb_agg(CASE WHEN a.posts IS NULL THEN a.problem
                          ELSE format('pg_net: %s of the last %s posts %s: %s', a.posts, a.total,
                                      CASE WHEN a.status IS NOT NULL THEN 'were answered ' || a.status WHEN a.timed_out THEN 'timed out' ELSE 'failed' END, a.problem) END
                     ORDER BY a.posts DESC)
      FROM (SELECT (e ->> 'posts')::bigint AS posts, sum((e ->> 'posts')::bigint) OVER () AS total, e ->> 'status' AS status, (e ->> 'timedOut')::boolean AS timed_out,
                   e ->> 'problem' AS problem, e ->> 'lastAt' AS last_at, max(e ->> 'lastAt') FILTER (WHERE e ->> 'problem' IS NULL) OVER () AS delivered_at
              FROM jsonb_array_elements(thumbnails.pg_net_answers()) AS e) AS a
     -- What kept all of them away is over when one has arrived; what keeps some of them may come again.
     WHERE a.problem IS NOT NULL AND (a.posts IS NULL OR a.status = '429' OR a.timed_out OR a.delivered_at IS NULL OR a.last_at >= a.delivered_at)), '[]');
END
$$;

-- What statuses there are where no video is `completed`, as a sentence; NULL where one is, or all words are known.
CREATE OR REPLACE FUNCTION thumbnails.unknown_words() RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT 'a video is finished when its status is ''completed'', and none is: there are ' || string_agg(format('%L (%s)', w.word, w.videos), ', ')
            FROM (SELECT v.status::text AS word, count(*) AS videos FROM public.videos AS v GROUP BY 1 ORDER BY 2 DESC LIMIT 5) AS w
          HAVING bool_or(w.word NOT IN ('pending', 'processing', 'failed')) AND NOT EXISTS (SELECT FROM public.videos AS v WHERE v.status = 'completed'));
END
$$;

-- Writes a video as the platform would: of one that is there the state alone, for what its triggers do outside of the database where a URL changes
-- (delete the file that was there, say) nobody takes back; without a state it is made. False where a trigger keeps the row as it is.
CREATE OR REPLACE FUNCTION thumbnails.write_for_trial(p_id uuid, p_state text) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
  IF p_state IS NULL THEN
    INSERT INTO public.videos (id, status, video_url, thumbnail_url) VALUES (p_id, 'completed', 'https://trial.invalid/new.mp4', '');
  ELSE
    UPDATE public.videos AS v SET thumbnail_generation_status = p_state WHERE v.id OPERATOR(pg_catalog.=) p_id;
  END IF;
  RETURN FOUND;
END
$$;

-- A query for the names of the platform's CHECKs that refuse a video's picture ($1 its id) to be at a URL ($2). It writes nothing.
CREATE OR REPLACE FUNCTION thumbnails.checks_of_pictures() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(format('SELECT %L FROM (SELECT %s FROM public.videos AS v WHERE v.id = $1) AS videos WHERE NOT (%s)',
                                    c.conname, own.columns, pg_get_expr(c.conbin, c.conrelid)), ' UNION ALL '), 'SELECT NULL WHERE $1 IS NULL AND $2 IS NULL')
    FROM pg_constraint AS c
   CROSS JOIN LATERAL (SELECT string_agg(CASE a.attname WHEN 'thumbnail_url' THEN format('$2::%s AS thumbnail_url', format_type(a.atttypid, a.atttypmod))
                                                        ELSE format('%I', a.attname) END, ', ') AS columns,
                              bool_or(a.attname = 'thumbnail_url') AS names_it
                         FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS own
   WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND own.names_it
$$;

-- A trial for `--check`: one video goes through the triggers, the merge, a claim and its result, under the platform's own triggers and rules,
-- and all of it is rolled back. One that has a picture gets the same again. Answers NULL where it went well, else what stands in the way, for people.
-- `p_base_url` is where the store's pictures are seen: a platform may let in no others.
CREATE OR REPLACE FUNCTION thumbnails.trial(p_base_url text DEFAULT 'https://trial.invalid') RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  id uuid;
  old_state text;
  old_picture text;
  url text;
  claimed record;
  answer text;
  verdict text;
  last_hint bigint := (SELECT coalesce(max(i.id), 0) FROM thumbnails.inbox AS i);
BEGIN
  BEGIN
    PERFORM thumbnails.see_all();
    -- A video that nobody is at, rather one without a picture; else one made for the purpose.
    SELECT v.id INTO id FROM public.videos AS v
     WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
       AND NOT thumbnails.is_blank(v.video_url) AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF id IS NULL THEN
      SELECT v.id INTO id FROM public.videos AS v
       WHERE v.status = 'completed' AND NOT thumbnails.is_blank(v.video_url) AND NOT EXISTS (SELECT FROM thumbnails.jobs AS j WHERE j.video_id = v.id) LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF id IS NOT NULL THEN
      PERFORM thumbnails.merge(1000, id);
      SELECT s.state, s.picture INTO old_state, old_picture FROM thumbnails.seen AS s WHERE s.id = id;
      IF NOT thumbnails.write_for_trial(id, CASE WHEN old_state = 'pending' THEN 'failed' ELSE 'pending' END) THEN
        RAISE EXCEPTION 'a trigger of the platform''s keeps the row as it is' USING ERRCODE = 'TRIAL';
      END IF;
    ELSE
      verdict := thumbnails.unknown_words();
      IF verdict IS NOT NULL THEN
        RAISE EXCEPTION '%', verdict USING ERRCODE = 'TRIAL';
      END IF;
      id := gen_random_uuid();
      BEGIN
        PERFORM thumbnails.write_for_trial(id, NULL);
        IF NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = id) THEN
          RAISE EXCEPTION 'a trigger of the platform''s keeps it out, or gives it another id';
        END IF;
      EXCEPTION WHEN OTHERS OR assert_failure THEN
        RAISE EXCEPTION 'there is no finished video to try it with yet, and none can be made up: % (%)', SQLERRM, SQLSTATE USING ERRCODE = 'TRIAL';
      END;
    END IF;
    IF NOT EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id = id) THEN
      RAISE EXCEPTION '%', coalesce(thumbnails.trigger_problem(), 'the triggers on videos do not fire') USING ERRCODE = 'TRIAL';
    END IF;
    PERFORM thumbnails.merge(1000, id);
    -- It does not wait for its uploader's others.
    UPDATE thumbnails.jobs AS j SET tenant = '', due_at = clock_timestamp() WHERE j.video_id = id AND j.kind = 'thumbnail';
    SELECT c.outcome, c.token INTO claimed FROM thumbnails.claim(id, 30, NULL, NOT thumbnails.lacks(old_picture)) AS c;
    verdict := (SELECT e.text FROM thumbnails.events AS e WHERE e.video_id = id AND e.class = 'platform' AND e.xid = pg_current_xact_id()::text::bigint LIMIT 1);
    IF verdict IS NULL AND claimed.outcome <> 'claimed' THEN
      verdict := format('a finished video without a thumbnail cannot be claimed: %s', claimed.outcome);
    END IF;
    IF verdict IS NULL THEN
      url := format('%s/thumbnails/%s/0000000000000000-0.jpg', rtrim(p_base_url, '/'), id);
      IF NOT thumbnails.lacks(old_picture) THEN
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
    IF verdict IS NULL AND EXISTS (SELECT FROM thumbnails.inbox AS i WHERE i.video_id <> id AND i.id > last_hint AND i.xid = pg_current_xact_id() AND i.reason = 'finished'
                                      AND i.old_source IS NULL AND i.old_state IS NULL) THEN
      verdict := 'a trigger of the platform''s puts another finished video without a picture into videos whenever it writes to one: the work would have no '
                 'end. Keep old versions in a table of their own, or with another status';
    END IF;
    -- What a video with a picture cannot show, those show that wait for theirs.
    IF verdict IS NULL THEN
      verdict := (SELECT 'a result is kept, for the platform refuses it: ' || (j.result #>> '{refused,text}') FROM thumbnails.jobs AS j
                   WHERE j.result ? 'refused' ORDER BY j.due_at LIMIT 1);
    END IF;
    -- Nothing of it stays.
    RAISE EXCEPTION '%', coalesce(verdict, '') USING ERRCODE = 'TRIAL';
  EXCEPTION WHEN SQLSTATE 'TRIAL' THEN
    RETURN nullif(SQLERRM, '');
  WHEN OTHERS OR assert_failure THEN
    RETURN format('%s (%s)', SQLERRM, SQLSTATE);
  END;
END
$$;

DO $$
DECLARE
  all_tables text := (SELECT string_agg(p.pubname, ', ') FROM pg_publication p WHERE p.puballtables);
  -- Of all tables, or of those of the platform's schema.
  schemas oid[] := ARRAY(SELECT p.oid FROM pg_publication p
                          WHERE p.puballtables OR EXISTS (SELECT FROM pg_publication_namespace n WHERE n.pnpubid = p.oid AND n.pnnspid = 'public'::regnamespace));
  of_config text := (SELECT string_agg(p.pubname, ', ') FROM pg_publication p WHERE p.oid = ANY (schemas));
  of_videos text := (SELECT string_agg(p.pubname, ', ') FROM pg_publication p
                      WHERE p.oid = ANY (schemas) OR EXISTS (SELECT FROM pg_publication_rel r
                                                              WHERE r.prpubid = p.oid AND r.prrelid = 'public.videos'::regclass AND r.prattrs IS NULL));
BEGIN
  IF thumbnails.unknown_words() IS NOT NULL THEN
    RAISE WARNING '%', thumbnails.unknown_words();
  END IF;
  IF of_videos IS NOT NULL THEN
    RAISE WARNING 'publications of videos (%) are of its eight new columns, too: a subscriber that is PostgreSQL stops at the next row until its table has them. '
                 'Add them there as well, or publish a list of columns', of_videos;
  END IF;
  IF of_config IS NOT NULL THEN
    RAISE WARNING 'publications (%) are of system_config, too, and so of the secrets in it', of_config;
  END IF;
  IF all_tables IS NOT NULL THEN
    RAISE WARNING 'publications of all tables (%) are of those in the schema thumbnails, too: their subscribers stop at the first row of a table they lack. '
                 'Make the schema there as well (pg_dump --schema-only --schema=thumbnails)', all_tables;
  END IF;
END
$$;

DO $$
DECLARE
  setting text;
BEGIN
  -- The path the platform's triggers are written for: that of the other functions that write.
  FOR setting IN SELECT unnest(p.proconfig) FROM pg_proc AS p WHERE p.oid = 'thumbnails.write_picture(uuid, text, text, text, jsonb, integer, timestamptz)'::regprocedure LOOP
    IF setting LIKE 'search\_path=%' THEN
      EXECUTE 'ALTER FUNCTION thumbnails.write_for_trial(uuid, text) SET search_path = ' || substr(setting, 13);
    END IF;
  END LOOP;
  PERFORM thumbnails.hand_out(ARRAY['thumbnails.delivery_problems(text, text)', 'thumbnails.trial(text)']::regprocedure[]);
END
$$;
