\ir ../ordinary/schema.sql
CREATE FUNCTION bad_deploy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := (SELECT foo FROM pg_class LIMIT 1); RETURN NEW; END $$;
