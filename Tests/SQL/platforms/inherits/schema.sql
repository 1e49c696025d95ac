CREATE TABLE media (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, created_at timestamptz DEFAULT now());
CREATE TABLE videos (video_url text, thumbnail_url text, PRIMARY KEY (id)) INHERITS (media);
