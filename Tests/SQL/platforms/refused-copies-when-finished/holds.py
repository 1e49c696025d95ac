"""A history of finished videos alone, with another copy whenever the picture changes: neither would bear our columns."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns"
