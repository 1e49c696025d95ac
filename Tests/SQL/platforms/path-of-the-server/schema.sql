CREATE SCHEMA app;
\ir ../ordinary/schema.sql
CREATE TABLE app.audit (word text);
ALTER TABLE videos SET SCHEMA public;
CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (NEW.status); RETURN NULL; END $$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON public.videos FOR EACH ROW EXECUTE FUNCTION app.audit();
