"""`videos` is a view: refused, and nothing is changed."""

REFUSED = "public.videos is no table but a view"
