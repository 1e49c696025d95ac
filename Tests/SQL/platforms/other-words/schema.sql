\ir ../ordinary/schema.sql
INSERT INTO videos (status, video_url) SELECT 'READY', 'http://x/' || n FROM generate_series(1, 5) AS n;
INSERT INTO videos (status, video_url) VALUES ('processing', 'http://x/6');
