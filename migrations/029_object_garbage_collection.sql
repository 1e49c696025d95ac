-- The garbage collector's side of the database: which objects may go. It only ever removes what no row names and no worker can
-- still hand in: keys carry the claim's token, which is given out once.
--
-- migrate: own-transactions
--
-- Three steps, each its own transaction: take (marks keys as being deleted), delete in the store, forget. A collector that dies in
-- between leaves a key that is taken again an hour later; deleting what is not there is no error.

BEGIN;
SET LOCAL client_min_messages = warning;

-- Where the walk through the store's listing goes on, so that the hourly sweep needs to look at a part of it only.
CREATE TABLE IF NOT EXISTS thumbnails.collector_position (
  is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  last_key text NOT NULL
);

-- The video a key belongs to; NULL where the key is not one of ours. Also of what a local store left half-written: `.<name>.<pid>.part`.
CREATE OR REPLACE FUNCTION thumbnails.key_video(key text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substring(key FROM '^thumbnails/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/\.?[0-9a-f]+-[0-9]+\.[a-z]+(?:\.[0-9]+\.part)?$')::uuid
$$;

-- Of the keys given, those nobody needs: the video is gone, or has another thumbnail (or none) and nobody at work. A row that is
-- locked is looked at another time. A URL names a key wherever it holds it: platforms append queries to what they show.
CREATE OR REPLACE FUNCTION thumbnails.unneeded_objects(p_keys text[]) RETURNS TABLE (key text, video_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH ours AS MATERIALIZED (
    SELECT k.key, thumbnails.key_video(k.key) AS video_id FROM unnest(p_keys) AS k (key) WHERE thumbnails.key_video(k.key) IS NOT NULL
  ), held AS MATERIALIZED (
    SELECT v.id, v.thumbnail_generation_status AS state, coalesce(v.thumbnail_url, '') AS url
      FROM public.videos v
     WHERE v.id = ANY (ARRAY(SELECT o.video_id FROM ours o))
     ORDER BY v.id
       FOR NO KEY UPDATE SKIP LOCKED
  )
  SELECT o.key, o.video_id
    FROM ours o
    LEFT JOIN held h ON h.id = o.video_id
   WHERE CASE WHEN h.id IS NULL THEN NOT EXISTS (SELECT FROM public.videos v WHERE v.id = o.video_id)
              ELSE h.state IS DISTINCT FROM 'processing' AND strpos(h.url, o.key) = 0 END;
END
$$;

-- Takes up to `p_limit` objects whose time has come, the longest due first. One that a row names by now is needed after all and
-- struck off; one whose video is at work, or locked, waits.
CREATE OR REPLACE FUNCTION thumbnails.take_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  due text[];
  unneeded text[];
BEGIN
  SELECT array_agg(d.key) INTO due
    FROM (SELECT key FROM thumbnails.object_deletions WHERE not_before <= clock_timestamp() ORDER BY not_before LIMIT p_limit
            FOR UPDATE SKIP LOCKED) AS d;
  IF due IS NULL THEN
    RETURN;
  END IF;
  SELECT array_agg(u.key) INTO unneeded FROM thumbnails.unneeded_objects(due) AS u;
  DELETE FROM thumbnails.object_deletions d
   USING public.videos v
   WHERE d.key = ANY (due) AND v.id = d.video_id AND strpos(v.thumbnail_url, d.key) > 0;
  UPDATE thumbnails.object_deletions d
     SET not_before = clock_timestamp() + CASE WHEN d.key = ANY (unneeded) THEN interval '1 hour' ELSE interval '5 minutes' END
   WHERE d.key = ANY (due);
  RETURN QUERY SELECT unnest(unneeded);
END
$$;

-- What `take_deletions` would take: for a dry run.
CREATE OR REPLACE FUNCTION thumbnails.list_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions d
                                                        WHERE d.not_before <= clock_timestamp() ORDER BY d.not_before LIMIT p_limit)) AS u
$$;

-- Strikes off what has been deleted.
CREATE OR REPLACE FUNCTION thumbnails.forget_objects(p_keys text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  forgotten integer;
BEGIN
  DELETE FROM thumbnails.object_deletions WHERE key = ANY (p_keys);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END
$$;

-- Puts down, due at once, what the store lists and nobody needs or has put down: what a worker uploaded that died before it could
-- hand it in. Only of videos this database has: a bucket may hold another one's, and a deleted video's object is put down when the
-- row goes. Answers how many.
CREATE OR REPLACE FUNCTION thumbnails.put_down_orphans(p_keys text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_keys integer;
BEGIN
  INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
  SELECT u.key, u.video_id, clock_timestamp() FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE EXISTS (SELECT FROM public.videos v WHERE v.id = u.video_id)
  ON CONFLICT (key) DO NOTHING;
  GET DIAGNOSTICS found_keys = ROW_COUNT;
  RETURN found_keys;
END
$$;

-- The same without putting them down: for a dry run.
CREATE OR REPLACE FUNCTION thumbnails.list_orphans(p_keys text[]) RETURNS TABLE (key text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE EXISTS (SELECT FROM public.videos v WHERE v.id = u.video_id)
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = u.key)
$$;

CREATE OR REPLACE FUNCTION thumbnails.collector_position() RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce((SELECT last_key FROM thumbnails.collector_position), '') $$;

CREATE OR REPLACE FUNCTION thumbnails.move_collector(p_last_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO thumbnails.collector_position (last_key) VALUES (p_last_key) ON CONFLICT (is_only) DO UPDATE SET last_key = excluded.last_key
$$;

REVOKE ALL ON thumbnails.collector_position FROM PUBLIC;
REVOKE ALL ON FUNCTION thumbnails.key_video(text), thumbnails.unneeded_objects(text[]), thumbnails.take_deletions(integer),
  thumbnails.list_deletions(integer), thumbnails.forget_objects(text[]), thumbnails.put_down_orphans(text[]), thumbnails.list_orphans(text[]),
  thumbnails.collector_position(), thumbnails.move_collector(text) FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'thumbnail_handlers') THEN
    GRANT EXECUTE ON FUNCTION thumbnails.take_deletions(integer), thumbnails.list_deletions(integer), thumbnails.forget_objects(text[]),
      thumbnails.put_down_orphans(text[]), thumbnails.list_orphans(text[]), thumbnails.collector_position(), thumbnails.move_collector(text)
    TO thumbnail_handlers;
  END IF;
END
$$;
COMMIT;
