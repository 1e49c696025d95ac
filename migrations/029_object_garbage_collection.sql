-- The garbage collector's side of the database: which objects may be deleted. Only those that no row names and no worker can still report: keys contain
-- the claim's token, which is issued once. Three steps, each in its own transaction: take (marks keys as being deleted), delete in the store, forget. If
-- a collector dies in between, the key is taken again an hour later; deleting what is not there is no error.

-- The videos for which a storyboard was ever asked.
CREATE TABLE IF NOT EXISTS thumbnails.storyboards (
  video_id uuid PRIMARY KEY,
  key      text, -- The key of the last one made, and the claim that made it. What is shown is on the row alone (see `project`).
  token    bigint
);
-- Those that rows show if the system was taken out and is put in again.
INSERT INTO thumbnails.storyboards (video_id, key)
SELECT v.id, o.key FROM public.videos AS v CROSS JOIN LATERAL (SELECT thumbnails.object_key(v.thumbnail_metadata #>> '{storyboard,url}', v.id) AS key) AS o
 WHERE v.thumbnail_metadata ? 'storyboard' AND o.key IS NOT NULL
ON CONFLICT DO NOTHING;

-- The video of a key; NULL if the key is not one of ours. Also for a file that a local store left half-written: `.<name>.<pid>.part`.
CREATE OR REPLACE FUNCTION thumbnails.key_video(key text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substring(key FROM '^thumbnails/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/\.?[0-9a-f]{16}-[0-9]+(?:-[0-9]+)?\.[a-z0-9]+(?:\.[0-9]+\.part)?$')::uuid
$$;

-- Whether a row with this URL and these metadata shows an object, whose name may be anywhere in a URL, since platforms append queries. `name` is the
-- last part of its key, which is the same if an image proxy's URL has the key percent-encoded; the claim's token makes it unique.
CREATE OR REPLACE FUNCTION thumbnails.shows(url text, metadata jsonb, name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT strpos(url, name) > 0 OR strpos(metadata ->> 'sizes', name) > 0 OR strpos(metadata ->> 'storyboard', name) > 0 $$;

-- Those of the keys that nobody needs: no row shows the object, no worker has its video, and none of its results is kept. Jobs come first, rows in a
-- later statement, which sees what a worker has completed in between; a later worker has another key.
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
                                     AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, split_part(k.key, '/', 3)))
                  AND NOT EXISTS (SELECT FROM thumbnails.borrowed AS b JOIN public.videos AS v ON v.id = b.video_id
                                   WHERE b.key = thumbnails.claim_key(k.key) AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, b.key));
END
$$;

-- Takes up to `p_limit` objects that are due, the longest due first; none only if nothing is due, or after half a second. One that a row of its video
-- shows by now is needed and forgotten; one that another row shows, or whose video is in work, is examined again in a day.
CREATE OR REPLACE FUNCTION thumbnails.take_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  t timestamptz := clock_timestamp();
  due text[];
  unneeded text[];
BEGIN
  LOOP
    due := ARRAY(SELECT d.key FROM thumbnails.object_deletions AS d WHERE d.not_before <= t ORDER BY d.not_before LIMIT p_limit
                    FOR UPDATE SKIP LOCKED);
    unneeded := ARRAY(SELECT u.key FROM thumbnails.unneeded_objects(due) AS u);
    DELETE FROM thumbnails.object_deletions AS d USING public.videos AS v
     WHERE d.key = ANY (due) AND v.id = d.video_id AND thumbnails.shows(v.thumbnail_url, v.thumbnail_metadata, split_part(d.key, '/', 3));
    UPDATE thumbnails.object_deletions AS d
       SET refused = NULL, not_before = clock_timestamp() + CASE WHEN d.key = ANY (unneeded) THEN interval '1 hour' ELSE interval '1 day' END
     WHERE d.key = ANY (due);
    EXIT WHEN unneeded <> '{}' OR due = '{}' OR clock_timestamp() > t + interval '500 ms';
  END LOOP;
  RETURN QUERY SELECT u.key FROM unnest(unneeded) AS u (key);
END
$$;

CREATE OR REPLACE FUNCTION thumbnails.list_deletions(p_limit integer) RETURNS TABLE (key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(ARRAY(SELECT d.key FROM thumbnails.object_deletions d
                                                        WHERE d.not_before <= now() ORDER BY d.not_before LIMIT p_limit)) AS u
$$;

-- Removes deleted objects from the list. `p_refused`: the store did not delete them (`p_text` says why), again in an hour; `p_left`: not tried, due again.
CREATE OR REPLACE FUNCTION thumbnails.forget_objects(p_keys text[], p_refused text[] DEFAULT '{}', p_text text DEFAULT NULL, p_left text[] DEFAULT '{}')
RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE thumbnails.object_deletions AS d SET refused = left(p_text, 300) WHERE d.key = ANY (p_refused);
  UPDATE thumbnails.object_deletions AS d SET not_before = clock_timestamp() WHERE d.key = ANY (p_left);
  DELETE FROM thumbnails.borrowed AS b WHERE b.key = ANY (ARRAY(SELECT thumbnails.claim_key(k.key) FROM unnest(p_keys) AS k (key)));
  -- A row may have been inserted again meanwhile.
  INSERT INTO thumbnails.inbox (video_id, reason)
  SELECT v.id, 'shown' FROM unnest(p_keys) AS k (key) JOIN public.videos AS v ON v.id = thumbnails.key_video(k.key) AND thumbnails.object_key(v.thumbnail_url, v.id) = k.key;
  WITH forgotten AS (DELETE FROM thumbnails.object_deletions AS d WHERE d.key = ANY (p_keys) RETURNING 1) SELECT count(*)::integer FROM forgotten
$$;

-- Those of the listed keys that nobody needs or has recorded: objects of workers that died between upload and completion. Only of videos that this
-- database has or has deleted, since a bucket may hold another database's. A token that was not issued yet, or not before the video was deleted, belongs
-- to the database of which this one is a copy. A recorded main object stands for all of its claim.
CREATE OR REPLACE FUNCTION thumbnails.list_orphans(p_keys text[]) RETURNS TABLE (key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.key FROM thumbnails.unneeded_objects(p_keys) AS u
   WHERE substring(u.key FROM '[0-9a-f]{16}-([0-9]+)')::numeric
           <= CASE WHEN EXISTS (SELECT FROM public.videos AS v WHERE v.id = u.video_id) THEN (SELECT t.last_value FROM thumbnails.tokens AS t)
                   ELSE (SELECT max((e.detail ->> 'lastToken')::numeric) FROM thumbnails.events AS e WHERE e.video_id = u.video_id) END
     AND NOT EXISTS (SELECT FROM thumbnails.object_deletions d
                      WHERE d.video_id = u.video_id AND (d.key = u.key OR starts_with(split_part(d.key, '/', 3), thumbnails.claim_key(u.key) || '.')))
$$;

-- Records them for deletion, due at once, or in a day if the row may come back. Returns how many.
CREATE OR REPLACE FUNCTION thumbnails.put_down_orphans(p_keys text[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH put AS (
    INSERT INTO thumbnails.object_deletions (key, video_id, not_before)
    SELECT o.key, i.id, clock_timestamp() + CASE WHEN EXISTS (SELECT FROM public.videos AS v WHERE v.id = i.id) THEN interval '0' ELSE interval '1 day' END
      FROM thumbnails.list_orphans(p_keys) AS o CROSS JOIN LATERAL (SELECT thumbnails.key_video(o.key)) AS i (id)
    ON CONFLICT (key) DO NOTHING RETURNING 1)
  SELECT count(*)::integer FROM put
$$;

-- The key after which the walk through the store continues, so that each hourly sweep lists only a part of it.
CREATE OR REPLACE FUNCTION thumbnails.collector_position() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT p.collected_to FROM thumbnails.positions p $$;

CREATE OR REPLACE FUNCTION thumbnails.move_collector(p_last_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ UPDATE thumbnails.positions SET collected_to = p_last_key WHERE is_only $$;
