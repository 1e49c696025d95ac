-- Partitioned by what changes when a video is finished, and by time.
CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid,
  title text,
  status text NOT NULL DEFAULT 'pending',
  video_url text,
  thumbnail_url text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, status, created_at)
) PARTITION BY LIST (status);
CREATE TABLE videos_finished PARTITION OF videos FOR VALUES IN ('completed') PARTITION BY RANGE (created_at);
CREATE TABLE videos_old PARTITION OF videos_finished FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE videos_new PARTITION OF videos_finished FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE TABLE videos_rest PARTITION OF videos DEFAULT;
INSERT INTO videos (status, video_url, created_at) VALUES ('completed', 'http://x/old.mp4', '2024-06-01'), ('processing', 'http://x/new.mp4', now());
