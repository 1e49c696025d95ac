\ir ../ordinary/schema.sql
-- A role that may make schemas made ours, with tables that could be ours.
SELECT format('GRANT CREATE ON DATABASE %I TO backup', current_database()) \gexec
\connect - backup
CREATE SCHEMA thumbnails;
CREATE FUNCTION thumbnails.trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%, in a trap', current_user; END $$;
CREATE TABLE thumbnails.inbox (id bigint, video_id uuid);
CREATE TRIGGER trap BEFORE INSERT ON thumbnails.inbox EXECUTE FUNCTION thumbnails.trap();
CREATE TABLE thumbnails.applied_migrations (name text PRIMARY KEY, checksum text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER trap BEFORE INSERT OR DELETE ON thumbnails.applied_migrations EXECUTE FUNCTION thumbnails.trap();
