"""A table has the name of one of our views: refused, and nothing is changed."""

REFUSED = "has another shape here"
