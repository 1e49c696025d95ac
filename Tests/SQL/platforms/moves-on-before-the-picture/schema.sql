CREATE TYPE stages AS ENUM ('draft', 'completed', 'published', 'archived');
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status stages NOT NULL DEFAULT 'draft', video_url text, thumbnail_url text);
