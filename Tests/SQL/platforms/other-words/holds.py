"""The platform has another word for a finished video: nothing can be made, and that is said."""

from habit import expect

SAID = "a video is finished when its status is 'completed', and none is: there are 'READY' (5), 'processing' (1)"


def holds(db):
    expect("the migration", SAID in db.notices, True)
    expect("the check", db.worker("SELECT thumbnails.trial()"), SAID)
    db.platform("UPDATE videos SET status = 'completed' WHERE status = 'READY'")
    expect("the check afterwards", db.worker("SELECT thumbnails.trial()"), None)
    expect("made", len(db.work_off()), 5)
    db.expect_life()
