\ir ../ordinary/schema.sql
-- As Supabase's users have it. Forced on the owner too, who may pass it by.
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
ALTER TABLE videos FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON videos TO authenticated USING (user_id::text = current_setting('request.jwt.claims', true)::json ->> 'sub');
GRANT ALL ON videos TO authenticated;
\connect - postgres
GRANT CREATE, USAGE ON SCHEMA public TO row_owner;
ALTER TABLE videos OWNER TO row_owner;
GRANT ALL ON videos TO platform;
