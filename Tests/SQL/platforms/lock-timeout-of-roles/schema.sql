\ir ../ordinary/schema.sql
\connect - postgres
SELECT format('ALTER ROLE %s IN DATABASE %I SET lock_timeout = ''50ms''', role, current_database()) FROM unnest(ARRAY['platform', 'handlers']) AS role \gexec
