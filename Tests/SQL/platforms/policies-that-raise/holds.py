"""Policies whose function raises where nobody is logged in."""


def holds(db):
    db.expect_life()
    db.expect_idle()
