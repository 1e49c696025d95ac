"""Short varchar columns, and a time without a zone."""

from habit import expect


def holds(db):
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    db.expect_life()
    # A URL that does not fit is refused, and kept.
    video = db.add()
    claim = db.claim(video)
    expect("too long", db.worker("SELECT thumbnails.complete(%s, %s, %s, 'k', '{}')", video, claim.token, "http://cdn/" + "x" * 200), "kept")
    expect("the row says so", "too long" in db.error(video), True)
