"""A history as many keep it for all their tables: the trigger makes the name of its table, and copies the whole row. It would not bear our columns."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns"
