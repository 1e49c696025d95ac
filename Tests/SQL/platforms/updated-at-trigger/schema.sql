\ir ../ordinary/schema.sql
CREATE TABLE posted (video_id uuid, was text, became text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
CREATE FUNCTION post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO posted VALUES (NEW.id, OLD.thumbnail_url, NEW.thumbnail_url); RETURN NULL; END $$;
INSERT INTO videos (status, video_url, thumbnail_url, updated_at)
SELECT 'completed', 'http://x/' || n, CASE WHEN n > 10 THEN 'http://t/' || n || '.jpg' END, '2024-01-01' FROM generate_series(1, 1000) AS n;
CREATE TRIGGER touch BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER post AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION post();
