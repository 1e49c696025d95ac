CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now(),
  thumbnail_generation_status text, thumbnail_generated_at timestamptz, thumbnail_generation_error text, thumbnail_generation_attempts smallint NOT NULL DEFAULT 0 CHECK (thumbnail_generation_attempts BETWEEN 0 AND 5),
  CONSTRAINT has_times CHECK (thumbnail_generation_status <> 'completed' OR thumbnail_generated_at IS NOT NULL)
);
