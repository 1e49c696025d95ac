-- Everything internal is in a schema of its own, closed to all but its owner and the handlers' role.
DO $$
DECLARE
  is_new boolean := to_regclass('public.system_config') IS NULL;
  other record;
BEGIN
  -- IF NOT EXISTS would ask for the right even if it exists.
  IF to_regnamespace('thumbnails') IS NULL THEN
    CREATE SCHEMA thumbnails;
  END IF;
  REVOKE ALL ON SCHEMA thumbnails FROM PUBLIC;
  IF is_new THEN
    CREATE TABLE public.system_config (
      key         text PRIMARY KEY,
      value       text NOT NULL,
      description text,
      created_at  timestamptz NOT NULL DEFAULT now(),
      updated_at  timestamptz NOT NULL DEFAULT now()
    );
    ALTER TABLE public.system_config NO FORCE ROW LEVEL SECURITY;
  END IF;
  -- It is for secrets, so what default privileges grant to others is revoked, also on the schema. Later grants stay.
  FOR other IN SELECT d.what, a.grantee
                 FROM (SELECT 'SCHEMA thumbnails' AS what, n.nspacl AS acl, n.nspowner AS owner FROM pg_namespace n
                        WHERE n.nspname = 'thumbnails' AND to_regclass('thumbnails.inbox') IS NULL
                       UNION ALL
                       SELECT 'public.system_config', c.relacl, c.relowner FROM pg_class c WHERE is_new AND c.oid = 'public.system_config'::regclass) AS d
                CROSS JOIN LATERAL aclexplode(d.acl) AS a WHERE a.grantee NOT IN (0, d.owner) LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', other.what, pg_get_userbyid(other.grantee));
  END LOOP;
END
$$;

