"""All triggers of the table are disabled for a while, as some importers do: that is said, and the sweep finds what was missed."""

from habit import expect


def holds(db):
    db.platform("ALTER TABLE videos DISABLE TRIGGER USER")
    video = db.add()
    expect("the check", "triggers on videos are disabled" in db.worker("SELECT thumbnails.trial()"), True)
    expect("the report", "triggers on videos are disabled" in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.hour_passes()
    db.sweep()
    expect("found", db.work_off(), [video])
    db.platform("ALTER TABLE videos ENABLE TRIGGER USER")
    expect("the report afterwards", db.worker("SELECT thumbnails.look()")["processProblems"], [])
    db.expect_life()
