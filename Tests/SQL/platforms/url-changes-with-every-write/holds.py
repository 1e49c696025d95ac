"""A trigger gives `video_url` another number whenever the row is written, our writes too, so that no cache keeps it: that is the same video. One
attempt makes its picture, and three that fail are the last."""

from habit import expect, picture


def holds(db):
    video = db.add()
    claim = db.claim(video)
    expect("the result", db.complete(claim), "ok")
    expect("the row", (db.state(video), db.picture(video)), (("completed", None, 1), picture(claim)[0]))
    expect("nothing more is made", db.work_off(), [])
    broken = db.add()
    for attempt in (1, 2, 3):
        claim = db.claim(broken)
        expect("an attempt", claim.attempt, attempt)
        db.fail(claim)
        db.time_passes()
    expect("no fourth", (db.claim(broken).outcome, db.state(broken)), ("exhausted", ("failed", "source", 3)))
    # Another video is another one, also while a worker is at the first.
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", video)
    late = db.claim(video)
    db.platform("UPDATE videos SET video_url = 'http://x/third.mp4' WHERE id = %s", video)
    expect("a late result", db.complete(late), "fenced")
    expect("the other video", db.work_off(), [video])
    db.expect_idle()
