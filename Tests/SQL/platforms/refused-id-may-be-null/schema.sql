CREATE TABLE videos (
  id uuid UNIQUE DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
);
