"""A table inherits from `videos` later, whose rows fire none of our triggers: that is said, and the sweep finds them."""

from habit import expect


def holds(db):
    expect("nothing is said", db.worker("SELECT thumbnails.look()")["processProblems"], [])
    db.platform("CREATE TABLE old_videos (tape integer) INHERITS (videos)")
    said = db.worker("SELECT thumbnails.look()")["processProblems"]
    expect("the report", [problem[:38] for problem in said], ["another table inherits from videos, an"])
    video = db.platform("INSERT INTO old_videos (status, video_url) VALUES ('completed', 'http://x/old.mp4') RETURNING id")
    db.merge()
    expect("not noticed", db.job(video), None)
    db.hour_passes()
    db.sweep()
    expect("found", db.work_off(), [video])
    db.expect_life()
