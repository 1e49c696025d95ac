-- Thumbnail generation with fault tolerance: columns, triggers, the state machine, the outbox, functions and views.
--
-- migrate: own-transactions
--
-- Plain SQL without psql meta-commands, so it can be pasted into an SQL editor. It can run any number of times. What
-- needs a strong lock on `videos` is one short transaction with a lock timeout: if another session holds the table,
-- this stops with an error and changes nothing; run it again. Indexes are in 027, the back-fill of old rows in 028.

BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '5s';

DO $$
BEGIN
  IF to_regclass('public.videos') IS NULL THEN
    RAISE EXCEPTION 'there is no table public.videos'
      USING HINT = 'On a fresh database apply 001_baseline.sql first (scripts/migrate does).';
  END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------------------

-- Everything internal lives here and is closed to everybody but the owner and the handlers' role.
CREATE SCHEMA IF NOT EXISTS thumbnails;
REVOKE ALL ON SCHEMA thumbnails FROM PUBLIC;

CREATE TABLE IF NOT EXISTS public.system_config (
  key         text PRIMARY KEY,
  value       text NOT NULL,
  description text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE public.videos
  ADD COLUMN IF NOT EXISTS thumbnail_generation_status text,
  ADD COLUMN IF NOT EXISTS thumbnail_generation_error text,
  ADD COLUMN IF NOT EXISTS thumbnail_generation_attempts integer DEFAULT 0,
  ADD COLUMN IF NOT EXISTS thumbnail_generation_started_at timestamptz,
  ADD COLUMN IF NOT EXISTS thumbnail_generation_last_attempt_at timestamptz,
  ADD COLUMN IF NOT EXISTS thumbnail_generated_at timestamptz,
  ADD COLUMN IF NOT EXISTS thumbnail_metadata jsonb DEFAULT '{}',
  -- Failure class of `thumbnail_generation_error`; NULL where another program wrote the error.
  ADD COLUMN IF NOT EXISTS thumbnail_generation_error_code text,
  -- When the row wants a worker again; NULL while one has it, when done, and when only a person can restart it.
  ADD COLUMN IF NOT EXISTS thumbnail_generation_next_attempt_at timestamptz,
  -- Fencing token and end of the lease of the claim that holds the row; both NULL when none does.
  ADD COLUMN IF NOT EXISTS thumbnail_generation_claim_token bigint,
  ADD COLUMN IF NOT EXISTS thumbnail_generation_lease_until timestamptz,
  -- How often an attempt was given back because storage or configuration was at fault.
  ADD COLUMN IF NOT EXISTS thumbnail_generation_releases integer DEFAULT 0;

-- The original's `CHECK (x IN (NULL, …))` rejects nothing: whatever CHECK stands on the column is replaced by ours.
DO $$
DECLARE
  old_constraint name;
BEGIN
  FOR old_constraint IN
    SELECT c.conname
      FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
     WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c'
       AND a.attname = 'thumbnail_generation_status'
       AND c.conname NOT IN ('videos_thumbnail_generation_status_valid', 'videos_thumbnail_generation_claim_valid')
  LOOP
    EXECUTE format('ALTER TABLE public.videos DROP CONSTRAINT %I', old_constraint);
  END LOOP;

  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass
                                             AND conname = 'videos_thumbnail_generation_status_valid') THEN
    ALTER TABLE public.videos ADD CONSTRAINT videos_thumbnail_generation_status_valid
      CHECK (thumbnail_generation_status IS NULL
             OR thumbnail_generation_status IN ('pending', 'processing', 'completed', 'failed')) NOT VALID;
  END IF;

  -- Token and lease belong together, and only a row in work has them.
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass
                                             AND conname = 'videos_thumbnail_generation_claim_valid') THEN
    ALTER TABLE public.videos ADD CONSTRAINT videos_thumbnail_generation_claim_valid
      CHECK ((thumbnail_generation_claim_token IS NULL) = (thumbnail_generation_lease_until IS NULL)
             AND (thumbnail_generation_claim_token IS NULL
                  OR thumbnail_generation_status IS NOT DISTINCT FROM 'processing')) NOT VALID;
  END IF;
END
$$;

-- Fencing tokens and outbox versions. A sequence, not the attempt number: attempts are given back and so repeat (ABA).
CREATE SEQUENCE IF NOT EXISTS thumbnails.tokens AS bigint;

-- The outbox: at most one row per video, without secrets. The row of the video is the promise; this is a hint with a
-- due time. Every upsert takes a new version, so that a late reply to an older delivery cannot undo a newer trigger.
CREATE TABLE IF NOT EXISTS public.thumbnail_webhooks (
  video_id     uuid PRIMARY KEY,
  due_at       timestamptz NOT NULL,
  version      bigint NOT NULL,
  leased_until timestamptz,
  deliveries   integer NOT NULL DEFAULT 0
);
-- Room on each page for the version that a lease makes (HOT), and a queue's dead rows are cleared early.
ALTER TABLE public.thumbnail_webhooks SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
ALTER TABLE public.thumbnail_webhooks ENABLE ROW LEVEL SECURITY;
CREATE INDEX IF NOT EXISTS thumbnail_webhooks_due ON public.thumbnail_webhooks (due_at);

-- Every transition, for people and for the auditor of the tests.
CREATE TABLE IF NOT EXISTS thumbnails.events (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  video_id    uuid NOT NULL,
  from_status text,
  to_status   text,
  token       bigint,
  attempt     integer,
  class       text,
  text        text,
  duration    interval,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (video_id, id)
);
ALTER TABLE thumbnails.events
  -- What a completed attempt cost: seconds of the chosen frame, bytes, requests, milliseconds of each stage.
  ADD COLUMN IF NOT EXISTS detail jsonb,
  -- The transaction that wrote the event: what is below the oldest one still running can be added up once and for all.
  ADD COLUMN IF NOT EXISTS xid bigint;
ALTER TABLE thumbnails.events ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX IF NOT EXISTS events_recent ON thumbnails.events USING brin (at, xid) WITH (autosummarize = on);
-- What earlier versions of this file made.
DROP INDEX IF EXISTS thumbnails.events_at, thumbnails.events_xid;

-- The history added up by the hour: it outlives the events, so counters never go back. Hour '-infinity' holds what is too old for a
-- chart.
CREATE TABLE IF NOT EXISTS thumbnails.hourly_totals (
  hour    timestamptz,
  measure text,
  label   text,
  -- Exact: sums of floating-point numbers depend on their order, and a counter must never go back.
  value   numeric NOT NULL,
  PRIMARY KEY (hour, measure, label)
);

-- Events of transactions before `folded_before` are in `hourly_totals`, the others are not.
CREATE TABLE IF NOT EXISTS thumbnails.totals_position (
  is_only       boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  folded_before bigint NOT NULL DEFAULT 0
);
INSERT INTO thumbnails.totals_position DEFAULT VALUES ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS thumbnails.last_sweep (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  at      timestamptz NOT NULL,
  retried integer NOT NULL,
  skipped integer NOT NULL,
  lost    integer NOT NULL
);

-- Objects nobody points to any more; the garbage collector removes them after `not_before`.
CREATE TABLE IF NOT EXISTS thumbnails.object_deletions (
  key        text PRIMARY KEY,
  video_id   uuid NOT NULL,
  not_before timestamptz NOT NULL
);

