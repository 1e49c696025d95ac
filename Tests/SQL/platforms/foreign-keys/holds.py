"""Others refer to videos: a comment that is being written holds up no worker, nor a worker a comment; a user who goes takes the videos
along; an id may change."""

from habit import expect

USER, MOVED = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"
COMMENT = "INSERT INTO comments (video_id, text) VALUES (%s, 'first')"


def holds(db):
    video, other = db.add(user_id=USER), db.add(user_id=USER)
    with db.platform.transaction():
        db.platform(COMMENT, video)
        claim = db.claim(video)
        expect("beside a comment", (db.state(video)[0], db.complete(claim), db.state(video)[0]), ("processing", "ok", "completed"))
    claim, worker = db.claim(other), db.session("handlers")
    with worker.transaction():
        expect("handed in", db.complete(claim, worker), "ok")
        db.platform("SET lock_timeout = '10ms'")
        expect("a comment beside it", db.platform.error(COMMENT, other), None)
    # Under another id it is another video.
    waiting = db.add(user_id=USER)
    db.merge()
    db.platform("UPDATE videos SET id = %s WHERE id = %s", MOVED, waiting)
    expect("another id", db.work_off(), [MOVED])
    db.platform("DELETE FROM users")
    db.expect_idle()
    expect("objects of all are put down", len(db.put_down()), 3)
    db.platform("RESET lock_timeout")
    db.expect_life()
