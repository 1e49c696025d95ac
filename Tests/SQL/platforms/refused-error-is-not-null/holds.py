"""A column of the state is NOT NULL, as some mappers make all texts: refused, and nothing is changed."""

REFUSED = "thumbnail_generation_error is NOT NULL, and must be nullable"