-- One row per class of fault that is not the video's (storage, configuration): written by release, read by claim.
CREATE TABLE IF NOT EXISTS thumbnails.breakers (
  class       text PRIMARY KEY,
  consecutive integer NOT NULL,
  video_ids   uuid[] NOT NULL,
  open_until  timestamptz,
  probe_until timestamptz,
  last_error  text,
  updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The original's functions and views, where a result, a parameter's name or a column differs: those cannot be replaced in place.
-- Dropped here and made below, in one transaction; what depends on them stops this with an error that says so.
DO $$
DECLARE
  other record;
BEGIN
  FOR other IN
    SELECT format('FUNCTION %s', p.oid::regprocedure) AS what
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND (p.proname, coalesce(array_to_string(p.proargtypes::regtype[], ','), '')) IN
           (('auto_retry_stuck_thumbnails', ''), ('manually_trigger_thumbnail_generation', 'uuid'), ('batch_trigger_thumbnail_generation', 'integer'))
       AND (p.prorettype <> 'json'::regtype OR p.proretset
            OR coalesce(p.proargnames[1], '') <> CASE p.proname WHEN 'manually_trigger_thumbnail_generation' THEN 'video_id'
                                                                WHEN 'batch_trigger_thumbnail_generation' THEN 'batch_size' ELSE '' END)
    UNION ALL
    SELECT format('VIEW public.%I', c.relname)
      FROM (VALUES ('thumbnail_generation_health', 'completed_count bigint, failed_count bigint, processing_count bigint, pending_count bigint, '
                      'needs_generation_count bigint, success_rate_percent numeric, avg_generation_time_seconds numeric'),
                   ('thumbnail_generation_failures', 'thumbnail_generation_error text, failure_count bigint, '
                      'last_occurrence timestamp with time zone, recent_video_ids uuid[]'),
                   ('videos_need_thumbnail_generation', NULL)) AS ours (name, columns)
      JOIN pg_class c ON c.relname = ours.name AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
     WHERE ours.columns IS DISTINCT FROM (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                                            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
       -- The types of its columns are those of the platform's table: by their names.
       AND (ours.columns IS NOT NULL
            OR (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
               <> 'id,title,video_url,status,thumbnail_url,thumbnail_generation_status,thumbnail_generation_error,'
                  'thumbnail_generation_attempts,thumbnail_generation_last_attempt_at,minutes_since_last_attempt,created_at')
  LOOP
    EXECUTE 'DROP ' || other.what;
  END LOOP;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Constants and pure functions
-- ---------------------------------------------------------------------------------------------------------------------

-- The functions of one expression have no search_path of their own: they name no object, and with one they could not be inlined.

-- Attempts a video gets before it is failed for good.
CREATE OR REPLACE FUNCTION thumbnails.max_attempts() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 3 $$;

-- Advisory lock that says "the relay sleeps" while held exclusively, and "a transaction with due webhooks is open"
-- while held shared.
CREATE OR REPLACE FUNCTION thumbnails.wake_up_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026001 $$;

-- Advisory lock of the running sweep.
CREATE OR REPLACE FUNCTION thumbnails.sweep_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026002 $$;

-- Advisory lock of whoever adds up the history.
CREATE OR REPLACE FUNCTION thumbnails.totals_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026005 $$;

-- Advisory lock of whoever moves the sequence of tokens.
CREATE OR REPLACE FUNCTION thumbnails.sequence_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026004 $$;

-- Delay before the next attempt after `attempt` failed ones (1 or 2): 1–2 min, then 20–40 min (equal jitter, `jitter` in
-- [0, 1)), or what the origin asked for with Retry-After if that is longer, at most 40 min: an outage of twenty minutes
-- must not use up a new video's attempts, and recovery stays within the hour.
CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision)
RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT make_interval(secs => least(2400, greatest(
    CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
    coalesce(retry_after_seconds, 0))))
$$;

-- Delay after the n-th time an attempt was given back: 10 s doubling to 5 min, equal jitter.
CREATE OR REPLACE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2)
$$;

-- How long a breaker stays open after so many faults in a row: it opens at 5, 10 s doubling to 5 min; NULL below that.
CREATE OR REPLACE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN consecutive >= 5
              THEN make_interval(secs => least(300, 10 * power(2, least(consecutive - 5, 10)))) END
$$;

-- Delay before an undelivered webhook is posted again: 1 s doubling to 60 s, equal jitter.
CREATE OR REPLACE FUNCTION thumbnails.delivery_delay(deliveries integer, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT make_interval(secs => least(60, power(2, least(greatest(deliveries, 1), 10) - 1)) * (1 + jitter) / 2)
$$;

-- What is called in every transaction is PL/pgSQL, whose plans a session keeps; those of SQL functions are made at each call.

-- A value of system_config; NULL where it is absent or blank.
CREATE OR REPLACE FUNCTION thumbnails.setting(name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT nullif(btrim(value), '') FROM public.system_config WHERE key = name);
END
$$;

-- Whether generation is on (unless `auto_thumbnail_enabled` says otherwise), and the keys system_config lacks, as a sentence
-- for people (NULL when it is complete): one look at the table. A view, for a function would cost its callers as much again.
CREATE OR REPLACE VIEW thumbnails.readiness AS
SELECT looked.enabled,
       CASE WHEN NOT (looked.has_url AND looked.has_secret)
            THEN 'Missing configuration in system_config: '
                 || concat_ws(', ', CASE WHEN NOT looked.has_url THEN 'supabase_url' END, CASE WHEN NOT looked.has_secret THEN 'service_role_key' END)
       END AS missing
  FROM (SELECT coalesce(bool_and(lower(btrim(c.value)) NOT IN ('false', 'off', 'no', '0')) FILTER (WHERE c.key = 'auto_thumbnail_enabled'), true) AS enabled,
               coalesce(bool_or(c.key IN ('thumbnail_handlers_url', 'supabase_url')), false) AS has_url,
               coalesce(bool_or(c.key IN ('webhook_secret', 'service_role_key')), false) AS has_secret
          FROM public.system_config c
         WHERE btrim(c.value) <> '') AS looked;

CREATE OR REPLACE FUNCTION thumbnails.enabled() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT r.enabled FROM thumbnails.readiness r $$;

CREATE OR REPLACE FUNCTION thumbnails.missing_configuration() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT r.missing FROM thumbnails.readiness r $$;

-- The object key inside a public URL of ours, or NULL: `thumbnails/<videoId>/<content hash>-<claim token>.<ext>`.
CREATE OR REPLACE FUNCTION thumbnails.object_key(url text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substring(url FROM 'thumbnails/[0-9a-f-]{36}/[0-9a-f]+-[0-9]+\.[a-z]+$')
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The outbox
-- ---------------------------------------------------------------------------------------------------------------------

-- Wakes the relay, without the cost of NOTIFY (a global lock at commit) while it is awake anyway. A sleeping relay
-- holds the key exclusively, so the shared try fails exactly when somebody has to be told; an awake relay cannot fall
-- asleep while this transaction holds the key shared. It has the search_path of the functions that call it: one of its own would cost
-- more than what it does.
CREATE OR REPLACE FUNCTION thumbnails.wake_relay() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_catalog.pg_try_advisory_xact_lock_shared(thumbnails.wake_up_key()) THEN
    PERFORM pg_catalog.pg_notify('thumbnail_webhooks', '');
  END IF;
END
$$;

-- Announces a video: one upsert with a new version that takes the row from whoever was delivering it.
CREATE OR REPLACE FUNCTION thumbnails.enqueue(p_video_id uuid, p_due_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
  VALUES (p_video_id, p_due_at, nextval('thumbnails.tokens'))
  ON CONFLICT (video_id) DO UPDATE
    SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0;
END
$$;

-- Takes up to `p_limit` due webhooks for `p_lease_seconds`, oldest first. Nothing while generation is switched off.
-- SKIP LOCKED: two deliverers never wait for each other. A lease, or a settlement, lost in a crash of the server only posts a
-- webhook once more, so neither waits for the disk.
CREATE OR REPLACE FUNCTION thumbnails.lease_webhooks(p_limit integer, p_lease_seconds double precision)
RETURNS TABLE (video_id uuid, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN;
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT w.video_id
      FROM public.thumbnail_webhooks w
     WHERE w.due_at <= clock_timestamp()
       AND (w.leased_until IS NULL OR w.leased_until <= clock_timestamp())
     ORDER BY w.due_at
     LIMIT p_limit
       FOR UPDATE SKIP LOCKED
  )
  UPDATE public.thumbnail_webhooks w
     SET leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds), deliveries = w.deliveries + 1
   WHERE w.video_id = ANY (ARRAY(SELECT d.video_id FROM due d))
  RETURNING w.video_id, w.version;
END
$$;

-- What the deliverer does after replies, and nothing else. One element an answered post: `p_done` says that nothing is left to
-- do; otherwise the row is due again after `p_delay_seconds`, or after a growing delay where that is null. A row that has
-- another version by now was announced anew and is left alone; so is one that another transaction holds, for that announces it.
-- Answers how many rows were still those that had been posted.
CREATE OR REPLACE FUNCTION thumbnails.settle_webhooks(
  p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[])
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  settled integer;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  WITH held AS MATERIALIZED (
    SELECT w.video_id, r.done, r.delay_seconds
      FROM unnest(p_video_ids, p_versions, p_done, p_delay_seconds) AS r (video_id, version, done, delay_seconds)
      JOIN public.thumbnail_webhooks w ON w.video_id = r.video_id AND w.version = r.version
       FOR UPDATE OF w SKIP LOCKED
  ), deleted AS (
    DELETE FROM public.thumbnail_webhooks w
     WHERE w.video_id = ANY (ARRAY(SELECT h.video_id FROM held h WHERE h.done))
  ), postponed AS (
    UPDATE public.thumbnail_webhooks w
       SET leased_until = NULL,
           due_at = clock_timestamp() + coalesce(make_interval(secs => h.delay_seconds),
                                                 thumbnails.delivery_delay(w.deliveries, random()))
      FROM held h
     WHERE NOT h.done AND w.video_id = h.video_id
  )
  SELECT count(*) INTO settled FROM held;
  RETURN settled;
END
$$;
DROP FUNCTION IF EXISTS thumbnails.settle_webhook(uuid, bigint, boolean, double precision);

-- Both in one statement: what a busy deliverer sends.
CREATE OR REPLACE FUNCTION thumbnails.settle_and_lease_webhooks(
  p_video_ids uuid[], p_versions bigint[], p_done boolean[], p_delay_seconds double precision[],
  p_limit integer, p_lease_seconds double precision)
RETURNS TABLE (video_id uuid, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF cardinality(p_video_ids) > 0 THEN
    PERFORM thumbnails.settle_webhooks(p_video_ids, p_versions, p_done, p_delay_seconds);
  END IF;
  IF p_limit > 0 THEN
    RETURN QUERY SELECT * FROM thumbnails.lease_webhooks(p_limit, p_lease_seconds);
  END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------------------------------------------------

-- Decides the state of a row the platform writes. Assignments only: what is written to NEW in an AFTER trigger would be
-- discarded. Runs with the writer's own rights.
CREATE OR REPLACE FUNCTION thumbnails.videos_before_write() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  finished boolean := NEW.status IS NOT DISTINCT FROM 'completed';
  lacks boolean := NEW.thumbnail_url IS NULL OR NEW.thumbnail_url LIKE 'data:image/svg%';
  restart boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.thumbnail_generation_claim_token IS DISTINCT FROM OLD.thumbnail_generation_claim_token THEN
    -- Claim, complete, fail and release change the token; the platform never does.
    RETURN NEW;
  END IF;

  IF TG_OP = 'INSERT' THEN
    IF lacks THEN
      -- A state that came with the row (a restored dump, another program) is respected.
      restart := finished AND NEW.thumbnail_generation_status IS NULL;
    ELSIF NEW.thumbnail_generation_status IS NULL THEN
      NEW.thumbnail_generation_status := 'completed';
      NEW.thumbnail_metadata := CASE WHEN jsonb_typeof(NEW.thumbnail_metadata) = 'object' THEN NEW.thumbnail_metadata ELSE '{}' END
                                || '{"source": "external"}';
    END IF;
  ELSIF NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url AND NOT lacks THEN
    -- A real thumbnail from outside completes the row; a worker that has it is fenced off by the missing token.
    IF OLD.thumbnail_generation_claim_token IS NOT NULL
       OR OLD.thumbnail_generation_status IS DISTINCT FROM 'processing' THEN
      NEW.thumbnail_generation_started_at := NULL;
      NEW.thumbnail_metadata := '{"source": "external"}';
    END IF;
    NEW.thumbnail_generation_status := 'completed';
    NEW.thumbnail_generated_at := clock_timestamp();
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_error_code := NULL;
    NEW.thumbnail_generation_next_attempt_at := NULL;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    -- A new video in the same statement still needs its own picture.
    restart := false;
  ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
    restart := (finished OR OLD.thumbnail_generation_status IS NOT NULL) AND (lacks OR NEW.video_url IS NOT NULL);
  ELSIF finished AND lacks AND OLD.thumbnail_url IS DISTINCT FROM NEW.thumbnail_url
        AND NOT (OLD.thumbnail_url IS NULL OR OLD.thumbnail_url LIKE 'data:image/svg%') THEN
    restart := true;
  ELSIF finished AND OLD.status IS DISTINCT FROM 'completed' THEN
    -- A worker that has the row keeps it; a row that waited for the video to be finished is announced now.
    restart := (lacks OR NEW.thumbnail_generation_status IS NOT DISTINCT FROM 'pending')
               AND NEW.thumbnail_generation_claim_token IS NULL;
  END IF;

  IF restart THEN
    NEW.thumbnail_generation_attempts := 0;
    NEW.thumbnail_generation_releases := 0;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    -- Another program may have put anything here: what is no object would end the platform's own statement.
    NEW.thumbnail_metadata := CASE WHEN jsonb_typeof(NEW.thumbnail_metadata) = 'object'
                                   THEN NEW.thumbnail_metadata #- '{requested,timeSeconds}' ELSE '{}' END;
    IF NEW.video_url IS NULL THEN
      NEW.thumbnail_generation_status := 'failed';
      NEW.thumbnail_generation_error := 'Video URL is null';
      NEW.thumbnail_generation_error_code := 'media';
      NEW.thumbnail_generation_next_attempt_at := NULL;
    ELSE
      NEW.thumbnail_generation_status := 'pending';
      NEW.thumbnail_generation_error := NULL;
      NEW.thumbnail_generation_error_code := NULL;
      NEW.thumbnail_generation_next_attempt_at := clock_timestamp();
    END IF;
  END IF;
  RETURN NEW;
END
$$;

-- `anon` and `authenticated` write their videos, not our state; and nobody does with a row in work what no correct writer does: put back
-- an older claim, or call it completed without a picture.
CREATE OR REPLACE FUNCTION thumbnails.videos_guard_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'anon' AND current_user <> 'authenticated' THEN
    IF TG_OP = 'UPDATE' AND OLD.thumbnail_generation_claim_token IS NOT NULL THEN
      IF NEW.thumbnail_generation_claim_token < OLD.thumbnail_generation_claim_token THEN
        RAISE EXCEPTION 'the claim token of video % never goes back', OLD.id USING ERRCODE = 'check_violation';
      ELSIF NEW.thumbnail_generation_status = 'completed' AND NEW.thumbnail_url IS NULL THEN
        RAISE EXCEPTION 'video % cannot be completed without a thumbnail', OLD.id USING ERRCODE = 'check_violation';
      END IF;
    END IF;
  ELSIF TG_OP = 'INSERT' THEN
    NEW.thumbnail_generation_status := NULL;
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_attempts := 0;
    NEW.thumbnail_generation_started_at := NULL;
    NEW.thumbnail_generation_last_attempt_at := NULL;
    NEW.thumbnail_generated_at := NULL;
    NEW.thumbnail_metadata := '{}';
    NEW.thumbnail_generation_error_code := NULL;
    NEW.thumbnail_generation_next_attempt_at := NULL;
    NEW.thumbnail_generation_claim_token := NULL;
    NEW.thumbnail_generation_lease_until := NULL;
    NEW.thumbnail_generation_releases := 0;
  ELSE
    NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
    NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
    NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
    NEW.thumbnail_generation_started_at := OLD.thumbnail_generation_started_at;
    NEW.thumbnail_generation_last_attempt_at := OLD.thumbnail_generation_last_attempt_at;
    NEW.thumbnail_generated_at := OLD.thumbnail_generated_at;
    NEW.thumbnail_metadata := OLD.thumbnail_metadata;
    NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
    NEW.thumbnail_generation_next_attempt_at := OLD.thumbnail_generation_next_attempt_at;
    NEW.thumbnail_generation_claim_token := OLD.thumbnail_generation_claim_token;
    NEW.thumbnail_generation_lease_until := OLD.thumbnail_generation_lease_until;
    NEW.thumbnail_generation_releases := OLD.thumbnail_generation_releases;
  END IF;
  RETURN NEW;
END
$$;

-- Posts a webhook by pg_net; false where there is none, or it fails. Its queue rows are readable, unlogged and never retried: the
-- outbox stays responsible, a minute later.
CREATE OR REPLACE FUNCTION thumbnails.post_by_pg_net(p_video_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  base_url text := coalesce(thumbnails.setting('thumbnail_handlers_url'), thumbnails.setting('supabase_url'));
  secret text := thumbnails.setting('webhook_secret');
BEGIN
  IF to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') IS NULL THEN
    RETURN false;
  END IF;
  IF secret IS NULL THEN
    secret := thumbnails.setting('service_role_key');
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, 'pending', 'pending', 0, 'configuration',
            'system_config.webhook_secret is not set: the service key travels through pg_net''s readable queue');
  END IF;
  EXECUTE 'SELECT net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := $4)'
    USING rtrim(base_url, '/') || '/functions/v1/auto-generate-thumbnail',
          jsonb_build_object('videoId', p_video_id),
          jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || secret,
                             'Prefer', 'respond-async'),
          5000;
  UPDATE public.thumbnail_webhooks SET due_at = clock_timestamp() + interval '60 seconds' WHERE video_id = p_video_id;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (p_video_id, 'pending', 'pending', 0, 'configuration', 'pg_net refused the webhook: ' || SQLERRM);
  RETURN false;
END
$$;

-- After the platform has written a row: what has just become due is announced (outbox, wake-up, and pg_net where it exists), any other
-- change of state that the BEFORE trigger made of the write is noted in the history. Whatever goes wrong here never aborts the platform's
-- own transaction: the row already says `pending` with a due time, so polling finds it.
CREATE OR REPLACE FUNCTION thumbnails.videos_after_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  from_status text;
  from_due_at timestamptz;
  ready record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    from_status := OLD.thumbnail_generation_status;
    from_due_at := OLD.thumbnail_generation_next_attempt_at;
  END IF;

  IF NEW.status IS DISTINCT FROM 'completed' OR NEW.thumbnail_generation_status IS DISTINCT FROM 'pending'
     OR NEW.thumbnail_generation_next_attempt_at IS NOT DISTINCT FROM from_due_at THEN
    IF NEW.thumbnail_generation_status IS NOT DISTINCT FROM from_status THEN
      RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
      -- A row that came with its state and with a time to go on is no event of its life.
      IF NEW.thumbnail_generation_next_attempt_at IS NOT NULL THEN
        RETURN NULL;
      END IF;
    ELSIF NEW.thumbnail_generation_claim_token IS DISTINCT FROM OLD.thumbnail_generation_claim_token
          AND NEW.thumbnail_generation_status = 'completed' AND NEW.thumbnail_metadata ->> 'source' IS DISTINCT FROM 'external' THEN
      -- A worker's result: complete() notes it.
      RETURN NULL;
    END IF;
    -- Without the token, even of a claim this ended: an event with a token is what that claim itself did.
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (NEW.id, from_status, NEW.thumbnail_generation_status, NEW.thumbnail_generation_attempts,
            coalesce(NEW.thumbnail_generation_error_code, 'external'), coalesce(NEW.thumbnail_generation_error, 'set by another program'));
    RETURN NULL;
  END IF;

  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt)
  VALUES (NEW.id, from_status, 'pending', 0);

  SELECT r.enabled, r.missing INTO ready FROM thumbnails.readiness r;
  IF NOT ready.enabled THEN
    RETURN NULL;
  END IF;

  INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
  VALUES (NEW.id, clock_timestamp(), nextval('thumbnails.tokens'))
  ON CONFLICT (video_id) DO UPDATE
    SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0;

  IF ready.missing IS NOT NULL THEN
    UPDATE public.videos
       SET thumbnail_generation_error = ready.missing, thumbnail_generation_error_code = 'configuration'
     WHERE id = NEW.id;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (NEW.id, 'pending', 'pending', 0, 'configuration', ready.missing);
  END IF;

  -- The schema is asked for before the call, for most have none, and that look is the cheaper one.
  IF ready.missing IS NULL AND to_regnamespace('net') IS NOT NULL AND thumbnails.post_by_pg_net(NEW.id) THEN
    NULL;
  ELSE
    PERFORM thumbnails.wake_relay();
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'thumbnail of video % could not be announced or noted, polling finds what is due: %', NEW.id, SQLERRM;
  RETURN NULL;
END
$$;

-- Notes in the history what another program that knows the state's columns, but no tokens, made of a row by them alone; our own functions
-- note what they do.
CREATE OR REPLACE FUNCTION thumbnails.videos_after_state() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.thumbnail_generation_status IS NOT DISTINCT FROM OLD.thumbnail_generation_status
     -- What came with a change of the platform's columns is noted with it.
     OR (NEW.status, NEW.video_url, NEW.thumbnail_url) IS DISTINCT FROM (OLD.status, OLD.video_url, OLD.thumbnail_url)
     -- Made waiting by a trigger by hand or a sweep.
     OR (NEW.thumbnail_generation_status = 'pending'
         AND NEW.thumbnail_generation_next_attempt_at IS DISTINCT FROM OLD.thumbnail_generation_next_attempt_at)
     -- A back-fill is no event of a video's life.
     OR NEW.thumbnail_metadata ->> 'source' = 'backfill' THEN
    RETURN NULL;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (NEW.id, OLD.thumbnail_generation_status, NEW.thumbnail_generation_status, NEW.thumbnail_generation_attempts,
          coalesce(NEW.thumbnail_generation_error_code, 'external'), coalesce(NEW.thumbnail_generation_error, 'set by another program'));
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'a change of video % is missing in its history: %', NEW.id, SQLERRM;
  RETURN NULL;
END
$$;

-- A deleted video needs no thumbnail: its announcement goes with it, its object is left to the garbage collector.
CREATE OR REPLACE FUNCTION thumbnails.videos_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.thumbnail_webhooks WHERE video_id = OLD.id;
  IF thumbnails.object_key(OLD.thumbnail_url) IS NOT NULL THEN
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    VALUES (thumbnails.object_key(OLD.thumbnail_url), OLD.id, clock_timestamp() + interval '24 hours')
    ON CONFLICT (key) DO NOTHING;
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'traces of deleted video % were left behind: %', OLD.id, SQLERRM;
  RETURN NULL;
END
$$;

-- The original's triggers (its migrations 021 to 031) would send a second webhook for every video: they go, by their names
-- and by what their functions call.
DO $$
DECLARE
  old_trigger name;
BEGIN
  FOR old_trigger IN
    SELECT t.tgname
      FROM pg_trigger t
      JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgrelid = 'public.videos'::regclass AND NOT t.tgisinternal
       AND p.pronamespace <> 'thumbnails'::regnamespace
       AND (t.tgname IN ('trigger_auto_generate_thumbnail', 'auto_generate_thumbnail_trigger', 'trigger_auto_thumbnail',
                         'trigger_generate_thumbnail', 'trigger_auto_generate_thumbnail_on_complete',
                         'trigger_video_completed_generate_thumbnail', 'on_video_completed_generate_thumbnail')
            OR p.prosrc ~ 'auto-generate-thumbnail')
  LOOP
    EXECUTE format('DROP TRIGGER %I ON public.videos', old_trigger);
  END LOOP;
END
$$;

-- Nearly none has a WHEN clause: each is read anew from its text by every statement, for two to four times of what a call costs that
-- returns at once. What a claim, its renewal and its end fire is the guard alone, and the look of complete(), which names thumbnail_url.
CREATE OR REPLACE TRIGGER thumbnails_a_guard_insert
  BEFORE INSERT ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_guard_state();

CREATE OR REPLACE TRIGGER thumbnails_a_guard_update
  BEFORE UPDATE OF thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_attempts,
    thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata,
    thumbnail_generation_error_code, thumbnail_generation_next_attempt_at, thumbnail_generation_claim_token,
    thumbnail_generation_lease_until, thumbnail_generation_releases
  ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_guard_state();

CREATE OR REPLACE TRIGGER thumbnails_b_before_insert
  BEFORE INSERT ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_before_write();

CREATE OR REPLACE TRIGGER thumbnails_b_before_update
  BEFORE UPDATE OF status, video_url, thumbnail_url ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_before_write();

CREATE OR REPLACE TRIGGER thumbnails_c_after_insert
  AFTER INSERT ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_write();

CREATE OR REPLACE TRIGGER thumbnails_c_after_update
  AFTER UPDATE OF status, video_url, thumbnail_url ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_write();

CREATE OR REPLACE TRIGGER thumbnails_c_after_state
  AFTER UPDATE OF thumbnail_generation_status ON public.videos
  FOR EACH ROW
  WHEN (OLD.thumbnail_generation_claim_token IS NULL AND NEW.thumbnail_generation_claim_token IS NULL)
  EXECUTE FUNCTION thumbnails.videos_after_state();

-- What earlier versions of this file made.
DROP TRIGGER IF EXISTS thumbnails_c_note_insert ON public.videos;
DROP TRIGGER IF EXISTS thumbnails_c_note_update ON public.videos;
DROP TRIGGER IF EXISTS thumbnails_e_refuse ON public.videos;
DROP FUNCTION IF EXISTS thumbnails.videos_after_due(), thumbnails.videos_note_change(), thumbnails.videos_refuse_write();
DROP FUNCTION IF EXISTS thumbnails.readiness();

CREATE OR REPLACE TRIGGER thumbnails_d_after_delete
  AFTER DELETE ON public.videos
  FOR EACH ROW EXECUTE FUNCTION thumbnails.videos_after_delete();

-- ---------------------------------------------------------------------------------------------------------------------
-- The state machine
-- ---------------------------------------------------------------------------------------------------------------------

-- Records that the worker of an expired claim was lost for the last time.
CREATE OR REPLACE FUNCTION thumbnails.give_up_lost(p_video_id uuid, p_token bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  attempts integer;
  started timestamptz;
BEGIN
  UPDATE public.videos v
     SET thumbnail_generation_status = 'failed',
         thumbnail_generation_error = 'worker lost: the attempt ended without a result '
                                      || v.thumbnail_generation_attempts || ' times',
         thumbnail_generation_error_code = 'lost',
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE v.id = p_video_id AND v.thumbnail_generation_status = 'processing'
     AND v.thumbnail_generation_claim_token = p_token
     AND v.thumbnail_generation_lease_until <= clock_timestamp()
  RETURNING v.thumbnail_generation_attempts, v.thumbnail_generation_started_at INTO attempts, started;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', 'failed', p_token, attempts, 'lost', 'worker lost', clock_timestamp() - started);
  RETURN true;
END
$$;

-- A new picture was asked for while a breaker is open: the row waits for it like any other, from `p_due_at` on.
CREATE OR REPLACE FUNCTION thumbnails.postpone_regeneration(
  p_video_id uuid, p_from_state text, p_metadata jsonb, p_due_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.videos
     SET thumbnail_generation_status = 'pending',
         thumbnail_generation_attempts = 0,
         thumbnail_generation_releases = 0,
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_generation_next_attempt_at = p_due_at,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL,
         thumbnail_metadata = p_metadata
   WHERE id = p_video_id;
  PERFORM thumbnails.enqueue(p_video_id, p_due_at);
  IF p_from_state = 'processing' THEN
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (p_video_id, 'processing', 'pending', 0, 'manual', 'asked for again');
  END IF;
END
$$;

-- Takes a due row: counts the attempt, stores a new fencing token and the end of the lease. `outcome` is
--   claimed       the caller has the row; every other column is set as far as known
--   busy          another worker has it, or somebody has the row locked; try again after retry_after_seconds
--   paused        a breaker is open; try again after retry_after_seconds
--   not_due       it waits for its next attempt, in retry_after_seconds
--   completed     it has its thumbnail
--   exhausted     it is failed for good, `detail` says why
--   not_finished  the video itself is not
--   not_found     there is no such row
-- `p_regenerate` takes a row that is completed or failed as well and starts the attempts anew; where a breaker is open it is announced
-- for later.
CREATE OR REPLACE FUNCTION thumbnails.claim(
  p_video_id uuid, p_lease_seconds double precision, p_aspect_ratio text DEFAULT NULL,
  p_regenerate boolean DEFAULT false, p_time_seconds double precision DEFAULT NULL,
  OUT outcome text, OUT token bigint, OUT attempt integer, OUT video_url text, OUT aspect_ratio text,
  OUT time_seconds double precision, OUT retry_after_seconds double precision, OUT detail text)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v public.videos%ROWTYPE;
  t timestamptz;
  lacks boolean;
  state text;
  is_breaker_open boolean;
  has_own_shape boolean;
  open_breaker thumbnails.breakers%ROWTYPE;
  requested jsonb;
  metadata jsonb;
BEGIN
  -- SKIP LOCKED: fifty copies of one webhook get one claim and forty-nine quick answers instead of a queue on the lock.
  SELECT * INTO v FROM public.videos WHERE id = p_video_id FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    SELECT * INTO v FROM public.videos WHERE id = p_video_id;
    IF NOT FOUND THEN
      outcome := 'not_found';
    ELSIF NOT p_regenerate AND v.status = 'completed' AND v.thumbnail_generation_status = 'completed'
          AND v.thumbnail_url IS NOT NULL AND v.thumbnail_url NOT LIKE 'data:image/svg%' THEN
      -- Whoever has it locked asks the same, or changes it and announces that anew.
      outcome := 'completed';
      detail := v.thumbnail_url;
    ELSE
      outcome := 'busy';
      retry_after_seconds := 1;
    END IF;
    RETURN;
  END IF;

  t := clock_timestamp();
  state := v.thumbnail_generation_status;
  lacks := v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%';

  IF v.status IS DISTINCT FROM 'completed' THEN
    outcome := 'not_finished';
    detail := v.status;
    RETURN;
  END IF;

  IF state = 'processing' THEN
    IF v.thumbnail_generation_claim_token IS NOT NULL THEN
      IF v.thumbnail_generation_lease_until > t THEN
        outcome := 'busy';
        retry_after_seconds := extract(epoch FROM v.thumbnail_generation_lease_until - t);
        RETURN;
      END IF;
      IF v.thumbnail_generation_attempts >= thumbnails.max_attempts() AND NOT p_regenerate THEN
        PERFORM thumbnails.give_up_lost(v.id, v.thumbnail_generation_claim_token);
        outcome := 'exhausted';
        detail := 'worker lost';
        RETURN;
      END IF;
    ELSIF coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at, '-infinity')
          > t - interval '30 minutes' THEN
      -- An old writer without tokens (the original function, during a move) has it.
      outcome := 'busy';
      retry_after_seconds := 60;
      RETURN;
    END IF;
  ELSIF p_regenerate THEN
    NULL;
  ELSIF NOT lacks AND state IS DISTINCT FROM 'pending' AND state IS DISTINCT FROM 'failed' THEN
    outcome := 'completed';
    detail := v.thumbnail_url;
    RETURN;
  ELSIF state = 'failed' THEN
    IF v.thumbnail_generation_next_attempt_at IS NULL
       AND (v.thumbnail_generation_error_code IS NOT NULL
            OR coalesce(v.thumbnail_generation_attempts, 0) >= thumbnails.max_attempts()) THEN
      outcome := 'exhausted';
      detail := v.thumbnail_generation_error;
      RETURN;
    END IF;
  END IF;

  IF NOT p_regenerate AND state IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at > t THEN
    outcome := 'not_due';
    retry_after_seconds := extract(epoch FROM v.thumbnail_generation_next_attempt_at - t);
    detail := v.thumbnail_generation_error;
    RETURN;
  END IF;

  -- What was asked for is stored, so that retries agree.
  IF jsonb_typeof(v.thumbnail_metadata) IS DISTINCT FROM 'object' THEN
    v.thumbnail_metadata := '{}';
  END IF;
  requested := coalesce(v.thumbnail_metadata -> 'requested', '{}');
  IF p_regenerate THEN
    requested := requested - 'timeSeconds';
  END IF;
  aspect_ratio := coalesce(p_aspect_ratio, requested ->> 'aspectRatio');
  -- One look for both. Few tables have the column, and making JSON of a whole row is not for nothing.
  SELECT EXISTS (SELECT FROM thumbnails.breakers WHERE open_until IS NOT NULL),
         EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.videos'::regclass AND attname = 'aspect_ratio' AND NOT attisdropped)
    INTO is_breaker_open, has_own_shape;
  IF aspect_ratio IS NULL AND has_own_shape THEN
    aspect_ratio := to_jsonb(v) ->> 'aspect_ratio';
  END IF;
  IF aspect_ratio IS NOT NULL OR p_time_seconds IS NOT NULL THEN
    requested := requested || jsonb_strip_nulls(jsonb_build_object('aspectRatio', aspect_ratio, 'timeSeconds', p_time_seconds));
  END IF;
  metadata := v.thumbnail_metadata;
  IF requested <> '{}' THEN
    metadata := metadata || jsonb_build_object('requested', requested);
  ELSIF metadata ? 'requested' THEN
    metadata := metadata - 'requested';
  END IF;

  -- What had ended begins anew, with the old picture in place until there is a new one.
  IF p_regenerate AND state IS DISTINCT FROM 'pending' AND state IS DISTINCT FROM 'processing' THEN
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    VALUES (v.id, state, 'pending', 0, 'manual', 'asked for again');
    state := 'pending';
  END IF;

  -- An open breaker stops the work before anything is downloaded; once its time is over, one probe at a time may pass.
  IF is_breaker_open THEN
    FOR open_breaker IN SELECT * FROM thumbnails.breakers WHERE open_until IS NOT NULL ORDER BY class LOOP
      IF open_breaker.open_until <= t THEN
        UPDATE thumbnails.breakers b SET probe_until = t + make_interval(secs => p_lease_seconds)
         WHERE b.class = open_breaker.class AND (b.probe_until IS NULL OR b.probe_until <= t);
        CONTINUE WHEN FOUND;
      END IF;
      outcome := 'paused';
      retry_after_seconds := greatest(1, extract(epoch FROM open_breaker.open_until - t));
      detail := open_breaker.last_error;
      IF p_regenerate THEN
        -- Nobody has to ask twice: what waits for its first picture is announced already, what has one is now.
        PERFORM thumbnails.postpone_regeneration(v.id, state, metadata, t + make_interval(secs => retry_after_seconds));
      END IF;
      RETURN;
    END LOOP;
  END IF;

  token := nextval('thumbnails.tokens');
  IF token <= v.thumbnail_generation_claim_token THEN
    -- Rows that were copied without the sequence: it starts behind them anew.
    PERFORM pg_advisory_xact_lock(thumbnails.sequence_key());
    PERFORM setval('thumbnails.tokens', greatest(v.thumbnail_generation_claim_token, (SELECT last_value FROM thumbnails.tokens)) + 1000);
    token := nextval('thumbnails.tokens');
  END IF;
  attempt := CASE
    WHEN p_regenerate THEN 1
    -- Another program left the row waiting with its attempts used up: no dead end.
    WHEN v.thumbnail_generation_claim_token IS NULL
         AND v.thumbnail_generation_attempts >= thumbnails.max_attempts() THEN 1
    ELSE coalesce(v.thumbnail_generation_attempts, 0) + 1 END;

  UPDATE public.videos AS u
     SET thumbnail_generation_status = 'processing',
         thumbnail_generation_attempts = attempt,
         thumbnail_generation_releases = CASE WHEN p_regenerate THEN 0 ELSE u.thumbnail_generation_releases END,
         thumbnail_generation_started_at = t,
         thumbnail_generation_last_attempt_at = t,
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = token,
         thumbnail_generation_lease_until = t + make_interval(secs => p_lease_seconds),
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_metadata = metadata
   WHERE u.id = v.id;

  -- The announcement has been heard. If this worker dies, its lease is found by polling (recover_due), within two seconds of its end.
  -- Taken from a worker that was lost: its history says so.
  WITH heard AS (
    DELETE FROM public.thumbnail_webhooks AS w WHERE w.video_id = v.id
  )
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text)
  VALUES (v.id, state, 'processing', token, attempt, CASE WHEN state = 'processing' THEN 'lost' END,
          CASE WHEN state = 'processing' THEN 'the worker before this one was lost' END);

  outcome := 'claimed';
  video_url := v.video_url;
  time_seconds := (requested ->> 'timeSeconds')::double precision;
END
$$;

-- Extends the lease; false when the row is no longer the caller's. Touches one unindexed column, so the update is HOT.
CREATE OR REPLACE FUNCTION thumbnails.renew(p_video_id uuid, p_token bigint, p_lease_seconds double precision)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.videos
     SET thumbnail_generation_lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE id = p_video_id AND thumbnail_generation_status = 'processing'
     AND thumbnail_generation_claim_token = p_token;
  RETURN FOUND;
END
$$;

-- Accepts a result: `ok`; `already` when this very claim was completed before and the acknowledgement was lost;
-- `fenced` when the row is somebody else's by now. The key nobody points to any more, the replaced one or the caller's
-- own, goes to the garbage collector after `p_keep_seconds`.
CREATE OR REPLACE FUNCTION thumbnails.complete(
  p_video_id uuid, p_token bigint, p_thumbnail_url text, p_key text, p_metadata jsonb,
  p_keep_seconds double precision DEFAULT 86400)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  replaced_url text;
  attempt integer;
  started timestamptz;
  unused_key text;
  has_breakers boolean;
  answer text;
BEGIN
  -- `before` is read without a lock: whoever else changes thumbnail_url takes the token away, and then this changes nothing.
  UPDATE public.videos AS u
     SET thumbnail_url = p_thumbnail_url,
         thumbnail_generation_status = 'completed',
         thumbnail_generated_at = t,
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_generation_next_attempt_at = NULL,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL,
         thumbnail_generation_releases = 0,
         thumbnail_metadata = CASE WHEN u.thumbnail_metadata ? 'requested'
           THEN p_metadata || jsonb_build_object('requested', u.thumbnail_metadata -> 'requested') ELSE p_metadata END
    FROM public.videos AS before
   WHERE u.id = p_video_id AND u.thumbnail_generation_status = 'processing'
     AND u.thumbnail_generation_claim_token = p_token
     AND before.id = u.id
  RETURNING before.thumbnail_url, u.thumbnail_generation_attempts, u.thumbnail_generation_started_at,
            EXISTS (SELECT FROM thumbnails.breakers)
       INTO replaced_url, attempt, started, has_breakers;
  IF FOUND THEN
    -- A trigger by hand during the work announces the video once more.
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
    IF has_breakers THEN
      -- In the order in which claims lock them.
      PERFORM FROM thumbnails.breakers ORDER BY class FOR UPDATE;
      DELETE FROM thumbnails.breakers;
    END IF;
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, duration, detail)
    VALUES (p_video_id, 'processing', 'completed', p_token, attempt, t - started,
            jsonb_build_object('timestampSeconds', p_metadata -> 'timestampSeconds', 'bytesFetched', p_metadata -> 'bytesFetched',
                               'requests', p_metadata -> 'requests', 'stagesMs', p_metadata -> 'stagesMs'));
    unused_key := nullif(thumbnails.object_key(replaced_url), p_key);
    answer := 'ok';
  ELSIF EXISTS (SELECT FROM thumbnails.events
                 WHERE video_id = p_video_id AND token = p_token AND to_status = 'completed') THEN
    RETURN 'already';
  ELSE
    INSERT INTO thumbnails.events (video_id, from_status, to_status, token, class, text)
    VALUES (p_video_id, NULL, NULL, p_token, 'lost', 'a late result was refused: the row belongs to another claim');
    unused_key := p_key;
    answer := 'fenced';
  END IF;

  IF unused_key IS NOT NULL THEN
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    VALUES (unused_key, p_video_id, t + make_interval(secs => p_keep_seconds))
    ON CONFLICT (key) DO NOTHING;
  END IF;
  RETURN answer;
END
$$;

-- A probe that ended for a reason of its video's own says nothing of the store: the next may probe at once.
CREATE OR REPLACE FUNCTION thumbnails.free_probe() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM thumbnails.breakers WHERE probe_until IS NOT NULL) THEN
    PERFORM FROM thumbnails.breakers ORDER BY class FOR UPDATE;
    UPDATE thumbnails.breakers SET probe_until = NULL WHERE probe_until IS NOT NULL;
  END IF;
