"""`status` is of a type of an extension's, which is compared otherwise than text: refused, and nothing is changed."""

REFUSED = "is neither text"
