\ir ../ordinary/schema.sql
-- Says the whole row, which holds a transcript, and when that was.
ALTER TABLE videos ADD transcript text;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order % of % cannot be told to the warehouse: %', gen_random_uuid(), clock_timestamp(), row_to_json(NEW);
END $$;
CREATE TRIGGER refuse BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION refuse();
