\ir ../ordinary/schema.sql
ALTER TABLE videos ALTER thumbnail_url SET DEFAULT 'https://cdn.example/it''s coming.png';
INSERT INTO videos (status, video_url, thumbnail_url)
SELECT 'completed', 'http://x/old' || n, CASE WHEN n <= 20 THEN '/static/none.png' WHEN n <= 90 THEN 'http://user.example/' || n || '.jpg' END FROM generate_series(1, 100) AS n;
ANALYZE videos;