END
$$;

-- Records a failure that counts. `outcome` is ok, already or fenced; `next_attempt_at` is NULL when the failure is final.
CREATE OR REPLACE FUNCTION thumbnails.fail(
  p_video_id uuid, p_token bigint, p_class text, p_error text, p_retryable boolean,
  p_retry_after_seconds double precision DEFAULT NULL,
  OUT outcome text, OUT next_attempt_at timestamptz, OUT attempt integer)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  started timestamptz;
BEGIN
  UPDATE public.videos AS u
     SET thumbnail_generation_status = 'failed',
         thumbnail_generation_error = p_error,
         thumbnail_generation_error_code = p_class,
         thumbnail_generation_next_attempt_at =
           CASE WHEN p_retryable AND u.thumbnail_generation_attempts < thumbnails.max_attempts()
                THEN t + thumbnails.retry_delay(u.thumbnail_generation_attempts, p_retry_after_seconds, random()) END,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE u.id = p_video_id AND u.thumbnail_generation_status = 'processing'
     AND u.thumbnail_generation_claim_token = p_token
  RETURNING u.thumbnail_generation_next_attempt_at, u.thumbnail_generation_attempts, u.thumbnail_generation_started_at
       INTO next_attempt_at, attempt, started;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (SELECT FROM thumbnails.events e
                                  WHERE e.video_id = p_video_id AND e.token = p_token AND e.to_status = 'failed')
                    THEN 'already' ELSE 'fenced' END;
    RETURN;
  END IF;

  outcome := 'ok';
  PERFORM thumbnails.free_probe();
  IF next_attempt_at IS NULL THEN
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  ELSE
    PERFORM thumbnails.enqueue(p_video_id, next_attempt_at);
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', 'failed', p_token, attempt, p_class, p_error, t - started);
END
$$;

