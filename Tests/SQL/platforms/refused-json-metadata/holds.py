"""`thumbnail_metadata` is json: refused, and nothing is changed."""

REFUSED = "thumbnail_metadata is json, and must be jsonb"
