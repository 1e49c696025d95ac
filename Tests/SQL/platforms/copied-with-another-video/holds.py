"""An ORM copies a whole row and gives the copy another video before it saves it (Rails' dup, Laravel's replicate, Django's pk = None): the picture that
came with the copy is made anew, at once or when the copy is finished. That of a copy with the same video stays."""

from habit import expect, picture


def copy(db, video, url=None, status="completed"):
    names = ("user_id, title, thumbnail_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at, "
             "thumbnail_generated_at, thumbnail_metadata")
    return db.platform(f"INSERT INTO videos (video_url, status, {names}) SELECT coalesce(%s, video_url), %s, {names} FROM videos WHERE id = %s RETURNING id",
                       url, status, video)


def holds(db):
    original = db.make(db.add())
    same, signed = copy(db, original.video), copy(db, original.video, original.url + "?token=1")
    expect("with the same video", db.work_off(), [])
    expect("the picture", {db.picture(same), db.picture(signed)}, {picture(original)[0]})

    finished = copy(db, original.video, "http://x/other.mp4")
    expect("with another video", db.work_off(), [finished])
    expect("its own picture", (finished in db.picture(finished), db.state(finished)[:2]), (True, ("completed", None)))
    for merges in (True, False):
        later = copy(db, original.video, f"http://x/later{merges}.mp4", "processing")
        if merges:
            db.merge()
            expect("not yet", db.state(later)[0], "pending")
        db.finish(later)
        expect("when it is finished", db.work_off(), [later])
    db.platform("UPDATE videos SET title = 'new' WHERE id = %s", finished)
    expect("once", db.work_off(), [])
    expect("the original's picture", (db.picture(original.video), db.put_down()), (picture(original)[0], []))

    lost = copy(db, original.video, "http://x/lost.mp4")
    expect("a failure for good", db.fail(db.claim(lost), False, "media"), "ok")
    db.hour_passes()
    db.sweep()
    expect("is final", (db.work_off(), db.state(lost)[:2], db.picture(lost)), ([], ("failed", "media"), picture(original)[0]))

    # A row that keeps what the video was before has the picture of that.
    with db.platform.transaction():
        version = copy(db, original.video)
        db.platform("UPDATE videos SET video_url = 'http://x/new.mp4' WHERE id = %s", original.video)
    expect("uploaded again", db.work_off(), [original.video])
    expect("the version's picture", (db.picture(version), picture(original)[1] in db.collected()), (picture(original)[0], False))
    db.expect_idle()
    db.expect_life()
