-- The uploader is named otherwise, and the table's second name for them is generated, as the guide says.
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner_id uuid,
  user_id uuid GENERATED ALWAYS AS (owner_id) STORED,
  title text,
  status text NOT NULL DEFAULT 'pending',
  video_url text,
  thumbnail_url text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION claimed(name text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> name $$;
-- Users may not choose their picture, and only the platform's server may.
CREATE FUNCTION protect() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF claimed('role') IS DISTINCT FROM 'service_role' AND NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url THEN
    RAISE EXCEPTION 'thumbnail_url is read-only';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER protect BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION protect();
