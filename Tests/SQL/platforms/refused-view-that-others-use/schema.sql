\ir ../ordinary/schema.sql
-- The original's view, in a shape of its own, and one of the platform's on top of it.
CREATE VIEW thumbnail_generation_health AS SELECT count(*) AS total FROM videos;
CREATE VIEW dashboard AS SELECT total FROM thumbnail_generation_health;
