CREATE TYPE video_status AS ENUM ('uploading', 'ready', 'published');
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status video_status NOT NULL DEFAULT 'uploading', video_url text, thumbnail_url text);
CREATE INDEX ON videos (status);
