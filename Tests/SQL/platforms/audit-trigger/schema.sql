\ir ../ordinary/schema.sql
CREATE TABLE audit (id bigserial PRIMARY KEY, what text, by_whom name DEFAULT current_user, old jsonb, new jsonb);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit (what, old, new) VALUES (TG_OP, to_jsonb(OLD), to_jsonb(NEW)); RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON videos FOR EACH ROW EXECUTE FUNCTION audit();
