"""`thumbnail_url` is generated from a path, so no picture can be written: refused, and nothing is changed."""

REFUSED = "thumbnail_url is a generated column, and must be an ordinary one"
