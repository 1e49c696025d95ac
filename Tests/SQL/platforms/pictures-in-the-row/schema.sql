\ir ../ordinary/schema.sql
ALTER TABLE videos ALTER COLUMN thumbnail_url SET STORAGE EXTERNAL;
