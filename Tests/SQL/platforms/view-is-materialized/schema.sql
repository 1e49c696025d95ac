\ir ../ordinary/schema.sql
CREATE MATERIALIZED VIEW thumbnail_generation_health AS SELECT count(*) AS videos FROM videos;
