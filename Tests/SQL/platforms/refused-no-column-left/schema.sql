\ir ../ordinary/schema.sql
SELECT format('ALTER TABLE videos ADD c%s int, DROP COLUMN IF EXISTS c%s', n, n - 1) FROM generate_series((SELECT max(attnum) FROM pg_attribute WHERE attrelid = 'videos'::regclass) + 1, 1593) AS n \gexec
