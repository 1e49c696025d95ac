\ir ../ordinary/schema.sql
-- What a role that only reads, for reports, is given of all that will ever be made.
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO backup;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO backup, anon;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO backup, anon;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO backup, anon;
