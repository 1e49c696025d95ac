\ir ../ordinary/schema.sql
SELECT format('ALTER DATABASE %I SET %s = off', current_database(), name) FROM unnest(ARRAY['enable_nestloop', 'enable_sort', 'enable_hashagg']) AS name \gexec
