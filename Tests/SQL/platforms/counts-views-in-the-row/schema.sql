\ir ../ordinary/schema.sql
ALTER TABLE videos ADD COLUMN views integer NOT NULL DEFAULT 0;
