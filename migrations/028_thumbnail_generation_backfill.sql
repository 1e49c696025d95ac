-- Marks videos that had a thumbnail before 026 as completed, in batches of their own transactions.
--
-- migrate: own-transactions
--
-- The mark `source: backfill` keeps them out of the mean generation time.

CREATE OR REPLACE PROCEDURE thumbnails.backfill(batch_size integer DEFAULT 5000)
LANGUAGE plpgsql AS $$
DECLARE
  last_id uuid := uuid '00000000-0000-0000-0000-000000000000';
  batch uuid[];
BEGIN
  LOOP
    -- Walks the primary key, so that every batch starts where the one before ended.
    SELECT array_agg(id) INTO batch
      FROM (SELECT id FROM public.videos WHERE id > last_id ORDER BY id LIMIT batch_size) AS page;
    EXIT WHEN batch IS NULL;
    last_id := batch[cardinality(batch)];

    UPDATE public.videos
       SET thumbnail_generation_status = 'completed',
           thumbnail_generation_error = NULL,
           thumbnail_metadata = CASE WHEN jsonb_typeof(thumbnail_metadata) = 'object' THEN thumbnail_metadata ELSE '{}' END
                                || '{"source": "backfill"}'
     WHERE id = ANY (batch)
       AND status = 'completed'
       -- Also what the original called waiting or failed although the thumbnail is there. A row of ours has a token, a time or a
       -- class.
       AND (thumbnail_generation_status IS NULL
            OR thumbnail_generation_status IN ('pending', 'failed', 'processing')
               AND thumbnail_generation_claim_token IS NULL AND thumbnail_generation_next_attempt_at IS NULL
               AND thumbnail_generation_error_code IS NULL)
       AND thumbnail_url IS NOT NULL AND thumbnail_url NOT LIKE 'data:image/svg%';
    -- Given up by the original without a word: from now on every failure says why.
    UPDATE public.videos
       SET thumbnail_generation_error = 'failed before this system, no reason was recorded'
     WHERE id = ANY (batch) AND thumbnail_generation_status = 'failed' AND thumbnail_generation_error IS NULL;
    COMMIT;
  END LOOP;
END
$$;

REVOKE ALL ON PROCEDURE thumbnails.backfill(integer) FROM PUBLIC;

CALL thumbnails.backfill();
