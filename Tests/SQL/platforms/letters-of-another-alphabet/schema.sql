CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text COLLATE "tr-x-icu", status text COLLATE "tr-x-icu", video_url text COLLATE "tr-x-icu", thumbnail_url text, created_at timestamptz DEFAULT now()
);
