"""A table as most have it: what the other habits vary."""


def holds(db):
    db.expect_life()
    db.expect_idle()
