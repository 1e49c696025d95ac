CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now(),
  tenant_id integer NOT NULL DEFAULT 1, PRIMARY KEY (tenant_id, id)
);
