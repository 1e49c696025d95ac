"""A BEFORE trigger keeps the row as it is for a while (RETURN NULL): the result waits, and is written later."""

from habit import expect, picture


def holds(db):
    video, lost = db.add(), db.add()
    db.platform("INSERT INTO frozen SELECT id FROM videos")
    claim = db.claim(video)
    expect("a claim works", claim[:4], ("claimed", video, claim.token, 1))
    expect("and cannot be seen", db.state(video), ("pending", None, 0))
    expect("the result", db.complete(claim), "kept")
    expect("said again", db.complete(claim), "kept")
    expect("a final failure", db.fail(db.claim(lost), False, "media"), "kept")
    expect("the row", (db.state(video), db.picture(video)), (("pending", None, 0), None))
    expect("the job", db.job(video), (9, 1, False, True))
    expect("the history", db.history(video), "->pending, pending>processing, processing>pending platform")
    expect("another claim", db.claim(video).outcome, "not_due")
    for _ in range(5):
        db.time_passes()
        db.look_after()
    expect("still kept, one attempt", db.job(video), (9, 1, False, True))
    expect("reported", db.worker("SELECT thumbnails.look() #>> '{queue,kept}'"), "2")
    expect("the collector leaves its object", db.worker("SELECT count(*) FROM thumbnails.list_orphans(ARRAY[%s])", picture(claim)[1]), 0)

    db.platform("DELETE FROM frozen")
    db.time_passes()
    db.look_after()
    expect("written", (db.state(video), db.picture(video)), (("completed", None, 1), picture(claim)[0]))
    expect("the failure too", db.state(lost), ("failed", "media", 1))
    expect("said once more", db.complete(claim), "already")
    db.expect_idle()
    db.expect_life(quiet=False)
