"""All rows that a statement has changed are copied whole, without a star in sight: the archive would not bear our columns."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns"