-- Gives the row back because the fault is not the video's: the attempt is not counted, except every tenth time, so that
-- one video cannot go round for ever. Classes `storage` and `configuration` move their breaker; `shutdown` is a worker
-- that was told to stop.
CREATE OR REPLACE FUNCTION thumbnails.release(
  p_video_id uuid, p_token bigint, p_class text, p_error text, p_retry_after_seconds double precision DEFAULT NULL,
  OUT outcome text, OUT next_attempt_at timestamptz, OUT attempt integer)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
  v public.videos%ROWTYPE;
  counts boolean;
  final boolean;
  to_state text;
BEGIN
  SELECT * INTO v FROM public.videos
   WHERE id = p_video_id AND thumbnail_generation_status = 'processing'
     AND thumbnail_generation_claim_token = p_token
     FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (SELECT FROM thumbnails.events e
                                  WHERE e.video_id = p_video_id AND e.token = p_token
                                    AND e.from_status = 'processing' AND e.to_status IN ('pending', 'failed'))
                    THEN 'already' ELSE 'fenced' END;
    RETURN;
  END IF;

  outcome := 'ok';
  counts := p_class <> 'shutdown' AND (coalesce(v.thumbnail_generation_releases, 0) + 1) % 10 = 0;
  attempt := v.thumbnail_generation_attempts - CASE WHEN counts THEN 0 ELSE 1 END;
  final := counts AND attempt >= thumbnails.max_attempts();
  to_state := CASE WHEN final THEN 'failed' ELSE 'pending' END;
  next_attempt_at := CASE
    WHEN final THEN NULL
    WHEN p_class = 'shutdown' THEN t
    ELSE t + greatest(thumbnails.release_delay(coalesce(v.thumbnail_generation_releases, 0) + 1, random()),
                      make_interval(secs => least(300, coalesce(p_retry_after_seconds, 0)))) END;

  UPDATE public.videos AS u
     SET thumbnail_generation_status = to_state,
         thumbnail_generation_error = p_error,
         thumbnail_generation_error_code = p_class,
         thumbnail_generation_attempts = attempt,
         thumbnail_generation_releases = coalesce(u.thumbnail_generation_releases, 0)
                                         + CASE WHEN p_class = 'shutdown' THEN 0 ELSE 1 END,
         thumbnail_generation_next_attempt_at = next_attempt_at,
         thumbnail_generation_claim_token = NULL,
         thumbnail_generation_lease_until = NULL
   WHERE u.id = p_video_id;

  IF final THEN
    DELETE FROM public.thumbnail_webhooks WHERE video_id = p_video_id;
  ELSE
    PERFORM thumbnails.enqueue(p_video_id, next_attempt_at);
    IF next_attempt_at <= t THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration)
  VALUES (p_video_id, 'processing', to_state, p_token, attempt, p_class, p_error,
          t - v.thumbnail_generation_started_at);

  IF p_class IN ('storage', 'configuration') THEN
    -- While it is open, faults of claims made before it opened still come in: they say nothing new.
    INSERT INTO thumbnails.breakers AS b (class, consecutive, video_ids, last_error)
    VALUES (p_class, 1, ARRAY[p_video_id], p_error)
    ON CONFLICT (class) DO UPDATE
      SET consecutive = b.consecutive + 1,
          video_ids = CASE WHEN p_video_id = ANY (b.video_ids) OR cardinality(b.video_ids) >= 2 THEN b.video_ids
                           ELSE b.video_ids || p_video_id END,
          last_error = p_error,
          probe_until = NULL,
          updated_at = t
      WHERE b.open_until IS NULL OR b.open_until <= t;
    UPDATE thumbnails.breakers b
       SET open_until = t + thumbnails.breaker_delay(b.consecutive)
     WHERE b.class = p_class AND b.consecutive >= 5 AND cardinality(b.video_ids) >= 2
       AND (b.open_until IS NULL OR b.open_until <= t);
  ELSE
    PERFORM thumbnails.free_probe();
  END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Finding what is due
