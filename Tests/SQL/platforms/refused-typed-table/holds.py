"""`videos` is a typed table, to which no column can be added."""

REFUSED = "ALTER TABLE public.videos NOT OF"
