"""URLs are in Turkish, where the small letter of I is another one: parameters of signing are known all the same."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add(video_url="http://x/1.mp4?Expires=1&Signature=s&Key-Pair-Id=k&X-AMZ-CREDENTIAL=1")
    db.make(video)
    db.platform("UPDATE videos SET video_url = 'http://x/1.mp4?Expires=2&Signature=t&Key-Pair-Id=l&X-AMZ-CREDENTIAL=2'")
    expect("signed anew", db.work_off(), [])
    db.platform("UPDATE videos SET video_url = 'http://x/1.mp4?Expires=2&Id=2'")
    expect("another video", db.work_off(), [video])
    db.expect_idle()
