"""`system_config` is the platform's own, has no key, and says some things twice."""


def holds(db):
    db.expect_life()
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
