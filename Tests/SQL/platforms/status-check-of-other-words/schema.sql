CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  status text NOT NULL DEFAULT 'processing' CONSTRAINT "known words" CHECK (status IN ('uploading', 'processing', 'ready', 'error')),
  video_url text,
  thumbnail_url text
);
