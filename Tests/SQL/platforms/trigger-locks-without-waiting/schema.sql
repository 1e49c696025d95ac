\ir ../ordinary/schema.sql
CREATE TABLE counters (name text PRIMARY KEY, value integer NOT NULL);
INSERT INTO counters VALUES ('videos', 0);
CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM counters WHERE name = 'videos' FOR UPDATE NOWAIT;
  RETURN NEW;
END
$$;
