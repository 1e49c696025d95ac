CREATE DOMAIN web_url AS text CHECK (VALUE IS NULL OR VALUE = '' OR VALUE ~ '^https?://');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url web_url, thumbnail_url web_url,
  created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
