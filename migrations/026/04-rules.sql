-- Constants and pure functions. What is called by our own functions alone has no search_path of its own, here and below: it has that of
-- its caller, which is pg_catalog; one of its own would cost more than most of them do.

-- Attempts a video gets before it is failed for good.
CREATE OR REPLACE FUNCTION thumbnails.max_attempts() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 3 $$;

-- Advisory lock that says "the relay sleeps" while held exclusively, and "a transaction with hints is open" while held shared.
CREATE OR REPLACE FUNCTION thumbnails.wake_up_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026001 $$;

-- Whether a row of `videos` with this URL has no thumbnail.
CREATE OR REPLACE FUNCTION thumbnails.lacks(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT url IS NULL OR url OPERATOR(pg_catalog.=) '' OR url OPERATOR(pg_catalog.~~) 'data:image/svg%'
$$;

-- Whether a setting of system_config says no.
CREATE OR REPLACE FUNCTION thumbnails.is_off(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(btrim(value, E' \t\r\n')) IN ('false', 'off', 'no', '0') $$;

-- Whether there is nothing to fetch.
CREATE OR REPLACE FUNCTION thumbnails.is_blank(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT btrim(coalesce(url, ''), E' \t\r\n') = '' $$;

-- The object key inside a public URL of ours for this video, or NULL: `thumbnails/<videoId>/<content hash>-<claim token>.<extension>`, with the
-- longer side after the token where a picture is stored in several sizes. The hash has 16 digits: what the platform keeps in the same folder
-- under names of its own is not ours. Another video's key, and what comes after the key, are not looked at: nobody can have another one's
-- object put down. The pattern is the same for every video, for PostgreSQL keeps only some compiled.
CREATE OR REPLACE FUNCTION thumbnails.object_key(url text, video_id uuid) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folder text := 'thumbnails/' || video_id::text || '/';
  place integer := strpos(url, folder);
BEGIN
  IF place = 0 THEN
    RETURN NULL;
  END IF;
  RETURN folder || substring(substr(url, place + 48) FROM '^[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+');
END
$$;

-- How the keys of the claim's objects begin that a URL, or a key, names, whosever video they are of; NULL where it names none.
CREATE OR REPLACE FUNCTION thumbnails.claim_key(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(url FROM 'thumbnails/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{16}-[0-9]+') $$;

-- Delay before the next attempt after `attempt` failed ones (1 or 2): 1–2 min, then 20–40 min (equal jitter, `jitter` in
-- [0, 1)), or what the origin asked for with Retry-After if that is longer, at most 40 min: an outage of twenty minutes
-- must not use up a new video's attempts, and recovery stays within the hour. What is no number of seconds counts as not asked.
CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision)
RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_interval(secs => least(2400, greatest(
    CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
    CASE WHEN retry_after_seconds < 'infinity' THEN retry_after_seconds ELSE 0 END)))
$$;

-- Delay after the n-th time an attempt was given back: 10 s doubling to 5 min, equal jitter.
CREATE OR REPLACE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2)
$$;

-- How long a breaker stays open after so many faults in a row: it opens at 5, 10 s doubling to 5 min; NULL below that.
CREATE OR REPLACE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN consecutive >= 5
              THEN make_interval(secs => least(300, 10 * power(2, least(consecutive - 5, 10)))) END
$$;

-- SHA-256 in hexadecimal, for some hosts have no MD5; of the bytes as they are, for a database in SQL_ASCII holds any.
CREATE OR REPLACE FUNCTION thumbnails.hash(value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN encode(sha256(convert_to(value, 'SQL_ASCII')), 'hex'); END $$;

-- The tenant of a video (see `own`): a hash of its uploader, empty where the platform names none.
CREATE OR REPLACE FUNCTION thumbnails.tenant(video jsonb) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(left(thumbnails.hash(nullif(video ->> 'user_id', '')), 16), '') $$;

-- The shape a row's own column asks for, as the beginning of a job's request.
CREATE OR REPLACE FUNCTION thumbnails.shape(video jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN video ->> 'aspect_ratio' <> '' THEN jsonb_build_object('shape', video ->> 'aspect_ratio') ELSE '{}' END
$$;

-- A time that the platform may keep in any form; NULL where it is none. Not for parallel processes, which can catch no exception.
CREATE OR REPLACE FUNCTION thumbnails.moment(value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN value::timestamptz;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;

-- ISO 8601 in UTC with milliseconds and Z; NULL where it is infinite.
CREATE OR REPLACE FUNCTION thumbnails.iso(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- When the server would end a statement, or its transaction (PostgreSQL 17); NULL where it would not.
CREATE OR REPLACE FUNCTION thumbnails.time_limit() RETURNS interval
LANGUAGE sql STABLE AS $$
  SELECT least(nullif(current_setting('statement_timeout')::interval, '0'), nullif(current_setting('transaction_timeout', true)::interval, '0'))
$$;

-- How long what can go on later goes on in one statement: it has to end by itself before the server ends it.
CREATE OR REPLACE FUNCTION thumbnails.patience() RETURNS interval
LANGUAGE sql STABLE AS $$ SELECT least(interval '2 seconds', thumbnails.time_limit() / 5) $$;

-- Holds a row of `locks` until the end of the transaction; false where another session does.
CREATE OR REPLACE FUNCTION thumbnails.try_lock(lock_name text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM thumbnails.locks l WHERE l.name = lock_name FOR UPDATE SKIP LOCKED;
  IF NOT FOUND AND NOT EXISTS (SELECT FROM thumbnails.locks l WHERE l.name = lock_name) THEN
    PERFORM thumbnails.make_rows();
    RETURN thumbnails.try_lock(lock_name);
  END IF;
  RETURN FOUND;
END
$$;
