CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text COLLATE "en-x-icu", status text COLLATE loose, video_url text COLLATE "POSIX", thumbnail_url text COLLATE "C", created_at timestamptz DEFAULT now()
);
