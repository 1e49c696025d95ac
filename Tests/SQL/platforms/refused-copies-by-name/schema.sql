\ir ../ordinary/schema.sql
CREATE TABLE videos_history (LIKE videos);
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I.%I SELECT ($1).*', TG_TABLE_SCHEMA, TG_TABLE_NAME || '_history') USING OLD;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_history AFTER UPDATE OR DELETE ON videos FOR EACH ROW EXECUTE FUNCTION keep_history();
