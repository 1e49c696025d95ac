CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status text,
  video_url text,
  thumbnail_url text,
  created_at timestamptz DEFAULT now()
);
