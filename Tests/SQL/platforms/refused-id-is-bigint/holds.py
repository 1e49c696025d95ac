"""Ids are numbers: refused, and nothing is changed."""

REFUSED = "public.videos.id is bigint, and must be uuid"
