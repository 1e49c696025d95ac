\ir ../ordinary/schema.sql
CREATE TABLE system_config (key text PRIMARY KEY, value jsonb NOT NULL);
