"""`status` has another word for a finished video: refused, and nothing is changed."""

REFUSED = "knows no word 'completed'"
