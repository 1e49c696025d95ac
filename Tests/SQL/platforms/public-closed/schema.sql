\ir ../ordinary/schema.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
