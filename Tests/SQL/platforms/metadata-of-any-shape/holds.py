"""`thumbnail_metadata` was there before, NOT NULL, and holds any JSON."""

from habit import expect

MINE = "http://user.example/mine.jpg"


def holds(db):
    db.expect_reports()
    waiting = db.platform.all("SELECT id FROM videos WHERE thumbnail_url IS NULL ORDER BY id")
    expect("the sweep", db.sweep()["retriedCount"], len(waiting))
    for number, video in enumerate(waiting):
        if number % 2:
            # A worker before was lost, and a shape was asked for.
            db.worker("SELECT thumbnails.claim(%s, 0, '9:16')", video)
        db.make(video)
    for video in db.platform.all("SELECT id FROM videos WHERE thumbnail_url = %s", MINE):
        claim = db.claim(video, more=", p_regenerate := true")
        expect("made anew", (claim.outcome, db.complete(claim)), ("claimed", "ok"))
        expect("what it replaced", db.root("SELECT thumbnail_metadata ->> 'replaced' FROM videos WHERE id = %s", video), MINE)
    expect("all have what was handed in", db.root("SELECT array_agg(DISTINCT thumbnail_metadata ->> 'width') FROM videos"), ["1280"])
    db.expect_reports()
    orphans = [f"thumbnails/{video}/fedcba9876543210-1.jpg" for video in waiting]
    expect("what nobody names", sorted(db.worker.all("SELECT thumbnails.list_orphans(%s)", orphans)), sorted(orphans))
    db.expect_life()
    db.expect_idle()
