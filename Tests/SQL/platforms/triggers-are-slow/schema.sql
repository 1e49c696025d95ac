\ir ../ordinary/schema.sql
CREATE FUNCTION finish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.status := 'completed'; RETURN NEW; END $$;
CREATE TRIGGER zzz_finish BEFORE INSERT ON videos FOR EACH ROW EXECUTE FUNCTION finish();
CREATE FUNCTION ask_another_server() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
CREATE TRIGGER ask BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION ask_another_server();
