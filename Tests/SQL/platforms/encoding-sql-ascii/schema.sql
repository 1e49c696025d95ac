\ir ../ordinary/schema.sql
ALTER TABLE videos ALTER COLUMN user_id TYPE text;
