-- Seconds since 1970, as many keep it, and a user's number.
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id bigint, title varchar(9), status text, video_url text, thumbnail_url text,
  created_at bigint DEFAULT extract(epoch FROM now())::bigint, updated_at text DEFAULT 'just now', aspect_ratio numeric DEFAULT 1.78);
INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/old.mp4');
