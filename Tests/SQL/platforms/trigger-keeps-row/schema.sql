\ir ../ordinary/schema.sql
-- While a video is frozen, whatever is written to it is dropped without a word.
CREATE TABLE frozen (video_id uuid);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RETURN CASE WHEN NOT EXISTS (SELECT FROM frozen WHERE video_id = OLD.id) THEN NEW END; END $$;
CREATE TRIGGER keep BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep();
