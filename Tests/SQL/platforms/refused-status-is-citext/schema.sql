\connect - postgres
CREATE EXTENSION citext;
\connect - platform
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status citext, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
);
