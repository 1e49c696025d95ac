CREATE TYPE video_status AS ENUM ('pending', 'processing', 'completed', 'failed');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status video_status NOT NULL DEFAULT 'pending',
  video_url text,
  thumbnail_url text
);
