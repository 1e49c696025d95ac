CREATE TABLE videos (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  status text NOT NULL DEFAULT 'pending',
  video_url text,
  thumbnail_url text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE videos_rest PARTITION OF videos DEFAULT;
DO $$
BEGIN
  FOR n IN 1..100 LOOP
    EXECUTE format('CREATE TABLE videos_%s PARTITION OF videos FOR VALUES FROM (%L) TO (%L)', n, date '2020-01-01' + n, date '2020-01-02' + n);
  END LOOP;
END
$$;
