\ir ../ordinary/schema.sql
-- A history in the shape of the table, as triggers keep it that know no column by its name.
CREATE TABLE videos_history (LIKE videos, kept_at timestamptz);
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO videos_history SELECT OLD.*, now(); RETURN OLD; END $$;
CREATE TRIGGER keep_history BEFORE DELETE ON videos FOR EACH ROW EXECUTE FUNCTION keep_history();
INSERT INTO videos (status, video_url, created_at) VALUES ('completed', 'http://x/old.mp4', '2025-01-01');
