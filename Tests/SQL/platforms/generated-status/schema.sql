CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  is_encoded boolean NOT NULL DEFAULT false,
  status text GENERATED ALWAYS AS (CASE WHEN is_encoded THEN 'completed' ELSE 'processing' END) STORED,
  video_url text,
  thumbnail_url text,
  created_at timestamptz DEFAULT now()
);
