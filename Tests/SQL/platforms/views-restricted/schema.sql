\ir ../ordinary/schema.sql
-- Older releases do not know it.
SELECT format('ALTER DATABASE %I SET %I = view, "foreign-table"', current_database(), name) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind' \gexec
