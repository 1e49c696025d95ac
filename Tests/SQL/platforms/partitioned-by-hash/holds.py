"""Partitions by the hash of the id, one with a trigger of its own."""


def holds(db):
    for _ in range(3):
        db.expect_life()
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