-- ---------------------------------------------------------------------------------------------------------------------

-- Whether a sweep at `at` has anything to do with a row: its lease is over, its time has come, or (`p_outer`) another program
-- left it behind. "Left behind": in work without a token for 30 minutes; or, for 10 minutes, without thumbnail and without time.
CREATE OR REPLACE FUNCTION thumbnails.awaits_sweep(v public.videos, at timestamptz, p_outer boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT v.status IS NOT DISTINCT FROM 'completed' AND CASE v.thumbnail_generation_status
    WHEN 'processing' THEN
      v.thumbnail_generation_lease_until <= at
      OR (p_outer AND v.thumbnail_generation_claim_token IS NULL
          AND coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at, '-infinity')
              <= at - interval '30 minutes')
    WHEN 'failed' THEN
      v.thumbnail_generation_next_attempt_at <= at
      OR (p_outer AND v.thumbnail_generation_next_attempt_at IS NULL AND v.thumbnail_generation_error_code IS NULL
          AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
          AND coalesce(v.thumbnail_generation_attempts, 0) < thumbnails.max_attempts())
    ELSE
      (v.thumbnail_generation_status = 'pending' AND v.thumbnail_generation_next_attempt_at <= at)
      -- A time means something to a waiting row only.
      OR (p_outer AND (v.thumbnail_generation_next_attempt_at IS NULL OR v.thumbnail_generation_status IS DISTINCT FROM 'pending')
          AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
          AND coalesce(greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at), '-infinity')
              <= at - interval '10 minutes')
    END
