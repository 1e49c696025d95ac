"""Every column has a collation of its own, and `status` one to which case is nothing: it is the same to us."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add("Completed")
    expect("said in another case", db.work_off(), [video])
