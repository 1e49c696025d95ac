\ir ../ordinary/schema.sql
CREATE TABLE archive (LIKE videos);
-- The names of the columns come from the row, as a module in Perl or Python has them, or from the catalogue.
CREATE FUNCTION by_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (SELECT format('INSERT INTO archive (%s) VALUES (%s)', string_agg(quote_ident(k.key), ', '), string_agg(quote_nullable(k.value), ', ')) FROM jsonb_each_text(to_jsonb(NEW)) AS k);
  RETURN NULL;
END
$$;
CREATE FUNCTION by_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  names text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped);
BEGIN
  -- As table_log does, in C.
  IF (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = 'archive'::regclass) <> (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = TG_RELID) THEN
    RAISE EXCEPTION 'the archive has another number of columns';
  END IF;
  EXECUTE 'INSERT INTO archive (' || names || ') SELECT ' || names || ' FROM jsonb_populate_record($1, to_jsonb($1))' USING NEW;
  RETURN NULL;
END
$$;
-- As orafce's replace_null_strings() does in C.
CREATE FUNCTION without_null() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN jsonb_populate_record(NEW, (SELECT jsonb_object_agg(a.attname, '') FROM pg_attribute a JOIN jsonb_each(to_jsonb(NEW)) AS k ON k.key = a.attname
                                      WHERE a.attrelid = TG_RELID AND a.atttypid = 'text'::regtype AND k.value = 'null'));
END
$$;
