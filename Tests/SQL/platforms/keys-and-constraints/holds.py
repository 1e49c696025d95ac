"""Unique URLs, an exclusion constraint, generated columns, words of SQL as names, deferred keys of others and of its own."""


def holds(db):
    db.expect_life()
    db.expect_idle()
