CREATE TABLE videos (
  id uuid GENERATED ALWAYS AS (md5(number::text)::uuid) STORED PRIMARY KEY, user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now(),
  number bigint GENERATED ALWAYS AS IDENTITY
);
