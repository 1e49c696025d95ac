"""`id` may be NULL: refused, and nothing is changed."""

REFUSED = "may be NULL"
