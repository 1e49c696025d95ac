"""`videos` is a partition, which cannot be given columns of its own: refused, with the statement that gives them to the whole."""

REFUSED = "ALTER TABLE media ADD COLUMN thumbnail_generation_status text, ADD COLUMN"
