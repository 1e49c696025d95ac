CREATE TABLE videos (id uuid PRIMARY KEY, status text, video_url text, thumbnail_url text, thumbnail_metadata json,
  user_id uuid, title text, created_at timestamptz DEFAULT now());
