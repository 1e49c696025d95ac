"""Somebody else applies it: refused, and nothing is changed."""

REFUSED = "is not the owner of public.videos"
MIGRATED_BY = "handlers"
