"""Roles have a short lock_timeout: what meets a lock comes later, and nothing is lost or put aside for it."""

from habit import at_once, expect, picture

PUT_ASIDE = "SELECT text FROM thumbnails.set_aside"


def holds(db):
    db.expect_life()
    # A worker hands in, not yet committed, while there is a hint for its video and the relay merges.
    claim, worker = db.claim(db.add()), db.session("handlers")
    with worker.transaction():
        expect("handed in", db.complete(claim, worker), "ok")
        db.root("INSERT INTO thumbnails.inbox (video_id, reason) VALUES (%s, 'state')", claim.video)
        other = db.add()
        db.worker.error("SELECT thumbnails.merge(1000)")
    expect("no hint is put aside", db.root.all(PUT_ASIDE), [])
    expect("the other one's hint came along", db.work_off(), [other])
    # Two claim the same, which nobody has merged; the platform holds the row.
    video, slow = db.add(), db.session()
    with slow.transaction():
        slow("UPDATE videos SET title = 'locked' WHERE id = %s", video)
        sessions = db.session("handlers"), db.session("handlers")
        claims = at_once(*(lambda session=session: session.until_done("SELECT outcome, token FROM thumbnails.claim(%s, 30)", video)[0]
                           for session in sessions))
        expect("one has it", sorted(outcome for outcome, _ in claims), ["busy", "claimed"])
        claim = claim._replace(video=video, token=next(token for outcome, token in claims if outcome == "claimed"))
        expect("its result waits for the row, as long as it does anywhere", db.complete(claim), "kept")
    db.time_passes()
    db.look_after()
    expect("and is written", db.picture(video), picture(claim)[0])
    expect("no hint is put aside", db.root.all(PUT_ASIDE), [])
