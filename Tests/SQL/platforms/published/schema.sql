\ir ../ordinary/schema.sql
ALTER TABLE videos REPLICA IDENTITY FULL;
\connect - postgres
CREATE PUBLICATION everything FOR ALL TABLES;
