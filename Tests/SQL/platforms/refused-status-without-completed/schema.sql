CREATE TYPE video_status AS ENUM ('new', 'ready');
CREATE TABLE videos (id uuid PRIMARY KEY, status video_status, video_url text, thumbnail_url text, user_id uuid, title text, created_at timestamptz DEFAULT now());
