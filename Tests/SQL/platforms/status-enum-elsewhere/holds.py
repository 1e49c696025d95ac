"""`status` is an enum of another schema, with words of the platform's own and one that comes later."""

from habit import expect


def holds(db):
    db.expect_life()
    db.platform("ALTER TYPE types.status ADD VALUE 'reviewed' BEFORE 'completed'")
    video = db.add("reviewed")
    expect("not finished", db.claim(video).outcome, "not_finished")
    db.finish(video)
    expect("made", db.work_off(), [video])
    db.platform("UPDATE videos SET status = 'archived'")
    db.expect_idle()
