\ir ../ordinary/schema.sql
-- As the careful have it: nothing is found without its schema.
CREATE TABLE profiles (id uuid PRIMARY KEY, changes integer NOT NULL DEFAULT 0);
CREATE FUNCTION count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.profiles AS p VALUES (NEW.id, 1) ON CONFLICT (id) DO UPDATE SET changes = p.changes + 1; RETURN NEW; END $$;
CREATE TRIGGER count_changes AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION count_changes();
SELECT format('ALTER ROLE platform IN DATABASE %I SET search_path = %L', current_database(), '') \gexec
