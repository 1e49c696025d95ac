\ir ../check-on-state/schema.sql
\connect - postgres
CREATE SEQUENCE tries;
GRANT USAGE ON SEQUENCE tries TO PUBLIC;
CREATE FUNCTION refuses_once() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE 'thumbnails.unknown_words%') AND nextval('public.tries') = 1 THEN
    RAISE EXCEPTION 'could not obtain lock' USING ERRCODE = '55P03';
  END IF;
END $$;
CREATE EVENT TRIGGER refuses_once ON ddl_command_end EXECUTE FUNCTION refuses_once();
