CREATE TABLE media (
  id uuid NOT NULL DEFAULT gen_random_uuid(), kind text NOT NULL DEFAULT 'video', user_id uuid, title text, status text, video_url text,
  thumbnail_url text, created_at timestamptz DEFAULT now(), PRIMARY KEY (id, kind)
) PARTITION BY LIST (kind);
CREATE TABLE videos PARTITION OF media FOR VALUES IN ('video');
CREATE TABLE songs PARTITION OF media FOR VALUES IN ('song');
ALTER TABLE media ADD COLUMN thumbnail_generation_status text, ADD COLUMN thumbnail_generation_error text,
  ADD COLUMN thumbnail_generation_attempts integer DEFAULT 0, ADD COLUMN thumbnail_generation_started_at timestamptz,
  ADD COLUMN thumbnail_generation_last_attempt_at timestamptz, ADD COLUMN thumbnail_generated_at timestamptz,
  ADD COLUMN thumbnail_metadata jsonb DEFAULT '{}', ADD COLUMN thumbnail_generation_error_code text;
