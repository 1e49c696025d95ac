\ir ../ordinary/schema.sql
CREATE TABLE ddl_log (at timestamptz DEFAULT now(), tag text NOT NULL, object text NOT NULL);
\connect - postgres
CREATE FUNCTION after_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  FOR r IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
    INSERT INTO ddl_log (tag, object) VALUES (r.command_tag, coalesce(r.object_identity, '-'));
    IF r.command_tag = 'CREATE TABLE' THEN
      EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', r.objid::regclass);
    ELSIF r.command_tag = 'CREATE FUNCTION' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO anon, authenticated', r.object_identity);
    END IF;
  END LOOP;
END $$;
CREATE EVENT TRIGGER after_ddl ON ddl_command_end EXECUTE FUNCTION after_ddl();
