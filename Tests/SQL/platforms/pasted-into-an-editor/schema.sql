\ir ../ordinary/schema.sql
INSERT INTO videos (status, video_url) SELECT 'completed', 'http://x/' || n FROM generate_series(1, 20) AS n;
