\ir ../ordinary/schema.sql
CREATE FUNCTION quota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the quota of pictures is used up' USING ERRCODE = 'configuration_limit_exceeded';
END
$$;
