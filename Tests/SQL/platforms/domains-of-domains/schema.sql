CREATE DOMAIN word AS varchar(20);
CREATE DOMAIN known_status AS word CHECK (VALUE IN ('pending', 'processing', 'completed', 'failed'));
CREATE DOMAIN url AS text;
CREATE DOMAIN web_url AS url CHECK (VALUE LIKE 'http%');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status known_status NOT NULL DEFAULT 'pending',
  video_url web_url,
  thumbnail_url web_url
);
