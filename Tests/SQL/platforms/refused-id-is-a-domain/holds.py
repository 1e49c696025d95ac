"""Ids are of a domain over uuid: refused with the change that helps, and nothing is changed."""

REFUSED = "public.videos.id is identifier, and must be uuid: video ids are part of the protocol and of the object keys. ALTER COLUMN id TYPE uuid"
