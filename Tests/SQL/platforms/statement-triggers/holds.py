"""Triggers for each statement, with transition tables; one that allows no writes at night."""

from habit import expect, picture


def holds(db):
    db.expect_life()
    video, other = db.add(), db.add()
    claim = db.claim(video)
    db.platform("CREATE TABLE night ()")
    expect("at night", (db.complete(claim), db.claim(other).outcome), ("kept", "claimed"))
    db.platform("DROP TABLE night")
    db.time_passes()
    db.look_after()
    expect("in the morning", (db.state(video), db.picture(video)), (("completed", None, 1), picture(claim)[0]))
    expect("noted once", db.platform.all("SELECT was, became FROM changes WHERE video_id = %s", video), [(None, picture(claim)[0])])
    db.make(other)
    db.platform("DELETE FROM videos")
    db.expect_idle()
