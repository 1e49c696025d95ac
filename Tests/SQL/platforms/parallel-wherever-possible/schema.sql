CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id text, title text, status text, video_url text, thumbnail_url text,
                     created_at text DEFAULT now()::text);
INSERT INTO videos (status, video_url) SELECT 'completed', 'http://x/' || n FROM generate_series(1, 500) AS n;
-- PostgreSQL 17 then starts a process for each row that is looked up by itself.
SELECT format('ALTER DATABASE %I SET %s = %s', current_database(), name, s.value)
  FROM (VALUES ('parallel_setup_cost', '0'), ('parallel_tuple_cost', '0'), ('min_parallel_table_scan_size', '0'), ('min_parallel_index_scan_size', '0'),
               ('parallel_leader_participation', 'off'), ('force_parallel_mode', 'on'), ('debug_parallel_query', 'on')) AS s (name, value)
  JOIN pg_settings USING (name) \gexec
