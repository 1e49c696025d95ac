-- Which migrations are applied, for `--check`: the SHA-256 of all other files. scripts/database/assemble-migration writes it here and in
-- Sources/Common/Database/Queries/Migrations.swift.
CREATE OR REPLACE FUNCTION thumbnails.fingerprint() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT '83bbbe9e1eae34c6' $$;

DO $$ BEGIN PERFORM thumbnails.hand_out('{fingerprint}'); END $$;
