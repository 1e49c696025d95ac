"""Somebody else applies it: refused, and nothing is changed."""

REFUSED = "handlers is not the owner of videos"
PROGRAM_SAYS = "handlers may not make the schema thumbnails (GRANT CREATE ON DATABASE"
MIGRATED_BY = "handlers"
