\ir ../ordinary/schema.sql
CREATE SCHEMA thumbnails;
