-- Our only index on the platform's table, built without blocking writers.
--
-- migrate: own-transactions, not-on-partitions
--
-- If an SQL editor wraps everything in one transaction, run each statement by itself: CREATE INDEX CONCURRENTLY refuses to run in a transaction. It
-- also refuses a partitioned table: leave this file out then, and 028 builds the index.

-- An interrupted build leaves an invalid index, which IF NOT EXISTS would keep; so does a renamed table that was `videos` before.
DO $$
BEGIN
  -- DROP INDEX locks `videos`, and whoever waits for it blocks the platform.
  PERFORM set_config('lock_timeout', '1100ms', true);
  IF EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass('public.videos_thumbnail_lacking')
                                            AND NOT (i.indisvalid AND i.indrelid = 'public.videos'::regclass)) THEN
    DROP INDEX public.videos_thumbnail_lacking;
  END IF;
END
$$;

-- Finished videos without a thumbnail. It names no column of the state, so that a change of state stays a HOT update.
CREATE INDEX CONCURRENTLY IF NOT EXISTS videos_thumbnail_lacking
  ON public.videos (id)
  WHERE status = 'completed' AND (thumbnail_url IS NULL OR thumbnail_url = '' OR thumbnail_url LIKE 'data:image/svg%');
