"""A rule does nothing instead of some UPDATEs, so that none can say what it wrote: refused, and nothing is changed."""

REFUSED = "does something instead of an UPDATE"