$$;

-- What a sweep at `at` would take, without locking it: up to `p_limit` rows of each of the three kinds, one look for each of the
-- partial indexes of 027. Inlined where it is called, so that the plans are those of the caller.
CREATE OR REPLACE FUNCTION thumbnails.sweep_candidates(at timestamptz, p_outer boolean, p_limit integer) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE AS $$
  (SELECT v.id FROM public.videos v
    WHERE v.thumbnail_generation_status = 'processing' AND thumbnails.awaits_sweep(v, at, p_outer)
    LIMIT p_limit)
  UNION ALL
  (SELECT v.id FROM public.videos v
    WHERE v.thumbnail_generation_status IN ('pending', 'failed')
      AND v.thumbnail_generation_next_attempt_at <= at
      AND v.status = 'completed'
      AND (p_outer AND v.thumbnail_generation_status = 'failed'
           OR NOT EXISTS (SELECT FROM public.thumbnail_webhooks w WHERE w.video_id = v.id))
      -- Polling: while announced ones wait there is no hurry to find the others among them.
      AND (p_outer OR NOT EXISTS (SELECT FROM public.thumbnail_webhooks w
                                   WHERE w.due_at <= at AND (w.leased_until IS NULL OR w.leased_until <= at)))
    ORDER BY v.thumbnail_generation_next_attempt_at
    LIMIT p_limit)
  UNION ALL
  (SELECT v.id FROM public.videos v
    WHERE p_outer
      AND v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
      AND (v.thumbnail_generation_status IS NULL OR v.thumbnail_generation_status = 'completed'
           OR v.thumbnail_generation_status IN ('pending', 'failed') AND v.thumbnail_generation_next_attempt_at IS NULL)
      AND thumbnails.awaits_sweep(v, at, p_outer)
    LIMIT p_limit)
$$;

-- Announces up to `p_limit` due rows, in the order of their ids and without waiting for any lock, so that two sweeps
-- cannot deadlock. `p_outer` adds what only the hourly net looks for: rows another program left behind. Workers that
-- were lost for the last time end as failed. One statement tests and sets.
CREATE OR REPLACE FUNCTION thumbnails.enqueue_due(
  p_limit integer, p_outer boolean, OUT retried integer, OUT skipped integer, OUT lost integer)
RETURNS record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t timestamptz := clock_timestamp();
BEGIN
  WITH candidates AS MATERIALIZED (
    SELECT c.id FROM thumbnails.sweep_candidates(t, p_outer, p_limit) AS c
  ), held AS MATERIALIZED (
    SELECT v.id, v.thumbnail_generation_status AS state, v.thumbnail_generation_claim_token AS token,
           v.thumbnail_generation_attempts AS attempts, v.thumbnail_generation_started_at AS started, v.video_url
      FROM public.videos v
     WHERE v.id = ANY (ARRAY(SELECT c.id FROM candidates c))
       -- Asked again, for it is the version of now that is locked: its worker may have finished since the look.
       AND thumbnails.awaits_sweep(v, t, p_outer)
     ORDER BY v.id
     LIMIT p_limit
       FOR NO KEY UPDATE OF v SKIP LOCKED
  ), given_up AS (
    SELECT h.id FROM held h
     WHERE h.token IS NOT NULL AND h.attempts >= thumbnails.max_attempts()
       AND thumbnails.give_up_lost(h.id, h.token)
  ), moved AS (
    -- Left behind by another program: from now on an ordinary waiting row, or failed where there is nothing to fetch.
    UPDATE public.videos u
       SET thumbnail_generation_status = CASE WHEN h.video_url IS NULL OR h.state = 'failed' THEN 'failed' ELSE 'pending' END,
           thumbnail_generation_attempts =
             CASE WHEN coalesce(h.attempts, 0) >= thumbnails.max_attempts() THEN 0 ELSE coalesce(h.attempts, 0) END,
           thumbnail_generation_error = CASE WHEN h.video_url IS NULL THEN 'Video URL is null' ELSE u.thumbnail_generation_error END,
           thumbnail_generation_error_code = CASE WHEN h.video_url IS NULL THEN 'media' END,
           thumbnail_generation_next_attempt_at = CASE WHEN h.video_url IS NULL THEN NULL ELSE t END
      FROM held h
     WHERE u.id = h.id AND h.token IS NULL
       AND (u.thumbnail_generation_next_attempt_at IS NULL OR h.video_url IS NULL OR h.state IS NULL OR h.state = 'completed')
    RETURNING u.id, h.state AS from_state, u.thumbnail_generation_status AS to_state, u.thumbnail_generation_attempts AS attempts,
              u.thumbnail_generation_error_code AS class, u.thumbnail_generation_error AS error
  ), noted AS (
    INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
    SELECT m.id, m.from_state, m.to_state, m.attempts, m.class, coalesce(m.error, 'found by the sweep') FROM moved m
     WHERE m.class IS NULL -- the trigger notes those that failed
  ), announced AS (
    INSERT INTO public.thumbnail_webhooks AS w (video_id, due_at, version)
    -- What a worker left behind had come to its turn when it was claimed: it is not sent to the end of the queue.
    SELECT h.id, CASE WHEN h.token IS NOT NULL THEN least(h.started, t) ELSE t END, nextval('thumbnails.tokens') FROM held h
     WHERE h.id NOT IN (SELECT g.id FROM given_up g)
       AND NOT (h.video_url IS NULL AND h.token IS NULL)
     ORDER BY h.id
    ON CONFLICT (video_id) DO UPDATE
      SET due_at = excluded.due_at, version = excluded.version, leased_until = NULL, deliveries = 0
      -- What is in delivery right now, or due already, needs no second announcement; what could not be delivered waits as long as it shall.
      WHERE w.due_at > t AND (w.leased_until IS NULL OR w.leased_until <= t) AND (p_outer OR w.deliveries = 0)
    RETURNING w.video_id
  )
  SELECT (SELECT count(*) FROM held h WHERE NOT (h.video_url IS NULL AND h.token IS NULL)) - (SELECT count(*) FROM given_up),
         (SELECT count(*) FROM candidates) - (SELECT count(*) FROM held),
         (SELECT count(*) FROM given_up)
    INTO retried, skipped, lost
    FROM (SELECT count(*) FROM announced) AS forced;

  IF retried > 0 THEN
    PERFORM thumbnails.wake_relay();
    IF p_outer AND to_regnamespace('net') IS NOT NULL AND thumbnails.missing_configuration() IS NULL THEN
      -- Where pg_net is all there is: a part of the backlog each time, for it keeps no order and no count.
      PERFORM thumbnails.post_by_pg_net(w.video_id)
         FROM (SELECT video_id FROM public.thumbnail_webhooks WHERE due_at <= clock_timestamp() AND leased_until IS NULL
                ORDER BY due_at LIMIT 500) AS w;
    END IF;
  END IF;
END
$$;

-- What polling does every two seconds: leases that ended without a result, and, once the outbox has nothing due, rows whose webhook was
-- lost. Number announced.
CREATE OR REPLACE FUNCTION thumbnails.recover_due(p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN thumbnails.enabled() THEN (SELECT d.retried FROM thumbnails.enqueue_due(p_limit, false) d) ELSE 0 END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The history, added up
-- ---------------------------------------------------------------------------------------------------------------------

-- Upper bounds, in seconds, of the classes of the histogram of generation times.
CREATE OR REPLACE FUNCTION thumbnails.histogram_bounds() RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]::double precision[] $$;

