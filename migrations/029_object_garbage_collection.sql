-- The garbage collector's side of the database: which objects may go. It only ever removes what no row names and no worker can
-- still hand in: keys carry the claim's token, which is given out once.
--
-- Three steps, each its own transaction: take (marks keys as being deleted), delete in the store, forget. A collector that dies in
-- between leaves a key that is taken again an hour later; deleting what is not there is no error.

-- The videos a storyboard was ever asked for. It stays when the video goes: by it the garbage collector knows the objects for ours.
CREATE TABLE IF NOT EXISTS thumbnails.storyboards (
  video_id uuid PRIMARY KEY,
  -- Of the one that is on the row: what it was made of, as a hash, for URLs may hold secrets; its key; and the claim that made it.
  source   text,
  key      text,
  token    bigint
);

-- The video a key belongs to; NULL where the key is not one of ours. Also of what a local store left half-written: `.<name>.<pid>.part`.
CREATE OR REPLACE FUNCTION thumbnails.key_video(key text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substring(key FROM '^thumbnails/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/\.?[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+(?:\.[0-9]+\.part)?$')::uuid
$$;

-- Of the keys given, those nobody needs: the video is gone, or has another thumbnail (or none), no other row shows it, no worker is at it, and no
-- result of it is kept. Jobs first, rows in a later statement: what a worker has handed in between is seen there, and a later one has another
-- key. A URL names a key wherever it holds it: platforms append queries to what they show.
CREATE OR REPLACE FUNCTION thumbnails.unneeded_objects(p_keys text[]) RETURNS TABLE (key text, video_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
                                     AND (strpos(v.thumbnail_url, k.key) > 0 OR strpos(v.thumbnail_metadata ->> 'sizes', k.key) > 0
                                          OR strpos(v.thumbnail_metadata ->> 'storyboard', k.key) > 0))
                  AND NOT EXISTS (SELECT FROM thumbnails.borrowed AS b JOIN public.videos AS v ON v.id = b.video_id
                                   WHERE b.key = thumbnails.claim_key(k.key) AND strpos(v.thumbnail_url, b.key) > 0);
END
$$;

-- Takes up to `p_limit` objects whose time has come, the longest due first. One that a row names by now is needed after all and
-- struck off; one whose video is at work waits.
CREATE OR REPLACE FUNCTION thumbnails.take_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := clock_timestamp();
  due text[];
  unneeded text[];
BEGIN
  due := ARRAY(SELECT d.key FROM thumbnails.object_deletions AS d WHERE d.not_before <= t ORDER BY d.not_before LIMIT p_limit
                  FOR UPDATE SKIP LOCKED);
  unneeded := ARRAY(SELECT u.key FROM thumbnails.unneeded_objects(due) AS u);
  DELETE FROM thumbnails.object_deletions AS d USING public.videos AS v
   WHERE d.key = ANY (due) AND v.id = d.video_id AND strpos(v.thumbnail_url, d.key) > 0;
  UPDATE thumbnails.object_deletions AS d
     SET refused = NULL, not_before = clock_timestamp() + CASE WHEN d.key = ANY (unneeded) THEN interval '1 hour' ELSE interval '5 minutes' END
   WHERE d.key = ANY (due);
  RETURN QUERY SELECT u.key FROM unnest(unneeded) AS u (key);
END
$$;

-- What `take_deletions` would take: for a dry run.
CREATE OR REPLACE FUNCTION thumbnails.list_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions d
                                                        WHERE d.not_before <= now() ORDER BY d.not_before LIMIT p_limit)) AS u
$$;

-- Strikes off what has been deleted, and notes what the store said of the others, `p_refused`, which are tried again.
CREATE OR REPLACE FUNCTION thumbnails.forget_objects(p_keys text[], p_refused text[] DEFAULT '{}', p_text text DEFAULT NULL) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE thumbnails.object_deletions AS d SET refused = left(p_text, 300) WHERE d.key = ANY (p_refused);
  DELETE FROM thumbnails.borrowed AS b WHERE b.key = ANY (ARRAY(SELECT thumbnails.claim_key(k.key) FROM unnest(p_keys) AS k (key)));
  DELETE FROM thumbnails.storyboards AS s WHERE s.key = ANY (p_keys) AND NOT EXISTS (SELECT FROM public.videos AS v WHERE v.id = s.video_id);
  WITH forgotten AS (DELETE FROM thumbnails.object_deletions AS d WHERE d.key = ANY (p_keys) RETURNING 1) SELECT count(*)::integer FROM forgotten
$$;

-- Of what the store lists, that which nobody needs or has put down: what a worker uploaded that died before it could hand it in. Only of
-- videos this database has: a bucket may hold another one's, and a deleted video's object is put down when the row goes. The objects of a
-- deleted video's storyboard are found here. A token that was not given out yet is of the database that this one is a copy of. A main object that
-- is put down stands for all of its claim: the others stay as long as it does, and go with it.
CREATE OR REPLACE FUNCTION thumbnails.list_orphans(p_keys text[]) RETURNS TABLE (key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE (EXISTS (SELECT FROM public.videos v WHERE v.id = u.video_id) OR EXISTS (SELECT FROM thumbnails.storyboards s WHERE s.video_id = u.video_id))
     AND substring(u.key FROM '[0-9a-f]{16}-([0-9]+)')::numeric <= (SELECT t.last_value FROM thumbnails.tokens t)
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d WHERE d.key = u.key)
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d
                      WHERE d.video_id = u.video_id AND starts_with(d.key, thumbnails.claim_key(u.key) || '.'))
$$;

-- Puts those down, due at once. Answers how many.
CREATE OR REPLACE FUNCTION thumbnails.put_down_orphans(p_keys text[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH put AS (
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    SELECT o.key, thumbnails.key_video(o.key), clock_timestamp() FROM thumbnails.list_orphans(p_keys) AS o
    ON CONFLICT (key) DO NOTHING RETURNING 1)
  SELECT count(*)::integer FROM put
$$;

-- The key after which the walk through the store's listing goes on, so that the hourly sweep needs to look at a part of it only.
CREATE OR REPLACE FUNCTION thumbnails.collector_position() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT p.collected_to FROM thumbnails.positions p $$;

CREATE OR REPLACE FUNCTION thumbnails.move_collector(p_last_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ UPDATE thumbnails.positions SET collected_to = p_last_key WHERE is_only $$;

DO $$ BEGIN PERFORM thumbnails.hand_out('{unneeded_objects, take_deletions, list_deletions, forget_objects, put_down_orphans, list_orphans,
  collector_position, move_collector}'); END $$;
