\ir ../ordinary/schema.sql
CREATE TABLE thumbnail_generation_health (checked_at timestamptz);
