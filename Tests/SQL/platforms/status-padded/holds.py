"""`status` is padded with blanks."""


def holds(db):
    db.expect_life()
    db.expect_idle()
