"""A view of the platform's is made of the original's, whose shape changes: refused, and nothing is changed."""

REFUSED = "view dashboard"
