\ir ../ordinary/schema.sql
ALTER TABLE videos ALTER thumbnail_url TYPE varchar(100);
INSERT INTO videos (status, video_url, thumbnail_url) VALUES ('completed', 'http://x/old.mp4', 'https://own.example/1.jpg');
