"""Roles have a statement_timeout shorter than what a result waits for a locked row: it is said again, and not lost."""

from habit import expect

COMPLETE = "SELECT thumbnails.complete(%s, %s, 'http://cdn/p.jpg', 'k', '{}')"


def holds(db):
    expect("the timeout", db.worker("SHOW statement_timeout"), "700ms")
    db.expect_life()
    claim, slow = db.claim(db.add()), db.session()
    with slow.transaction():
        slow("UPDATE videos SET title = 'locked' WHERE id = %s", claim.video)
        expect("cut off, or kept", db.worker.error(COMPLETE, claim.video, claim.token) in ("57014", None), True)
        expect("a claim of another", db.claim(db.add()).outcome, "claimed")
    db.worker.until_done(COMPLETE, claim.video, claim.token)
    db.time_passes(claim.video)
    db.look_after()
    expect("written", (db.state(claim.video), db.picture(claim.video)), (("completed", None, 1), "http://cdn/p.jpg"))
    expect("nothing put aside", db.root.all("SELECT text FROM thumbnails.set_aside"), [])
