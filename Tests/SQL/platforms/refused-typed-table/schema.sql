CREATE TYPE video AS (id uuid, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz);
CREATE TABLE videos OF video (id WITH OPTIONS DEFAULT gen_random_uuid() PRIMARY KEY);
