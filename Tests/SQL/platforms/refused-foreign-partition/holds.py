"""One of the partitions is a foreign table: refused, and nothing is changed."""

REFUSED = "cannot follow the rows of videos_old"
