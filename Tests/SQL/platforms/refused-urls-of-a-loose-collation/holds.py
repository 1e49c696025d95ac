"""URLs are compared without regard to case, so LIKE is refused to them: 026 is refused, and nothing is changed."""

REFUSED = "compared byte by byte"
