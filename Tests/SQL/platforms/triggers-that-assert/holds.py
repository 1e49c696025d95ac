"""A trigger ASSERTs what does not hold for one video, which PL/pgSQL's OTHERS does not catch: that video is kept, and stops nobody else's."""

from habit import expect, picture

USER = "00000000-0000-4000-8000-0000000000aa"


def holds(db):
    nobodys, somebodys, without_url = db.add(), db.add(user_id=USER), db.add(video_url=None)
    db.merge()
    claims = [db.next(), db.next()]
    expect("claims", [claim.video for claim in claims], [nobodys, somebodys])
    expect("results", [db.complete(claim) for claim in claims], ["kept", "ok"])
    failed = db.claim(db.add())
    expect("a failure", db.fail(failed, False, "media"), "kept")
    expect("the words", "a video needs a user (P0004)" in str(db.worker("SELECT thumbnails.report(thumbnails.look(), 50)")), True)
    expect("the trial", "a video needs a user" in db.worker("SELECT thumbnails.trial()"), True)
    expect("the sweep", db.sweep()["success"], True)
    db.platform("DROP TRIGGER has_user ON videos")
    db.time_passes()
    db.look_after()
    expect("written when it can be", (db.picture(nobodys), db.state(failed.video)), (picture(claims[0])[0], ("failed", "media", 1)))
    db.sweep()
    db.merge()
    expect("and what has no URL", db.state(without_url), ("failed", "media", 0))
    db.expect_idle()
