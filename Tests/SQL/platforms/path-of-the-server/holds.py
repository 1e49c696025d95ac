"""Triggers with unqualified names, and the path in which they are found is that of the server's own configuration."""

SLOW = True
SERVER = {"search_path": "app,public"}


def holds(db):
    db.expect_life()
    db.expect_idle()
