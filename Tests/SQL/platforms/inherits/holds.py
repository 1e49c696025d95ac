"""`videos` inherits from a table of all media, by which the platform writes, too."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add("processing")
    db.platform("UPDATE media SET status = 'completed'")
    expect("noticed", db.work_off(), [video])
    db.platform("DELETE FROM media")
    db.expect_idle()
