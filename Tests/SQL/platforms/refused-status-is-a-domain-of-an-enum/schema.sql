CREATE TYPE word AS ENUM ('pending', 'processing', 'completed', 'failed');
CREATE DOMAIN known_status AS word NOT NULL;
CREATE TABLE videos (id uuid PRIMARY KEY, status known_status, video_url text, thumbnail_url text);
