\ir ../ordinary/schema.sql
INSERT INTO videos (title, status, video_url) VALUES ('视频 🎬', 'completed', 'http://x/视频.mp4');
\connect - postgres
SELECT format('ALTER ROLE %s IN DATABASE %I SET client_encoding = GBK', role, current_database()) FROM unnest(ARRAY['platform', 'handlers']) AS role \gexec