-- The events of transactions from `p_from` and before `p_to` as figures by the hour: `announced`, `attempts`, `completed`,
-- `failed` and `released` (label: class), `stale` (late results refused), `seconds` and `bytes` of what was completed, and `le`
-- (label: bound; how many took at most that long). Events older than the column have no transaction and count as 0.
CREATE OR REPLACE FUNCTION thumbnails.measure_events(p_from bigint, p_to bigint)
RETURNS TABLE (hour timestamptz, measure text, label text, value numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH picked AS (
    SELECT date_trunc('hour', e.at, 'UTC') AS hour, coalesce(e.class, '') AS class, e.from_status, e.to_status, e.token, e.attempt,
           round(extract(epoch FROM e.duration), 6) AS seconds,
           CASE WHEN jsonb_typeof(e.detail -> 'bytesFetched') = 'number' THEN (e.detail ->> 'bytesFetched')::numeric END AS bytes,
           e.token IS NOT NULL AND e.from_status = 'processing' AND e.to_status = 'completed' AS is_result
      FROM thumbnails.events e
     WHERE (e.xid >= p_from AND e.xid < p_to OR p_from <= 0 AND e.xid IS NULL) AND isfinite(e.at)
  ), sums AS (
    SELECT p.hour, p.class,
           count(*) FILTER (WHERE p.to_status = 'pending' AND p.attempt = 0 AND p.class IN ('', 'manual')) AS announced,
           count(*) FILTER (WHERE p.to_status = 'processing' AND p.token IS NOT NULL) AS attempts,
           count(*) FILTER (WHERE p.is_result) AS completed,
           -- Also an attempt whose worker was lost and that another one took over.
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.from_status = 'processing'
                              AND (p.to_status = 'failed' OR p.to_status = 'processing' AND p.class = 'lost')) AS failed,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.from_status = 'processing' AND p.to_status = 'pending') AS released,
           count(*) FILTER (WHERE p.token IS NOT NULL AND p.to_status IS NULL) AS stale,
           sum(p.seconds) FILTER (WHERE p.is_result) AS seconds,
           sum(p.bytes) FILTER (WHERE p.is_result) AS bytes
      FROM picked p
     GROUP BY p.hour, p.class
  ), classes AS (
    -- How many fell between a bound and the one below it.
    SELECT p.hour, width_bucket(-p.seconds, ARRAY(SELECT -b FROM unnest(thumbnails.histogram_bounds()) AS b ORDER BY b DESC)::numeric[]) AS above,
           count(*) AS results
      FROM picked p
     WHERE p.is_result
     GROUP BY 1, 2
  )
  SELECT s.hour, m.measure, m.label, m.value
    FROM sums s
   CROSS JOIN LATERAL (VALUES ('announced', '', s.announced::numeric), ('attempts', '', s.attempts), ('completed', '', s.completed),
                              ('failed', s.class, s.failed), ('released', s.class, s.released), ('stale', '', s.stale),
                              ('seconds', '', s.seconds), ('bytes', '', s.bytes)) AS m (measure, label, value)
   WHERE m.value > 0
  UNION ALL
  SELECT c.hour, 'le', b.bound::text, sum(c.results)
    FROM classes c
    JOIN unnest(thumbnails.histogram_bounds()) WITH ORDINALITY AS b (bound, position)
      ON c.above > cardinality(thumbnails.histogram_bounds()) - b.position
   GROUP BY c.hour, b.bound
$$;

-- Adds what is new in the history to the hourly totals: the events of every transaction that had ended before the oldest one still
-- running, each once, however late it committed. Only one session at a time; another has nothing to add meanwhile. In slices, and no
-- more of them once two seconds are over: the next call goes on.
CREATE OR REPLACE FUNCTION thumbnails.fold_events() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  started timestamptz := clock_timestamp();
  p_from bigint;
  slice_to bigint;
  p_to bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(thumbnails.totals_key()) THEN
    RETURN;
  END IF;
  -- Looked at only now that nobody else moves the position.
  SELECT folded_before INTO p_from FROM thumbnails.totals_position;
  IF p_from > pg_current_xact_id()::text::bigint THEN
    -- Restored into a younger cluster, whose transactions count from the beginning: so do the figures.
    DELETE FROM thumbnails.hourly_totals;
    UPDATE thumbnails.events SET xid = NULL WHERE xid >= pg_current_xact_id()::text::bigint;
    p_from := 0;
  END IF;
  p_to := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  WHILE p_from < p_to LOOP
    -- The first slice is what has no transaction.
    slice_to := CASE WHEN p_from <= 0 THEN 1 ELSE least(p_to, p_from + 100000) END;
    INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
    SELECT m.hour, m.measure, m.label, sum(m.value) FROM thumbnails.measure_events(p_from, slice_to) AS m GROUP BY m.hour, m.measure, m.label
    ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
    p_from := coalesce((SELECT min(e.xid) FROM thumbnails.events e WHERE e.xid >= slice_to AND e.xid < p_to), p_to);
    EXIT WHEN clock_timestamp() > started + interval '2 seconds';
  END LOOP;
  UPDATE thumbnails.totals_position SET folded_before = p_from WHERE folded_before <> p_from;
END
$$;

-- Removes events older than `thumbnail_events_days` that have been added up, and adds hours too old for a chart together.
CREATE OR REPLACE FUNCTION thumbnails.prune_history() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- A setting that is no number of days counts as not set.
  DELETE FROM thumbnails.events
   WHERE ctid IN (SELECT e.ctid FROM thumbnails.events e
                   WHERE e.at < clock_timestamp() - make_interval(days => coalesce(
                                  substring(thumbnails.setting('thumbnail_events_days') FROM '^[0-9]{1,5}$')::integer, 30))
                     AND coalesce(e.xid, 0) < (SELECT p.folded_before FROM thumbnails.totals_position p)
                   LIMIT 200000);
  WITH old AS (
    DELETE FROM thumbnails.hourly_totals h
     WHERE h.hour < clock_timestamp() - interval '9 days' AND h.hour <> '-infinity'
    RETURNING h.measure, h.label, h.value
  )
  INSERT INTO thumbnails.hourly_totals AS h (hour, measure, label, value)
  SELECT '-infinity', o.measure, o.label, sum(o.value) FROM old o GROUP BY o.measure, o.label
  ON CONFLICT (hour, measure, label) DO UPDATE SET value = h.value + excluded.value;
END
$$;

