"""A library that keeps versions (django-reversion, PaperTrail) inserts a deleted row again as it was, with its picture: within a day the object is still
there, and afterwards the picture is made anew."""

from habit import expect, picture

AGAIN = "INSERT INTO videos SELECT * FROM json_populate_record(NULL::videos, %s)"


def deleted(db, video):
    row = db.root("SELECT to_jsonb(v)::text FROM videos AS v WHERE id = %s", video)
    db.platform("DELETE FROM videos WHERE id = %s", video)
    db.merge()
    return row


def holds(db):
    soon = db.make(db.add())
    db.platform(AGAIN, deleted(db, soon.video))
    expect("within a day", (db.work_off(), db.collected(), db.put_down()), ([], [], []))

    for status in ("completed", "processing"):
        late = db.make(db.add())
        row = deleted(db, late.video)
        keys = db.collected()
        expect("its object is deleted", picture(late)[1] in keys, True)
        db.worker("SELECT thumbnails.forget_objects(%s)", keys)
        db.platform(AGAIN, row.replace('"status": "completed"', f'"status": "{status}"'))
        if status == "processing":
            expect("an unfinished one", db.work_off(), [])
            db.finish(late.video)
        expect("the picture is made anew", (db.work_off(), db.picture(late.video) != picture(late)[0], db.state(late.video)[:2]),
               ([late.video], True, ("completed", None)))
        with db.platform.transaction():
            row = db.root("SELECT to_jsonb(v)::text FROM videos AS v WHERE id = %s", late.video)
            db.platform("DELETE FROM videos WHERE id = %s", late.video)
            db.platform(AGAIN, row)
        expect("and once", db.work_off(), [])

    # While the object is being deleted.
    late = db.make(db.add())
    row = deleted(db, late.video)
    expect("taken", picture(late)[1] in db.collected(), True)
    db.platform(AGAIN, row)
    expect("not known yet", db.work_off(), [])
    db.worker("SELECT thumbnails.forget_objects(%s)", [picture(late)[1]])
    expect("made anew", db.work_off(), [late.video])

    # A failure beside a picture is not tried again because its row is written anew.
    other = db.make(db.add()).video
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", other)
    db.fail(db.claim(other), False, "media")
    with db.platform.transaction():
        row = db.root("SELECT to_jsonb(v)::text FROM videos AS v WHERE id = %s", other)
        db.platform("DELETE FROM videos WHERE id = %s", other)
        db.platform(AGAIN, row)
    expect("stays failed", (db.work_off(), db.state(other)[0]), ([], "failed"))
    db.expect_idle()
    db.expect_life()
