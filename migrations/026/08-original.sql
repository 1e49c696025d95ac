-- The original's functions and views that cannot be replaced in place go here, with a notice, and are made anew in the same transaction.
DO $$
DECLARE
  other record;
BEGIN
  FOR other IN SELECT r.what FROM pg_temp.replaced_objects() AS r LOOP
    RAISE NOTICE 'removed, and made anew: %', other.what;
    EXECUTE 'DROP ' || other.what;
  END LOOP;
END
$$;
