CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(), locale text NOT NULL DEFAULT 'en', title text, status text, video_url text, thumbnail_url text,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (id, locale)
);
