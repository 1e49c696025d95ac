\ir ../ordinary/schema.sql
CREATE TABLE history (LIKE videos);
CREATE FUNCTION copy_of(which uuid) RETURNS void LANGUAGE sql AS $$ INSERT INTO history SELECT * FROM videos WHERE id = which $$;
CREATE FUNCTION write_down(which uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM public.Copy_of(which); END $$;
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM write_down(NEW.id); RETURN NULL; END $$;
CREATE TRIGGER keep AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep();
