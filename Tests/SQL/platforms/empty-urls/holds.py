"""'' stands for no URL and no thumbnail, in columns that are NOT NULL."""

from habit import expect


def holds(db):
    old = db.platform("SELECT id FROM videos")
    expect("the success rate", db.root("SELECT success_rate_percent, needs_generation_count FROM thumbnail_generation_health"), (None, 1))
    expect("the sweep finds the old one", db.sweep()["retriedCount"], 1)
    expect("by hand", db.platform("SELECT manually_trigger_thumbnail_generation(%s) ->> 'success'", old), "true")
    new, without, blank = db.add(), db.add(video_url=""), db.add(video_url=" \n")
    db.merge()
    for video in (without, blank):
        expect("no URL", (db.state(video), db.error(video), db.job(video)), (("failed", "media", 0), "Video URL is null", None))
    expect("by hand", db.platform("SELECT manually_trigger_thumbnail_generation(%s) ->> 'error'", without), "Video URL is null")
    expect("made", sorted(db.work_off()), sorted((old, new)))
    db.platform("UPDATE videos SET thumbnail_url = '' WHERE id = %s", new)
    expect("emptied", db.state(new), ("pending", None, 0))
    expect("is made again", db.work_off(), [new])
    db.platform("UPDATE videos SET video_url = 'http://x/late.mp4' WHERE id = %s", without)
    expect("a URL that comes late", db.work_off(), [without])
    db.platform("UPDATE videos SET video_url = '' WHERE id = %s", old)
    db.merge()
    expect("one that goes takes no picture with it", (db.state(old)[0], db.picture(old) != "", db.job(old)), ("completed", True, None))
    db.expect_life()
    db.expect_idle()
