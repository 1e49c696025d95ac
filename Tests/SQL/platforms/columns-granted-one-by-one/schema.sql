\ir ../ordinary/schema.sql
GRANT INSERT, UPDATE, SELECT (id, user_id, title, status, video_url, thumbnail_url, created_at, updated_at) ON videos TO authenticated;
-- These never could say *, may read all of it, and name their columns.
GRANT SELECT (id, title) ON videos TO anon;
GRANT SELECT ON videos TO service_role;
GRANT SELECT (id, user_id, title, status, video_url, thumbnail_url, created_at, updated_at) ON videos TO service_role;
