CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status character(20), video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
);
