-- Partial indexes for claims, polling and the sweep, built without blocking writers.
--
-- migrate: own-transactions
--
-- Run each statement by itself where an SQL editor wraps everything in one transaction: CREATE INDEX CONCURRENTLY
-- refuses to run in one.

-- A build that was broken off leaves an index nobody uses and IF NOT EXISTS would keep.
DO $$
DECLARE
  broken name;
BEGIN
  FOR broken IN
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = 'public.videos'::regclass AND NOT i.indisvalid AND c.relname LIKE 'videos\_thumbnail\_%'
  LOOP
    EXECUTE format('DROP INDEX public.%I', broken);
  END LOOP;
END
$$;

-- Rows in work. Keyed by id, not by the lease: an index on the lease column would make every renewal a non-HOT update.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_processing
  ON public.videos (id) WHERE thumbnail_generation_status = 'processing';

-- Rows that wait for a point in time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_next_attempt
  ON public.videos (thumbnail_generation_next_attempt_at)
  WHERE thumbnail_generation_status IN ('pending', 'failed') AND thumbnail_generation_next_attempt_at IS NOT NULL;

-- Finished videos without a thumbnail: what the sweep, the views and the batch trigger look for.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_lacking
  ON public.videos (id)
  WHERE status = 'completed' AND (thumbnail_url IS NULL OR thumbnail_url LIKE 'data:image/svg%');

-- What failed: for reports, and for restarting all of it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_failed
  ON public.videos (id) WHERE thumbnail_generation_status = 'failed';
