\ir ../ordinary/schema.sql
-- Columns of its own come after those of the row, so ours cannot be added in between.
CREATE TABLE archive (LIKE videos, archived_at timestamptz, archived_by text);
CREATE FUNCTION archive() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO archive SELECT OLD.*, now(), current_user; RETURN OLD; END $$;
CREATE TRIGGER archive BEFORE DELETE ON videos FOR EACH ROW EXECUTE FUNCTION archive();
