CREATE TABLE media (
  id uuid NOT NULL DEFAULT gen_random_uuid(), kind text NOT NULL DEFAULT 'video', user_id uuid, title text, status text, video_url text,
  thumbnail_url text, created_at timestamptz DEFAULT now(), PRIMARY KEY (id, kind)
) PARTITION BY LIST (kind);
CREATE TABLE videos PARTITION OF media FOR VALUES IN ('video');
CREATE TABLE songs PARTITION OF media FOR VALUES IN ('song');
