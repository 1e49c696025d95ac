"""A copy of the database, for staging, shares the bucket: what the other one has uploaded since is not the copy's to delete."""

from habit import expect, picture

ORPHANS = "SELECT thumbnails.list_orphans(%s)"


def holds(db):
    video = db.make(db.add()).video
    copy = db.other("staging")
    copy.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=db.run("pg_dump"))
    copy.connect()
    again = db.claim(video, more=", NULL, true")
    expect("the picture is made again", db.complete(again), "ok")
    expect("in the copy nobody needs it", copy.worker.all("SELECT key FROM thumbnails.unneeded_objects(%s)", [picture(again)[1]]), [picture(again)[1]])
    expect("and it stays", copy.worker.all(ORPHANS, [picture(again)[1]]), [])
    # What the copy's own worker uploaded that died.
    lost = copy.claim(copy.add())
    copy.fail(lost, False, "media")
    expect("its own goes", copy.worker.all(ORPHANS, [picture(lost)[1]]), [picture(lost)[1]])
    copy.expect_life()
