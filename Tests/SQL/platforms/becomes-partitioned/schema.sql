CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(), user_id uuid, title text, status text NOT NULL DEFAULT 'pending', video_url text, thumbnail_url text,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (id, created_at)
);
