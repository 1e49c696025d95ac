"""Rows are copied whole, in a database where backslashes escape in all strings, as they did long ago: found, and refused as elsewhere."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns"
