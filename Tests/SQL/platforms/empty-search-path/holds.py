"""The owner's search_path is empty."""

from habit import expect


def holds(db):
    expect("the path", db.platform("SHOW search_path"), '""')
    db.expect_life()
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
