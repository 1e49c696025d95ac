CREATE DOMAIN identifier AS uuid;
CREATE TABLE videos (id identifier PRIMARY KEY DEFAULT gen_random_uuid(), status text, video_url text, thumbnail_url text, user_id uuid, title text, created_at timestamptz DEFAULT now());
