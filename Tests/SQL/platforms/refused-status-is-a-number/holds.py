"""`status` is a number: refused, and nothing is changed."""

REFUSED = "knows no word 'completed'"
