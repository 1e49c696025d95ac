"""Rows are copied whole at the end of the transaction, by a deferred constraint trigger: every COMMIT of the platform's would fail."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns"
