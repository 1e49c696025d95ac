-- Every time there is, in every column that takes one, in every state; once with a picture, once without.
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text,
  status text,
  video_url text,
  thumbnail_url text,
  created_at timestamptz,
  updated_at timestamptz,
  thumbnail_generation_status text,
  thumbnail_generation_started_at timestamptz,
  thumbnail_generation_last_attempt_at timestamptz,
  thumbnail_generated_at timestamptz
);
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, created_at, updated_at, thumbnail_generation_started_at,
                    thumbnail_generation_last_attempt_at, thumbnail_generated_at)
SELECT 'completed', 'http://x/v.mp4', p, s, a, a, a, b, b
  FROM unnest(ARRAY['infinity', '-infinity', '4713-01-01 BC', '294276-12-31', '1970-01-01', NULL]::timestamptz[]) AS a,
       unnest(ARRAY['infinity', '-infinity', '4713-01-01 BC', '294276-12-31', '1970-01-01', NULL]::timestamptz[]) AS b,
       unnest(ARRAY[NULL, 'pending', 'processing', 'failed', 'completed']) AS s, unnest(ARRAY[NULL, 'http://user.example/p.jpg']) AS p;
