\ir ../ordinary/schema.sql
CREATE TABLE profiles (id uuid PRIMARY KEY, pictures integer NOT NULL DEFAULT 0);
INSERT INTO profiles VALUES ('00000000-0000-4000-8000-0000000000aa');
CREATE FUNCTION count_pictures() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE profiles SET pictures = pictures + 1 WHERE id = NEW.user_id; RETURN NEW; END $$;
CREATE TRIGGER count_pictures AFTER UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION count_pictures();
