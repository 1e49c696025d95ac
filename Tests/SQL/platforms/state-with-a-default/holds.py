"""The state was made `pending` by default, also of videos that come with a picture."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add(thumbnail_url="http://user.example/p.jpg")
    expect("has a picture", db.state(video)[0], "completed")
    unfinished = db.add("processing", thumbnail_url="http://user.example/p.jpg")
    db.finish(unfinished)
    db.merge()
    expect("had one before it was finished", db.state(unfinished)[0], "completed")
    expect("nothing is made", db.work_off(), [])
