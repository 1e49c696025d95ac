"""The times of the state are there already, without a time zone, as some mappers write every time."""

REFUSED = "thumbnail_generated_at is timestamp without time zone, and must be timestamptz"
