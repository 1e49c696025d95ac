CREATE TABLE videos (id bigserial PRIMARY KEY, status text, video_url text, thumbnail_url text, user_id uuid, title text, created_at timestamptz DEFAULT now());
INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/v.mp4');
