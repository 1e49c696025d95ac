"""Clients speak GBK: what they write and read is right, and what GBK lacks in one row stops no other."""

from habit import expect


def holds(db):
    expect("the clients", [session("SHOW client_encoding") for session in (db.platform, db.worker)], ["GBK", "GBK"])
    expect("the notices of the migration", "缩略图生成容错系统部署完成" in db.notices, True)
    db.hour_passes()
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    claim = db.claim(db.add(title="标题", video_url="http://x/标题.mp4"))
    expect("the URL", claim.url, "http://x/标题.mp4")
    db.worker("SELECT thumbnails.fail(%s, %s, 'source', '源站返回 503', true)", claim.video, claim.token)
    error = "SELECT thumbnail_generation_error FROM videos WHERE id = %s"
    expect("the error, to one and the other", [session(error, claim.video) for session in (db.platform, db.root)], ["源站返回 503"] * 2)
    db.time_passes()
    db.make(claim.video)
    # What they ask to be shown they must be able to read.
    db.platform("UPDATE videos SET title = NULL")
    db.expect_life(title="标题")
