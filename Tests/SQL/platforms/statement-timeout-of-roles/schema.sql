\ir ../ordinary/schema.sql
\connect - postgres
SELECT format('ALTER ROLE %s IN DATABASE %I SET statement_timeout = %L', role, current_database(), CASE role WHEN 'handlers' THEN '700ms' ELSE '5s' END)
  FROM unnest(ARRAY['platform', 'handlers', 'postgres']) AS role \gexec
