\ir ../ordinary/schema.sql
CREATE SCHEMA app;
CREATE TABLE app.schema_migrations (version text PRIMARY KEY);
