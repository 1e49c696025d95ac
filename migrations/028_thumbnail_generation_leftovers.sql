-- Videos that an earlier system calls waiting, at work or failed although their thumbnail is there: they are put into the inbox, and become
-- `completed` as it is worked off. No other row is touched: a thumbnail from before this system needs no mark.

INSERT INTO thumbnails.inbox (video_id, reason, old_state)
SELECT v.id, 'found', v.thumbnail_generation_status
  FROM public.videos v
 WHERE (v.status = 'completed' AND NOT (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
        AND (v.thumbnail_generation_status IN ('pending', 'processing')
             OR v.thumbnail_generation_status = 'failed' AND v.thumbnail_generation_error_code IS NULL)
        AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id AND j.kind = 'thumbnail')
        -- Rows that show another video's picture of ours, as copies of rows do: it is kept for them.
        OR v.thumbnail_url LIKE '%thumbnails/________-____-____-____-____________/%' AND strpos(v.thumbnail_url, v.id::text) = 0
           AND NOT EXISTS (SELECT FROM thumbnails.borrowed b WHERE b.key = thumbnails.claim_key(v.thumbnail_url) AND b.video_id = v.id))
   AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id);
