\ir ../ordinary/schema.sql
-- The file itself, and a transcript.
ALTER TABLE videos ADD COLUMN file bytea, ADD COLUMN transcript jsonb;
ALTER TABLE videos ALTER COLUMN file SET STORAGE EXTERNAL;
