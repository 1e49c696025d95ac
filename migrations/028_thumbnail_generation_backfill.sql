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
           thumbnail_metadata = coalesce(thumbnail_metadata, '{}') || '{"source": "backfill"}'
     WHERE id = ANY (batch)
       AND status = 'completed'
       AND thumbnail_generation_status IS NULL
       AND thumbnail_url IS NOT NULL AND thumbnail_url NOT LIKE 'data:image/svg%';
    COMMIT;
  END LOOP;
END
$$;

REVOKE ALL ON PROCEDURE thumbnails.backfill(integer) FROM PUBLIC;

CALL thumbnails.backfill();
