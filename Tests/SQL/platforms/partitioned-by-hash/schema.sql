CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text, created_at timestamptz DEFAULT now()
) PARTITION BY HASH (id);
CREATE TABLE videos_0 PARTITION OF videos FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE videos_1 PARTITION OF videos FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := left(coalesce(NEW.title, '') || '+', 20); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON videos_0 FOR EACH ROW EXECUTE FUNCTION touch();
