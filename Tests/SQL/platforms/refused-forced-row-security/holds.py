"""RLS forced on an owner who may not pass it by: refused, and nothing is changed."""

REFUSED = "ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY"
