"""A BEFORE trigger puts the platform's own address in front of every thumbnail, ours too: they are still ours."""

from habit import expect, picture


def holds(db):
    video = db.add()
    claim = db.claim(video)
    expect("a result", (db.complete(claim), db.complete(claim)), ("ok", "already"))
    expect("the row", (db.state(video), db.picture(video).startswith("https://img.platform.example/fit-in/" + picture(claim)[1])),
           (("completed", None, 1), True))
    db.expect_idle()
    again = db.claim(video, more=", p_regenerate := true")
    expect("made anew", db.complete(again), "ok")
    expect("what it replaced is put down", db.collected(), [picture(claim)[1]])
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4'")
    expect("another video", db.work_off(), [video])
    db.platform("DELETE FROM videos")
    db.merge()
    expect("objects", len(db.put_down()), 3)
    db.expect_idle()
    db.expect_quiet()
