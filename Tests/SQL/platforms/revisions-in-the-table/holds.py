"""A trigger keeps each version of a video as a row of the same table, finished and without a picture as the video was: each is made a picture, too, and who
checks the installation is told that this has no end where versions have versions."""

from habit import expect


def holds(db):
    video = db.add()
    expect("the check", "another finished video without a picture" in (db.worker("SELECT thumbnails.trial()") or ""), True)
    db.make(video)
    expect("its versions are made, too", len(db.work_off()) >= 1, True)
    db.platform("DROP TRIGGER keep_version ON videos")
    db.work_off()
    expect("the check, without", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life()
