"""Somebody else has the schema the program needs: it says whose it is, and changes nothing."""

REFUSED = None
PROGRAM_SAYS = "the schema thumbnails belongs to platform: connect as that role"
MIGRATED_BY = "handlers"
