-- Constants and pure functions. Here and below, functions that only our own functions call do not set search_path: they have their caller's, which
-- is pg_catalog, and setting it would cost more than most of them do.

-- The attempts of a video before it has failed for good.
CREATE OR REPLACE FUNCTION thumbnails.max_attempts() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 3 $$;

-- The advisory lock that means "the relay sleeps" if held exclusively, and "a transaction with hints is open" if held shared.
CREATE OR REPLACE FUNCTION thumbnails.wake_up_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 7204026001 $$;

-- Whether a row of `videos` with this URL has no thumbnail.
CREATE OR REPLACE FUNCTION thumbnails.lacks(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT url IS NULL OR url OPERATOR(pg_catalog.=) '' OR url OPERATOR(pg_catalog.~~) 'data:image/svg%' $$;

CREATE OR REPLACE FUNCTION thumbnails.is_off(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(btrim(value, E' \t\r\n')) IN ('false', 'off', 'no', '0') $$;

-- Whether this transaction rewrites URLs of the same videos, in any word that PostgreSQL takes for true.
CREATE OR REPLACE FUNCTION thumbnails.holds() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT lower(current_setting('thumbnails.hold', true)) IN ('on', 't', 'tr', 'tru', 'true', 'y', 'ye', 'yes', '1') $$;

-- The beginning of a refusal of the platform's, without what may differ each time: numbers, times, ids.
CREATE OR REPLACE FUNCTION thumbnails.words(refusal text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT left(regexp_replace(refusal, '[[:xdigit:]-]{12,}|[0-9]{2,}', '', 'g'), 200) $$;

CREATE OR REPLACE FUNCTION thumbnails.is_blank(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT btrim(coalesce(url, ''), E' \t\r\n') = '' $$;

-- The key in a public URL of our object for this video, or NULL: `thumbnails/<videoId>/<16 digits of its hash>-<claim token>.<extension>`, with the longer
-- side after the token if there are several sizes. Keys of other videos are ignored, so that nobody can have another's object deleted. An image proxy's
-- URL may have the key percent-encoded. The pattern is the same for all videos, since PostgreSQL keeps few compiled.
CREATE OR REPLACE FUNCTION thumbnails.object_key(url text, video_id uuid) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
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

-- The claim's token in such a URL. numeric, since anybody can write digits.
CREATE OR REPLACE FUNCTION thumbnails.token_of(url text, video_id uuid) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT split_part(split_part(thumbnails.object_key(url, video_id), '-', 6), '.', 1)::numeric $$;

-- How the names of a claim's objects begin that a URL or key names, of whatever video; NULL if it names none.
CREATE OR REPLACE FUNCTION thumbnails.claim_key(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT substring(url FROM 'thumbnails(?:/|%(?:25)*2[Ff])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:/|%(?:25)*2[Ff])([0-9a-f]{16}-[0-9]+)') $$;

-- Whether the handlers have made a picture: for this video or, as its metadata say, for the one of which the row is a copy or whose id it had.
CREATE OR REPLACE FUNCTION thumbnails.is_ours(url text, video_id uuid, metadata jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (thumbnails.object_key(url, video_id) IS NOT NULL OR metadata ? 'method' AND thumbnails.claim_key(url) IS NOT NULL) IS TRUE $$;

-- The delay after `attempt` failed ones (1 or 2): 1–2 min, then 20–40 min (equal jitter), or the origin's Retry-After if that is longer, at most 40 min:
-- an outage of twenty minutes must not use up the attempts, and recovery takes no more than an hour. A Retry-After that is no number is ignored.
CREATE OR REPLACE FUNCTION thumbnails.retry_delay(attempt integer, retry_after_seconds double precision, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_interval(secs => least(2400, greatest(
    CASE WHEN attempt <= 1 THEN 60 ELSE 1200 END * (1 + jitter),
    CASE WHEN retry_after_seconds < 'infinity' THEN retry_after_seconds ELSE 0 END)))
$$;

-- The delay after the n-th release: 10 s doubling to 5 min, equal jitter.
CREATE OR REPLACE FUNCTION thumbnails.release_delay(releases integer, jitter double precision) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT make_interval(secs => least(300, 10 * power(2, least(greatest(releases, 1), 10) - 1)) * (1 + jitter) / 2) $$;

-- How long a breaker stays open after that many faults in a row: from 5 on, as long as after so many releases without jitter; NULL below.
CREATE OR REPLACE FUNCTION thumbnails.breaker_delay(consecutive integer) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN consecutive >= 5 THEN thumbnails.release_delay(consecutive - 4, 1) END $$;

-- SHA-256 in hexadecimal, since some hosts have no MD5; of the bytes as they are, since a database in SQL_ASCII has any.
CREATE OR REPLACE FUNCTION thumbnails.hash(value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN encode(sha256(convert_to(value, 'SQL_ASCII')), 'hex'); END $$;

-- The tenant of a video (see `own`): a hash of its uploader, empty if the platform names none.
CREATE OR REPLACE FUNCTION thumbnails.tenant(video jsonb) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(left(thumbnails.hash(nullif(video ->> 'user_id', '')), 16), '') $$;

-- The shape that a row's own column asks for, as the beginning of a job's request.
CREATE OR REPLACE FUNCTION thumbnails.shape(video jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT CASE WHEN video ->> 'aspect_ratio' <> '' THEN jsonb_build_object('shape', video ->> 'aspect_ratio') ELSE '{}' END $$;

-- A time that the platform may store in any form; NULL if it is none. Not parallel safe, since parallel workers cannot catch exceptions.
CREATE OR REPLACE FUNCTION thumbnails.moment(value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN value::timestamptz;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;

-- ISO 8601 in UTC with milliseconds and Z; NULL if it is infinite.
CREATE OR REPLACE FUNCTION thumbnails.iso(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- When the server would cancel a statement or (PostgreSQL 17) its transaction; NULL if it would not.
CREATE OR REPLACE FUNCTION thumbnails.time_limit() RETURNS interval
LANGUAGE sql STABLE AS $$ SELECT least(nullif(current_setting('statement_timeout')::interval, '0'), nullif(current_setting('transaction_timeout', true)::interval, '0')) $$;

-- How long a statement does work that can go on later: it has to end before the server cancels it.
CREATE OR REPLACE FUNCTION thumbnails.patience() RETURNS interval
LANGUAGE sql STABLE AS $$ SELECT least(interval '2 seconds', thumbnails.time_limit() / 5) $$;

-- Locks a row of `locks` until the end of the transaction; false if another session has it.
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
