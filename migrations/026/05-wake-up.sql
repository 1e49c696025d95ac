-- Wakes the relay, without the cost of NOTIFY (a global lock at commit) while it is awake anyway. A sleeping relay holds the key exclusively,
-- so the shared try fails exactly when somebody has to be told; an awake relay cannot fall asleep while this transaction holds the key
-- shared. Where transactions may be prepared neither is done, for PREPARE TRANSACTION refuses both: the relay polls there.
CREATE OR REPLACE FUNCTION thumbnails.wake_relay() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF pg_catalog.current_setting('max_prepared_transactions') = '0'
     AND NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key()) THEN
    PERFORM pg_catalog.pg_notify('thumbnails', '');
  END IF;
END
$$;

-- Posts a webhook by pg_net; false where there is none, it is not wanted (`pg_net` = off in system_config), or it fails. Its queue rows are
-- readable, unlogged and never retried: the job stays due, whatever becomes of the post.
CREATE OR REPLACE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  base_url text := coalesce(thumbnails.setting('thumbnail_handlers_url'), thumbnails.setting('supabase_url'));
  secret text := thumbnails.setting('webhook_secret');
BEGIN
  IF to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') IS NULL OR thumbnails.setting('pg_net') = 'off'
     OR thumbnails.missing_configuration() IS NOT NULL OR NOT thumbnails.enabled() THEN
    RETURN false;
  END IF;
  IF secret IS NULL THEN
    secret := thumbnails.setting('service_role_key');
    INSERT INTO thumbnails.events (video_id, class, text)
    VALUES (p_video_id, 'configuration', 'system_config.webhook_secret is not set: the service key travels through pg_net''s readable queue');
  END IF;
  EXECUTE 'SELECT net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := $4)'
    USING rtrim(base_url, '/') || '/functions/v1/auto-generate-thumbnail',
          jsonb_build_object('videoId', p_video_id),
          jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || secret, 'Prefer', 'respond-async'),
          5000;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  INSERT INTO thumbnails.events (video_id, class, text)
  VALUES (p_video_id, 'configuration', format('pg_net refused the webhook: %s (%s)', SQLERRM, SQLSTATE));
  RETURN false;
END
$$;
