-- The one index of ours on the platform's table, built without blocking writers.
--
-- migrate: own-transactions, not-on-partitions
--
-- Run each statement by itself where an SQL editor wraps everything in one transaction: CREATE INDEX CONCURRENTLY
-- refuses to run in one. On a partitioned table, where it refuses, too, 028 builds the index: leave this file out.

-- A build that was broken off leaves an index nobody uses and IF NOT EXISTS would keep; so does a table that had the name before.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass('public.videos_thumbnail_lacking')
                                            AND NOT (i.indisvalid AND i.indrelid = 'public.videos'::regclass)) THEN
    DROP INDEX public.videos_thumbnail_lacking;
  END IF;
END
$$;

-- Finished videos without a thumbnail: what the sweep walks, and the views and the batch trigger look for. No column of the state is named,
-- so that a change of state stays a HOT update.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_lacking
  ON public.videos (id)
  WHERE status = 'completed' AND (thumbnail_url IS NULL OR thumbnail_url = '' OR thumbnail_url LIKE 'data:image/svg%');
