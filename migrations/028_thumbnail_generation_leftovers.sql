-- A renamed table that was `videos` before still has our triggers and the index, whose name is needed; a copy of it in another schema has the triggers,
-- too. The index of a partitioned table is built here, since it cannot be built without blocking writers.
DO $$
DECLARE
  act text;
BEGIN
  PERFORM set_config('lock_timeout', '1100ms', true);
  FOR act IN
    SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
     WHERE p.pronamespace = 'thumbnails'::regnamespace AND t.tgparentid = 0 AND t.tgrelid <> 'public.videos'::regclass AND pg_has_role(c.relowner, 'USAGE')
     UNION ALL
    SELECT 'DROP INDEX public.videos_thumbnail_lacking' FROM pg_index i
     WHERE i.indexrelid = to_regclass('public.videos_thumbnail_lacking') AND i.indrelid <> 'public.videos'::regclass
     UNION ALL
    SELECT $a$CREATE INDEX IF NOT EXISTS videos_thumbnail_lacking ON public.videos (id)
      WHERE status = 'completed' AND (thumbnail_url IS NULL OR thumbnail_url = '' OR thumbnail_url LIKE 'data:image/svg%')$a$
      FROM pg_class c WHERE c.oid = 'public.videos'::regclass AND c.relkind = 'p'
  LOOP
    EXECUTE act;
  END LOOP;

  -- If the system was taken out and is put in again, tokens go on behind those that the rows' objects have; absurd ones do not count.
  PERFORM setval('thumbnails.tokens', greatest(kept.token, nextval('thumbnails.tokens')))
    FROM (SELECT max(split_part(thumbnails.claim_key(o.url), '-', 2)::numeric)::bigint AS token
            FROM public.videos v CROSS JOIN LATERAL (VALUES (v.thumbnail_url), (v.thumbnail_metadata #>> '{storyboard,url}')) AS o (url)
           WHERE length(split_part(thumbnails.claim_key(o.url), '-', 2)) <= 15) AS kept, thumbnails.tokens t
   WHERE kept.token >= t.last_value + t.is_called::integer;
END
$$;

-- Videos that an earlier system left as waiting, processing or failed although they have a thumbnail go into the inbox, and become `completed` from
-- there; but where ours is on a row that waits or has attempts left, a new one was wanted, and is made.
INSERT INTO thumbnails.inbox (video_id, reason, old_state)
SELECT v.id, CASE WHEN v.thumbnail_generation_status <> 'processing' AND thumbnails.is_ours(v.thumbnail_url, v.id, v.thumbnail_metadata) THEN 'finished' ELSE 'found' END,
       v.thumbnail_generation_status
  FROM public.videos v
 WHERE (v.status = 'completed' AND NOT (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
        AND (v.thumbnail_generation_status IN ('pending', 'processing')
             OR v.thumbnail_generation_status = 'failed' AND (v.thumbnail_generation_error_code IS NULL
               OR NOT thumbnails.is_final(v.thumbnail_generation_error_code, v.thumbnail_generation_attempts)))
        AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id AND j.kind = 'thumbnail')
        -- Rows that show our picture of another video, as copies of rows do, so that it is kept for them.
        OR v.thumbnail_url LIKE '%thumbnails%________-____-____-____-____________%' AND strpos(v.thumbnail_url, v.id::text) = 0
           AND NOT EXISTS (SELECT FROM thumbnails.borrowed b WHERE b.key = thumbnails.claim_key(v.thumbnail_url) AND b.video_id = v.id))
   AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id);
