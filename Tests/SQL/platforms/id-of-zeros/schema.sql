\ir ../ordinary/schema.sql
INSERT INTO videos (id, status, video_url, created_at)
VALUES ('00000000-0000-0000-0000-000000000000', 'completed', 'http://x/0.mp4', now() - interval '1 day'), (gen_random_uuid(), 'completed', 'http://x/1.mp4', now() - interval '1 day');
