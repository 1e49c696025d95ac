CREATE TYPE video_status AS ENUM ('pending', 'processing', 'completed', 'failed');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title varchar(20),
  status video_status DEFAULT 'pending',
  video_url varchar(200),
  thumbnail_url varchar(200),
  created_at timestamp DEFAULT now()
);
INSERT INTO videos (title, status, video_url, created_at) VALUES ('old', 'completed', 'http://x/old.mp4', '2024-01-01');
