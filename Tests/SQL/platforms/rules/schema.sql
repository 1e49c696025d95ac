\ir ../ordinary/schema.sql
-- Rewrite rules: each update is logged, a deletion only marks the row.
CREATE TABLE log (video_id uuid, was text, became text);
CREATE RULE log AS ON UPDATE TO videos DO ALSO INSERT INTO log VALUES (OLD.id, OLD.thumbnail_url, NEW.thumbnail_url);
CREATE RULE soft_delete AS ON DELETE TO videos DO INSTEAD UPDATE videos SET status = 'deleted' WHERE id = OLD.id;
