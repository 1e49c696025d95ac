-- A partition for each tenant, and a key that begins with it.
CREATE TABLE videos (
  tenant_id integer NOT NULL DEFAULT 1,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  status text NOT NULL DEFAULT 'pending',
  video_url text,
  thumbnail_url text,
  PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE TABLE videos_1 PARTITION OF videos FOR VALUES IN (1);
CREATE TABLE videos_rest PARTITION OF videos DEFAULT;
