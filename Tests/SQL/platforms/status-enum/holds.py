"""`status` is an enum."""

from habit import expect


def holds(db):
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    db.expect_life()
    # Another word, later; the type may be another one, later.
    db.platform("ALTER TYPE video_status ADD VALUE 'archived'")
    video = db.add("archived")
    expect("archived", db.claim(video).outcome, "not_finished")
    db.finish(video)
    db.make(video)
    db.expect_idle()
