-- Lets Supabase's realtime tell of changes of `videos`, to those whom the table's policies let see the row. Can be run again.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'supabase_realtime' AND schemaname = 'public' AND tablename = 'videos') THEN
    ALTER PUBLICATION supabase_realtime ADD TABLE public.videos;
  END IF;
END $$;
