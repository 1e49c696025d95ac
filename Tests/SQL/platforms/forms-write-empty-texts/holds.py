"""A form for rows (Django's admin, with a model by inspectdb) writes '' into every text that is NULL, the state's included."""

from habit import expect

TEXTS = ("title", "thumbnail_url", "thumbnail_generation_status", "thumbnail_generation_error", "thumbnail_generation_error_code")


def holds(db):
    def save(video, status=None):
        db.platform(f"UPDATE videos SET video_url = video_url, status = coalesce(%s, status), {', '.join(f'{name} = COALESCE({name}, %s)' for name in TEXTS)} "
                    "WHERE id = %s", status, *[""] * len(TEXTS), video)

    video = db.add("processing")
    save(video)
    expect("an unfinished video", db.state(video), (None, "", 0))
    save(video, "completed")
    expect("is finished", db.state(video), ("pending", None, 0))
    db.merge()
    db.make(video)
    save(video)
    expect("one with its picture", (db.state(video)[0], db.work_off()), ("completed", []))

    new = db.add(**dict.fromkeys(TEXTS, ""))
    expect("a new one", db.state(new), ("pending", None, 0))
    unfinished = db.add("processing", **dict.fromkeys(TEXTS, ""))
    expect("a new one that is not finished", db.state(unfinished)[0], None)
    expect("a new one with a picture", db.state(db.add(**{**dict.fromkeys(TEXTS, ""), "thumbnail_url": "https://elsewhere/a.jpg"}))[0], "completed")
    expect("made", db.work_off(), [new])
    db.platform("DELETE FROM videos WHERE id = %s", unfinished)
    db.expect_life(**dict.fromkeys(TEXTS, ""))
    db.expect_idle()
