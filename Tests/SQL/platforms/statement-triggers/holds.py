"""Triggers for each statement, with transition tables; one that allows no writes at night, which is when the
migrations are applied: where there is nothing to mend they write to no row, and fire none."""

from habit import expect, picture


MIGRATES = False


def holds(db):
    db.connect()
    db.platform("CREATE TABLE night ()")
    expect("at night", db.platform.error("UPDATE videos SET title = 'x' WHERE false"), "P0001")
    db.migrate()
    db.configure()
    db.platform("DROP TABLE night")
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
