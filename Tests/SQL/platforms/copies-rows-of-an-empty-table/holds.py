"""Triggers copy whole rows of a table that is empty yet, and only where the status changes: with eight columns more the platform's writes would fail."""

REFUSED = "the platform's own writes fail: INSERT has more expressions than target columns (42601)"
