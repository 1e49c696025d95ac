\ir ../ordinary/schema.sql
-- Without a key, as an import has left it.
CREATE TABLE system_config (id serial, key varchar(100), value text, created_at timestamptz DEFAULT now());
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://old.example'), ('supabase_url', NULL), ('pg_net', 'off'), ('pg_net', 'off'),
  ('thumbnails_search_path', 'public'), ('thumbnails_search_path', 'public');
