\ir ../ordinary/schema.sql
ALTER TABLE videos ADD COLUMN slug text UNIQUE;
