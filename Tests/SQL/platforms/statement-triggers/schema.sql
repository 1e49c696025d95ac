\ir ../ordinary/schema.sql
-- For each statement, with what it has changed.
CREATE TABLE changes (video_id uuid, was text, became text);
CREATE FUNCTION note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changes SELECT n.id, o.thumbnail_url, n.thumbnail_url FROM new_rows n JOIN old_rows o ON o.id = n.id
   WHERE n.thumbnail_url IS DISTINCT FROM o.thumbnail_url;
  RETURN NULL;
END $$;
CREATE TRIGGER note_changes AFTER UPDATE ON videos REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_changes();
CREATE FUNCTION not_at_night() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass('night') IS NOT NULL THEN RAISE EXCEPTION 'at night'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER not_at_night BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON videos FOR EACH STATEMENT EXECUTE FUNCTION not_at_night();
