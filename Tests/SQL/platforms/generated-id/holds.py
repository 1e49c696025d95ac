"""`id` is generated from the number that was the key before."""

from habit import expect


def holds(db):
    video = db.add()
    db.make(video)
    expect("a picture of ours", db.root("SELECT thumbnail_metadata FROM videos WHERE id = %s", video), {"method": "keyframe", "width": 1280, "bytesFetched": 9})
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4'")
    expect("of another video", db.work_off(), [video])
    db.expect_life()
