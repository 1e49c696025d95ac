\ir ../ordinary/schema.sql
CREATE SCHEMA thumbnails;
CREATE TABLE thumbnails.jobs (id bigint PRIMARY KEY, payload jsonb);
