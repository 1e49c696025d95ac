"""The platform has a schema `thumbnails` of its own, with a table named like one of ours: refused, and nothing is changed."""

REFUSED = "a schema thumbnails of another purpose"
