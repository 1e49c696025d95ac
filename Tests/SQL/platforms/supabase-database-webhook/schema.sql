\ir ../ordinary/schema.sql
-- As the dashboard makes it: a trigger with the call in its arguments. The stand-in records what would be posted.
CREATE SCHEMA supabase_functions;
CREATE TABLE supabase_functions.hooks (id bigserial, url text, body jsonb);
CREATE FUNCTION supabase_functions.http_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = supabase_functions AS $$
BEGIN
  INSERT INTO hooks (url, body) VALUES (TG_ARGV[0], jsonb_build_object('type', TG_OP, 'table', TG_TABLE_NAME, 'record', to_jsonb(NEW), 'old_record', to_jsonb(OLD)));
  RETURN NEW;
END $$;
CREATE TRIGGER "notify search" AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION
  supabase_functions.http_request('http://platform.example/functions/v1/index-video', 'POST', '{"Content-type":"application/json"}', '{}', '1000');
CREATE TRIGGER "make thumbnails" AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION
  supabase_functions.http_request('http://platform.example/functions/v1/auto-generate-thumbnail', 'POST', '{"Content-type":"application/json"}', '{}', '5000');
