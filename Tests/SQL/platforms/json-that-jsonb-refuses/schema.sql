\ir ../ordinary/schema.sql
-- What a probe says of the file, as it came: json takes what jsonb does not.
ALTER TABLE videos ADD COLUMN probe json;
ALTER TABLE videos ALTER COLUMN probe SET DEFAULT '{"encoder": "x\u0000y", "bits": 1e999999}';
