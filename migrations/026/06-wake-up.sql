-- Wakes the relay, without the cost of NOTIFY if it is awake anyway: a sleeping relay holds the lock exclusively, and an awake one cannot fall asleep while
-- this transaction holds it shared. If transactions can be prepared, neither is done, since PREPARE TRANSACTION allows neither; the relay then polls. And
-- no transaction that notifies can be committed while the server's queue is full, as a listener that stays in a transaction makes it.
CREATE OR REPLACE FUNCTION thumbnails.wake_relay() RETURNS void
LANGUAGE sql AS $$
  SELECT CASE WHEN pg_catalog.current_setting('max_prepared_transactions') OPERATOR(pg_catalog.=) '0'
                   AND NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key())
                   AND pg_catalog.pg_notification_queue_usage() OPERATOR(pg_catalog.<) 0.9 THEN pg_catalog.pg_notify('thumbnails', '') END
$$;

-- Who owns what we call and read of pg_net, or may create in its schema, where 0 is everybody: any role may have made it. NULL if there is no pg_net.
CREATE OR REPLACE FUNCTION thumbnails.makers_of_pg_net() RETURNS oid[]
LANGUAGE plpgsql STABLE AS $$
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

-- Posts a webhook by pg_net; false if there is none to be trusted, it is off in system_config (`pg_net`), or it fails. A webhook is only a wake-up: a
-- transaction posts four at most, and none after a failure, so that pg_net costs it half a second at most. pg_net sends nothing more, not even the
-- platform's posts, until a batch is answered, so ours time out after 10 seconds.
-- If neither `thumbnail_handlers_url` nor `webhook_secret` is set, the platform's original function may be called, and gets what it needs.
CREATE OR REPLACE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
  posted integer := coalesce(nullif(current_setting('thumbnails.pg_net_posted', true), '')::integer, 0);
  base_url text;
  secret text;
  is_original boolean;
BEGIN
  -- Not in DECLARE, whose exceptions are not caught.
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
  -- Posts to the original's function are not counted, since it makes only the one video.
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
$$;
