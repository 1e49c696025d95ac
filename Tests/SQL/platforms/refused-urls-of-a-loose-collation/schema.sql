CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text COLLATE loose, created_at timestamptz DEFAULT now()
);
