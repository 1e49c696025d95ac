CREATE TABLE media (id uuid PRIMARY KEY, status text, video_url text, thumbnail_url text, user_id uuid, title text, created_at timestamptz DEFAULT now());
CREATE VIEW videos AS SELECT * FROM media;
