"""`status` is generated, so a BEFORE trigger does not see it."""

from habit import expect


def add(db, **columns):
    return db.add(..., **columns)


def holds(db):
    video, at_once = add(db), add(db, is_encoded=True)
    expect("unfinished", db.claim(video).outcome, "not_finished")
    db.platform("UPDATE videos SET is_encoded = true WHERE id = %s", video)
    db.merge()
    expect("wait", [db.state(each) for each in (video, at_once)], [("pending", None, 0)] * 2)
    expect("made", sorted(db.work_off()), sorted((video, at_once)))
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", video)
    db.merge()
    expect("another video", db.make(video).attempt, 1)
    db.platform("UPDATE videos SET thumbnail_url = NULL WHERE id = %s", video)
    db.merge()
    expect("its picture taken away", db.make(video).attempt, 1)
    failed = add(db, is_encoded=True)
    db.fail(db.claim(failed), False, "media")
    db.platform("UPDATE videos SET video_url = 'http://x/better.mp4' WHERE id = %s", failed)
    db.merge()
    expect("a failed one with another video", db.make(failed).attempt, 1)
    db.expect_quiet()
    db.expect_idle()
