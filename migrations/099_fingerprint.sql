-- Which migrations are applied, for `--check`: the SHA-256 of all other files. scripts/database/assemble-migration writes it here and in
-- Sources/Common/Database/Queries/Migrations.swift.
CREATE OR REPLACE FUNCTION thumbnails.fingerprint() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 'f5b0db0e11e76dab' $$;

DO $$ BEGIN PERFORM thumbnails.hand_out('{fingerprint}'); END $$;
