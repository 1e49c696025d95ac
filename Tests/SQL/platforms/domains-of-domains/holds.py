"""`status` and the URLs are of domains that are made of domains."""


def holds(db):
    db.expect_life()
    db.expect_idle()
