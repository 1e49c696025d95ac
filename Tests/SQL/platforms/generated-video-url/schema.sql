CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status text,
  path text,
  video_url text GENERATED ALWAYS AS ('http://x/' || path) STORED,
  thumbnail_url text,
  created_at timestamptz DEFAULT now()
);
