"""`status` is of a domain made of an enum, which PostgreSQL compares with no word: refused, and nothing is changed."""

REFUSED = "or is neither text, varchar nor an enum"
