"""Rewrite rules on `videos`: one logs every update, one makes a mark of a deletion."""

from habit import expect, picture


def holds(db):
    video, waiting = db.add(), db.add()
    claim = db.make(video)
    expect("the picture is logged once", db.platform("SELECT count(*) FROM log WHERE became = %s AND was IS NULL", picture(claim)[0]), 1)
    db.platform("DELETE FROM videos")
    db.expect_idle()
    expect("neither is finished any more", [db.claim(each).outcome for each in (video, waiting)], ["not_finished"] * 2)
    expect("the picture stays", (db.picture(video), db.collected()), (picture(claim)[0], []))
    db.finish(waiting)
    db.make(waiting)
    db.expect_quiet()
