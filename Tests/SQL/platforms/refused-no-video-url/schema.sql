CREATE TABLE videos (id uuid PRIMARY KEY, status text, url text, thumbnail_url text, user_id uuid, title text, created_at timestamptz DEFAULT now());
