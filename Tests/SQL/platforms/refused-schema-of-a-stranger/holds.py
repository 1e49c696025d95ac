"""A role with the right to make schemas has made `thumbnails`, with tables and triggers of its own, before a superuser migrates: refused, and none of its
code has run."""

MIGRATED_BY = "postgres"
REFUSED = "thumbnails belongs to backup, who could act through it as platform, the owner of public.videos. Drop or rename it"
PROGRAM_SAYS = "the schema thumbnails, or something in it, belongs to backup, who could act through it as somebody else"
