\ir ../ordinary/schema.sql
-- As Rails before 7 loads its schema.rb, which keeps no time zones, from a database that has our columns.
ALTER TABLE videos ADD thumbnail_generation_status text, ADD thumbnail_generation_error text, ADD thumbnail_generation_attempts integer DEFAULT 0,
  ADD thumbnail_generation_started_at timestamp, ADD thumbnail_generation_last_attempt_at timestamp, ADD thumbnail_generated_at timestamp,
  ADD thumbnail_metadata jsonb DEFAULT '{}', ADD thumbnail_generation_error_code text;
