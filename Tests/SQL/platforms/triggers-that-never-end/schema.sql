\ir ../ordinary/schema.sql
-- Stands for a call over HTTP or dblink that gets no answer.
CREATE FUNCTION ask_another_server() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.title = 'unknown there' AND OLD.title = NEW.title THEN PERFORM pg_sleep(3600); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ask BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION ask_another_server();
CREATE FUNCTION finish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.status := 'completed'; RETURN NEW; END $$;
CREATE TRIGGER zzz_finish BEFORE INSERT ON videos FOR EACH ROW EXECUTE FUNCTION finish();
