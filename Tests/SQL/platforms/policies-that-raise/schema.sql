\ir ../ordinary/schema.sql
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN (current_setting('request.jwt.claims')::json ->> 'sub')::uuid; END $$;
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON videos USING (user_id = auth.uid()) WITH CHECK (user_id = auth.uid());
