CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status varchar(20) DEFAULT 'pending',
  video_url varchar(500) NOT NULL DEFAULT '',
  thumbnail_url text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now() - interval '1 day'
);
INSERT INTO videos (title, status, video_url) VALUES ('old', 'completed', 'http://x/old.mp4');
