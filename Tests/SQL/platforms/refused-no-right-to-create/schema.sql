\ir ../ordinary/schema.sql
REVOKE CREATE ON SCHEMA public FROM PUBLIC, pg_database_owner;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM platform', current_database()); END $$;