-- All that the platform's transactions write: append-only, without a unique key, so that they never wait for us. `merge` turns it into jobs.
CREATE TABLE IF NOT EXISTS thumbnails.inbox (
  id            bigint GENERATED ALWAYS AS IDENTITY,
  video_id      uuid NOT NULL,
  -- finished, source (another video_url), picture (another thumbnail_url), state (another program's), gone, found (by the sweep), asked (by a person).
  reason        text NOT NULL,
  old_source    text,
  old_key       text, -- The key of our object only: a picture of the platform's may be a data: URL of megabytes
  old_state     text,
  xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Who acts, by the setting `role`, which SECURITY DEFINER does not change.
  by_role       text NOT NULL DEFAULT coalesce(nullif(current_setting('role', true), 'none'), session_user::text)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off);

-- Hints whose merge raised an error, which the sweep retries; and, without an SQLSTATE, rows whose state could not be written: every ten seconds.
CREATE TABLE IF NOT EXISTS thumbnails.set_aside (
  video_id   uuid NOT NULL,
  reason     text NOT NULL,
  old_source text,
  old_key    text,
  old_state  text,
  sqlstate   text NOT NULL,
  text       text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Webhooks posted by pg_net, by the id under which it keeps the answer, for a day.
CREATE TABLE IF NOT EXISTS thumbnails.pg_net_posts (
  request_id bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Fencing tokens. A sequence and not the attempt number, which repeats after a release (ABA).
CREATE SEQUENCE IF NOT EXISTS thumbnails.tokens AS bigint;

-- Queue, lease, fencing token and outbox in one. A row exists as long as something is to be done.
CREATE TABLE IF NOT EXISTS thumbnails.jobs (
  video_id      uuid NOT NULL,
  kind          text NOT NULL DEFAULT 'thumbnail', -- thumbnail or storyboard; they are independent of each other
  lane          smallint NOT NULL,                 -- 0 fresh, 1 a tenant's further jobs and retries, 2 bulk, 3 storyboards, 9 results that only SQL writes
  tenant        text NOT NULL DEFAULT '',          -- Hash of the uploader; empty if the platform names none
  is_earned     boolean NOT NULL DEFAULT false,    -- Admitted by a job of its tenant that ended quickly: it may run beside more than one other
  -- When it may be claimed, which is also the end of a lease. Infinite: parked until a job of its tenant ends.
  due_at        timestamptz NOT NULL,
  attempts      smallint NOT NULL DEFAULT 0,
  releases      smallint NOT NULL DEFAULT 0,       -- How often storage or configuration was at fault, or the platform refused the result
  token         bigint,
  claimed_at    timestamptz,
  source_url    text,
  old_thumbnail text,
  -- What was asked for: {aspectRatio, timeSeconds, regenerate}; `shape`, which the row's own column asks for; `again`: if it fails, it starts anew.
  request       jsonb NOT NULL DEFAULT '{}',
  result        jsonb,                             -- A result that waits to be written: the argument of `settle`, with the claim's token and the refusal
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (video_id, kind)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off);

-- Every transition, for people and for the tests' auditor. Not partitioned: adding or removing partitions blocks writers.
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
  -- For a claim, its worker; for a completed attempt, what it took and found; for a decoder that was brought down, how it ended and whose it was.
  detail      jsonb,
  -- The transaction that wrote the event. Events before the oldest running transaction are final and can be added up.
  xid         bigint DEFAULT pg_current_xact_id()::text::bigint,
  PRIMARY KEY (video_id, id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

-- The history added up by the hour. It outlives the events, so that counters never go back. Hour '-infinity' has what is too old for a chart.
-- numeric, since sums of floating-point numbers depend on their order.
CREATE TABLE IF NOT EXISTS thumbnails.hourly_totals (
  hour    timestamptz,
  measure text,
  label   text,
  value   numeric NOT NULL,
  PRIMARY KEY (hour, measure, label)
);

-- A single row: how far background work has come.
CREATE TABLE IF NOT EXISTS thumbnails.positions (
  is_only        boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  folded_before  bigint NOT NULL DEFAULT 0, -- Only events of transactions before this one are in `hourly_totals`
  folded_at      timestamptz NOT NULL DEFAULT '-infinity',
  pruned_before  timestamptz,               -- The history has been deleted up to this time; NULL: never
  swept_to       uuid,                      -- The sweep has examined all videos without a picture up to this id; NULL if none is under way
  collected_to   text NOT NULL DEFAULT '',  -- The garbage collector's walk through the store continues after this key
  last_sweep     jsonb,
  deliverer      text,                      -- The handler that keeps waking workers after a sweep, and until when no other one does
  delivers_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- Rows to lock, each for one kind of work: `merge` (also held while many jobs are started or ended), `sweep`, `totals`, `tokens`, and 256 for tenants,
-- one of which is held while a job of theirs is claimed. No advisory locks, which anybody who can connect could hold for ever.
CREATE TABLE IF NOT EXISTS thumbnails.locks (name text PRIMARY KEY);

-- The rows that always have to be there. They are made again if missing, since tables may be emptied or dumped without rows.
CREATE OR REPLACE FUNCTION thumbnails.make_rows() RETURNS void
LANGUAGE sql AS $$
  INSERT INTO thumbnails.positions DEFAULT VALUES ON CONFLICT DO NOTHING;
  INSERT INTO thumbnails.locks (name) VALUES ('merge'), ('sweep'), ('totals'), ('tokens') ON CONFLICT DO NOTHING;
  INSERT INTO thumbnails.locks (name) SELECT 'tenant ' || lpad(to_hex(n), 2, '0') FROM generate_series(0, 255) AS n ON CONFLICT DO NOTHING;
$$;

-- Objects that no row names any more; the garbage collector removes them after `not_before`.
CREATE TABLE IF NOT EXISTS thumbnails.object_deletions (
  key        text PRIMARY KEY,
  video_id   uuid NOT NULL,
  not_before timestamptz NOT NULL,
  refused    text -- Why the store did not delete it
);

-- Rows that show objects of another video's claim, as after copying or merging rows: `key` is how the objects' names begin.
CREATE TABLE IF NOT EXISTS thumbnails.borrowed (
  key      text,
  video_id uuid,
  PRIMARY KEY (key, video_id)
);

-- A row for each class of fault that is not the video's, and each host. Class `manual`: a person has paused a host, all (`*`) or a tenant (`tenant …`).
CREATE TABLE IF NOT EXISTS thumbnails.breakers (
  class       text NOT NULL,
  host        text NOT NULL,
  consecutive integer NOT NULL,
  video_ids   uuid[] NOT NULL,
  open_until  timestamptz,
  probe_until timestamptz,
  last_error  text,
  updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (class, host)
);

-- An existing index is skipped: CREATE INDEX IF NOT EXISTS locks the table before it looks, and this runs under load.
DO $$
DECLARE
  definition text;
BEGIN
  FOR definition IN SELECT d FROM unnest(ARRAY[
    'inbox_order ON thumbnails.inbox (id)',
    'inbox_video ON thumbnails.inbox (video_id)',
    -- For claims and rescue alike, since a job whose lease is over is due.
    'jobs_due ON thumbnails.jobs (lane, due_at)',
    -- What a tenant has admitted, and what is parked.
    'jobs_admitted ON thumbnails.jobs (tenant, due_at) WHERE tenant <> '''' AND due_at < ''infinity''',
    'jobs_held ON thumbnails.jobs (tenant) WHERE tenant <> '''' AND token IS NOT NULL',
    'jobs_parked ON thumbnails.jobs (tenant, created_at) WHERE due_at = ''infinity''',
    'events_recent ON thumbnails.events USING brin (at, xid) WITH (autosummarize = on)',
    'events_failed ON thumbnails.events (at, video_id) WHERE to_status = ''failed''',
    'object_deletions_due ON thumbnails.object_deletions (not_before)'
  ]) AS d WHERE to_regclass('thumbnails.' || split_part(d, ' ', 1)) IS NULL LOOP
    EXECUTE 'CREATE INDEX ' || definition;
  END LOOP;
  -- The answer of a claim; `answer` is that of `complete` if one call does both. A named type, since one of OUT parameters is assembled at each call.
  IF to_regtype('thumbnails.claim_answer') IS NULL THEN
    CREATE TYPE thumbnails.claim_answer AS (
      outcome text, video_id uuid, kind text, token bigint, attempt integer, video_url text, aspect_ratio text, time_seconds double precision,
      retry_after_seconds double precision, class text, detail text, tenant text, answer text);
  END IF;
  -- If all tables are published, DELETE needs a key that identifies the row.
  FOR definition IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relname ~ '^(inbox|set_aside|pg_net_posts)$' AND c.relreplident <> 'f' LOOP
    EXECUTE format('ALTER TABLE thumbnails.%I REPLICA IDENTITY FULL', definition);
  END LOOP;
END
$$;

-- So that row level security hides none of our rows from the owner, even if an event trigger forces it on every new table.
CREATE OR REPLACE FUNCTION thumbnails.show_own_tables() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  forced record;
BEGIN
  FOR forced IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relforcerowsecurity LOOP
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', forced.name::regclass);
  END LOOP;
END
$$;
DO $$ BEGIN PERFORM thumbnails.show_own_tables(), thumbnails.make_rows(); END $$;