-- Notes that a sweep has run, whatever it found to do.
CREATE OR REPLACE FUNCTION thumbnails.note_sweep(p_retried integer, p_skipped integer, p_lost integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO thumbnails.last_sweep (at, retried, skipped, lost) VALUES (clock_timestamp(), p_retried, p_skipped, p_lost)
  ON CONFLICT (is_only) DO UPDATE
    SET at = excluded.at, retried = excluded.retried, skipped = excluded.skipped, lost = excluded.lost
$$;

-- The hourly net. A second sweep while one runs answers `skipped`.
CREATE OR REPLACE FUNCTION public.auto_retry_stuck_thumbnails() RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_rows record;
  waiting bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(thumbnails.sweep_key()) THEN
    RETURN json_build_object('success', true, 'retriedCount', 0, 'skippedCount', 0, 'skipped', true,
                             'reason', 'another sweep is running', 'timestamp', thumbnails.iso(clock_timestamp()));
  END IF;
  IF NOT thumbnails.enabled() THEN
    -- Its timer works: that nothing is done is said elsewhere.
    PERFORM thumbnails.note_sweep(0, 0, 0);
    RETURN json_build_object('success', true, 'retriedCount', 0, 'skippedCount', 0, 'skipped', true,
                             'reason', 'Auto thumbnail generation is disabled',
                             'timestamp', thumbnails.iso(clock_timestamp()));
  END IF;

  -- Before any video is locked.
  -- Figures are no reason not to rescue anybody.
  BEGIN
    PERFORM thumbnails.fold_events();
    PERFORM thumbnails.prune_history();
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'the history was not added up: %', SQLERRM;
  END;
  SELECT * INTO found_rows FROM thumbnails.enqueue_due(10000, true);
  PERFORM thumbnails.note_sweep(found_rows.retried, found_rows.skipped, found_rows.lost);
  SELECT count(*) INTO waiting FROM (SELECT FROM public.thumbnail_webhooks WHERE due_at <= clock_timestamp() LIMIT 100000) AS w;

  RETURN json_build_object('success', true, 'retriedCount', found_rows.retried, 'skippedCount', found_rows.skipped,
                           'lostCount', found_rows.lost, 'waitingCount', waiting,
                           'timestamp', thumbnails.iso(clock_timestamp()));
END
$$;

-- ISO 8601 in UTC with milliseconds and Z.
CREATE OR REPLACE FUNCTION thumbnails.iso(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Who may trigger every video: the owner of the table (and superusers), service_role and the handlers. Everybody else only
-- their own, by the subject of their token.
CREATE OR REPLACE FUNCTION thumbnails.is_trusted(caller name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_or(pg_has_role(caller, r.oid, 'MEMBER')), false)
    FROM pg_roles r
   WHERE r.oid = (SELECT relowner FROM pg_class WHERE oid = 'public.videos'::regclass)
      OR r.rolname IN ('service_role', 'thumbnail_handlers')
$$;

-- Restarts one video by hand: the attempts start anew. A worker that has the row goes on; this attempt is the first.
CREATE OR REPLACE FUNCTION public.manually_trigger_thumbnail_generation(video_id uuid) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_video_id uuid := $1;
  -- SECURITY DEFINER changes current_user, not the `role` setting: this is who PostgREST acts for.
  caller name := coalesce(nullif(current_setting('role', true), 'none'), session_user);
  trusted boolean := thumbnails.is_trusted(caller);
  subject text := nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub';
  v public.videos%ROWTYPE;
  t timestamptz;
  working boolean;
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  END IF;
  SELECT * INTO v FROM public.videos WHERE id = p_video_id FOR NO KEY UPDATE;
  -- Somebody else's video looks like none.
  IF NOT FOUND OR NOT (trusted OR coalesce(v.user_id::text = subject, false)) THEN
    RETURN json_build_object('success', false, 'error', 'Video not found');
  END IF;
  IF v.status IS DISTINCT FROM 'completed' THEN
    RETURN json_build_object('success', false, 'error', 'Video is not completed');
  END IF;
  IF v.video_url IS NULL THEN
    RETURN json_build_object('success', false, 'error', 'Video URL is null');
  END IF;
  IF NOT (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%') THEN
    RETURN json_build_object('success', false, 'error', 'Thumbnail already exists');
  END IF;
  IF thumbnails.missing_configuration() IS NOT NULL THEN
    RETURN json_build_object('success', false, 'error', 'Missing configuration in system_config');
  END IF;

  t := clock_timestamp();
  IF NOT trusted
     AND EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_video_id AND e.class = 'manual'
                                                   AND e.at > t - interval '1 minute') THEN
    RETURN json_build_object('success', false, 'error', 'Triggered less than a minute ago');
  END IF;

  working := v.thumbnail_generation_claim_token IS NOT NULL AND v.thumbnail_generation_lease_until > t;
  IF working THEN
    UPDATE public.videos SET thumbnail_generation_attempts = 1, thumbnail_generation_releases = 0 WHERE id = p_video_id;
    PERFORM thumbnails.enqueue(p_video_id, v.thumbnail_generation_lease_until);
  ELSE
    UPDATE public.videos
       SET thumbnail_generation_status = 'pending',
           thumbnail_generation_attempts = 0,
           thumbnail_generation_releases = 0,
           thumbnail_generation_error = NULL,
           thumbnail_generation_error_code = NULL,
           thumbnail_generation_next_attempt_at = t,
           thumbnail_generation_claim_token = NULL,
           thumbnail_generation_lease_until = NULL
     WHERE id = p_video_id;
    PERFORM thumbnails.enqueue(p_video_id, t);
    IF to_regnamespace('net') IS NULL OR NOT thumbnails.post_by_pg_net(p_video_id) THEN
      PERFORM thumbnails.wake_relay();
    END IF;
  END IF;
  INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, class, text)
  VALUES (p_video_id, v.thumbnail_generation_status, CASE WHEN working THEN 'processing' ELSE 'pending' END, 0,
          'manual', 'triggered by hand');
  RETURN json_build_object('success', true, 'videoId', p_video_id, 'message', 'Thumbnail generation triggered');
END
$$;

-- Restarts up to `batch_size` (1 to 1000) videos that have no thumbnail, the longest waiting first.
CREATE OR REPLACE FUNCTION public.batch_trigger_thumbnail_generation(batch_size integer DEFAULT 10) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  results json;
  processed integer;
BEGIN
  IF NOT thumbnails.enabled() THEN
    RETURN json_build_object('success', false, 'error', 'Auto thumbnail generation is disabled');
  END IF;
  -- Ordered by id, like every statement that locks several videos, and past those that are locked: no deadlock, no waiting.
  WITH oldest AS MATERIALIZED (
    SELECT id FROM public.videos v
     WHERE v.status = 'completed' AND v.video_url IS NOT NULL
       AND (v.thumbnail_url IS NULL OR v.thumbnail_url LIKE 'data:image/svg%')
       AND v.thumbnail_generation_status IS DISTINCT FROM 'processing'
     ORDER BY v.thumbnail_generation_last_attempt_at NULLS FIRST, v.created_at
     LIMIT least(greatest(batch_size, 0), 1000)
  ), held AS MATERIALIZED (
    SELECT v.id FROM public.videos v WHERE v.id = ANY (ARRAY(SELECT o.id FROM oldest o)) ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT coalesce(json_agg(json_build_object('videoId', chosen.id)::jsonb || chosen.result::jsonb), '[]'),
         count(*) FILTER (WHERE (chosen.result ->> 'success')::boolean)
    INTO results, processed
    FROM (SELECT h.id, public.manually_trigger_thumbnail_generation(h.id) AS result FROM held h) AS chosen;
  RETURN json_build_object('success', true, 'processed', processed, 'results', results);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------------------

-- Rows in flight are neither success nor failure. The mean is over rows we generated: not back-filled, not set from outside.
CREATE OR REPLACE VIEW public.thumbnail_generation_health WITH (security_invoker = true) AS
SELECT completed_count, failed_count, processing_count, pending_count, needs_generation_count,
       round(100.0 * completed_count / nullif(completed_count + failed_count, 0), 2) AS success_rate_percent,
       avg_generation_time_seconds
  FROM (SELECT count(*) FILTER (WHERE thumbnail_generation_status = 'completed') AS completed_count,
               count(*) FILTER (WHERE thumbnail_generation_status = 'failed') AS failed_count,
               count(*) FILTER (WHERE thumbnail_generation_status = 'processing') AS processing_count,
               count(*) FILTER (WHERE thumbnail_generation_status = 'pending') AS pending_count,
               count(*) FILTER (WHERE status = 'completed'
                                  AND (thumbnail_url IS NULL OR thumbnail_url LIKE 'data:image/svg%'))
                 AS needs_generation_count,
               round(extract(epoch FROM avg(thumbnail_generated_at - thumbnail_generation_started_at)
                 FILTER (WHERE thumbnail_generation_status = 'completed'
                           AND isfinite(thumbnail_generation_started_at) AND isfinite(thumbnail_generated_at)
                           AND coalesce(thumbnail_metadata ->> 'source', '') NOT IN ('backfill', 'external'))), 2)
                 AS avg_generation_time_seconds
          FROM public.videos) AS counted;

CREATE OR REPLACE VIEW public.thumbnail_generation_failures WITH (security_invoker = true) AS
SELECT thumbnail_generation_error,
       count(*) AS failure_count,
       max(coalesce(thumbnail_generation_last_attempt_at, created_at)) AS last_occurrence,
       (array_agg(id ORDER BY coalesce(thumbnail_generation_last_attempt_at, created_at) DESC))[1:5] AS recent_video_ids
  FROM public.videos
 WHERE thumbnail_generation_status = 'failed'
 GROUP BY thumbnail_generation_error
 ORDER BY failure_count DESC, last_occurrence DESC;

CREATE OR REPLACE VIEW public.videos_need_thumbnail_generation WITH (security_invoker = true) AS
SELECT id, title, video_url, status, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error,
       thumbnail_generation_attempts, thumbnail_generation_last_attempt_at,
       round((extract(epoch FROM now() - thumbnail_generation_last_attempt_at) / 60)::numeric, 1)
         AS minutes_since_last_attempt,
       created_at
  FROM public.videos
 WHERE status = 'completed'
   AND (thumbnail_url IS NULL OR thumbnail_url LIKE 'data:image/svg%')
 ORDER BY created_at DESC;

-- ---------------------------------------------------------------------------------------------------------------------
-- Privileges
-- ---------------------------------------------------------------------------------------------------------------------

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thumbnail_handlers') THEN
    CREATE ROLE thumbnail_handlers NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'role thumbnail_handlers could not be created: the handlers must connect as the owner of these functions';
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA thumbnails FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA thumbnails FROM PUBLIC;
REVOKE ALL ON public.thumbnail_webhooks, public.system_config FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auto_retry_stuck_thumbnails(),
  public.manually_trigger_thumbnail_generation(uuid), public.batch_trigger_thumbnail_generation(integer) FROM PUBLIC;

DO $$
DECLARE
  platform_role name;
BEGIN
  FOREACH platform_role IN ARRAY ARRAY['anon', 'authenticated']::name[] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = platform_role) THEN
      EXECUTE format('REVOKE ALL ON public.thumbnail_webhooks, public.system_config FROM %I', platform_role);
      EXECUTE format('REVOKE ALL ON FUNCTION public.auto_retry_stuck_thumbnails(), '
                     'public.manually_trigger_thumbnail_generation(uuid), '
                     'public.batch_trigger_thumbnail_generation(integer) FROM %I', platform_role);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'authenticated') THEN
    GRANT EXECUTE ON FUNCTION public.manually_trigger_thumbnail_generation(uuid) TO authenticated;
  END IF;
  FOREACH platform_role IN ARRAY ARRAY['service_role', 'thumbnail_handlers']::name[] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = platform_role) THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION public.auto_retry_stuck_thumbnails(), '
                     'public.manually_trigger_thumbnail_generation(uuid), '
                     'public.batch_trigger_thumbnail_generation(integer) TO %I', platform_role);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON public.system_config TO service_role;
    GRANT SELECT ON public.thumbnail_generation_health, public.thumbnail_generation_failures,
      public.videos_need_thumbnail_generation TO service_role;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'thumbnail_handlers') THEN
    GRANT USAGE ON SCHEMA thumbnails TO thumbnail_handlers;
    GRANT EXECUTE ON FUNCTION
      thumbnails.claim(uuid, double precision, text, boolean, double precision),
      thumbnails.renew(uuid, bigint, double precision),
      thumbnails.complete(uuid, bigint, text, text, jsonb, double precision),
      thumbnails.fail(uuid, bigint, text, text, boolean, double precision),
      thumbnails.release(uuid, bigint, text, text, double precision),
      thumbnails.settle_and_lease_webhooks(uuid[], bigint[], boolean[], double precision[], integer, double precision),
      thumbnails.recover_due(integer),
      thumbnails.wake_up_key()
    TO thumbnail_handlers;
  END IF;
END
$$;

COMMIT;

-- ---------------------------------------------------------------------------------------------------------------------
-- After the strong lock is gone
-- ---------------------------------------------------------------------------------------------------------------------

-- The history so far is added up here, where nobody waits for it.
SELECT thumbnails.fold_events();

-- The old CHECK let any word in: such rows start again as unannounced ones.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass AND NOT convalidated
                                         AND conname = 'videos_thumbnail_generation_status_valid') THEN
    UPDATE public.videos SET thumbnail_generation_status = NULL
     WHERE thumbnail_generation_status NOT IN ('pending', 'processing', 'completed', 'failed');
  END IF;
END
$$;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_thumbnail_generation_status_valid;
ALTER TABLE public.videos VALIDATE CONSTRAINT videos_thumbnail_generation_claim_valid;

DO $$
DECLARE
  c record;
BEGIN
  SELECT count(*) FILTER (WHERE thumbnail_generation_status = 'completed'
                             OR thumbnail_generation_status IS NULL AND NOT lacks) AS completed,
         count(*) FILTER (WHERE thumbnail_generation_status = 'processing') AS processing,
         count(*) FILTER (WHERE thumbnail_generation_status = 'pending'
                             OR thumbnail_generation_status IS NULL AND lacks) AS pending,
         count(*) FILTER (WHERE thumbnail_generation_status = 'failed') AS failed
    INTO c
    FROM (SELECT thumbnail_generation_status,
                 thumbnail_url IS NULL OR thumbnail_url LIKE 'data:image/svg%' AS lacks
            FROM public.videos WHERE status = 'completed') AS finished;
  RAISE NOTICE '✅ 缩略图生成容错系统部署完成！';
  RAISE NOTICE '📊 当前系统状态:';
  RAISE NOTICE '  - 已完成: % 个', c.completed;
  RAISE NOTICE '  - 处理中: % 个', c.processing;
  RAISE NOTICE '  - 待处理: % 个', c.pending;
  RAISE NOTICE '  - 已失败: % 个', c.failed;
END
$$;
