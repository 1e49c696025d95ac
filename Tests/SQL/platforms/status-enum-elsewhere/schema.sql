CREATE SCHEMA types;
CREATE TYPE types.status AS ENUM ('draft', 'pending', 'processing', 'completed', 'failed', 'archived');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status types.status, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
);
