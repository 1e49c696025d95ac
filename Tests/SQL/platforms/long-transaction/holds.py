"""A transaction of the platform's stays open for long: its hints come late, with ids lower than what was merged since."""

from habit import eventually, expect


def holds(db):
    early, removed = db.add(), db.add()
    db.make(removed)
    slow = db.session()
    with slow.transaction():
        late = slow("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/late.mp4') RETURNING id")
        slow("UPDATE videos SET thumbnail_url = NULL WHERE id = %s", removed)
        slow("UPDATE videos SET title = 'locked' WHERE id = %s", early)
        # Others go on, also with a video whose row is locked.
        others = [db.add() for _ in range(5)]
        claim = db.claim(early)
        expect("a claim passes the row over", db.history(early), "->pending, pending>processing")
        expect("the others are made", db.work_off(), others)
        expect("a result waits for the row for a moment", db.complete(claim), "kept")
    db.time_passes(early)
    db.look_after()
    expect("is written", db.state(early), ("completed", None, 1))
    expect("one's own claim sees a late hint at once", db.claim(removed).outcome, "claimed")
    eventually("the relay sees it within seconds", lambda: db.worker("SELECT thumbnails.merge(1000)") > 0, 6)
    expect("made", db.work_off(), [late])
    db.expect_life(quiet=False)
