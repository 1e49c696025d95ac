"""The platform has a column of that name already, whose default is no state of ours: its INSERTs would fail."""

REFUSED = 'violates check constraint "NULL, pending, processing, completed or failed"'
