\connect - postgres
CREATE EXTENSION postgres_fdw;
CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw;
GRANT USAGE ON FOREIGN SERVER archive TO platform;
\connect - platform
CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
) PARTITION BY RANGE (created_at);
CREATE INDEX ON videos (id);
CREATE TABLE videos_new PARTITION OF videos FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE FOREIGN TABLE videos_old PARTITION OF videos FOR VALUES FROM (MINVALUE) TO ('2025-01-01') SERVER archive;
