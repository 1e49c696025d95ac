"""An ORM that saves every column of a row it loaded earlier: the user edits the title while the thumbnail is in the making."""

import itertools

import psycopg2.extras

from habit import expect, picture

PHASES = ("pending", "at work", "waits for the second attempt", "at work again", "completed")
COLUMNS = """SELECT attname::text FROM pg_attribute
              WHERE attrelid = 'public.videos'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id' ORDER BY attnum"""


def load(db, video):
    names = db.root.all(COLUMNS)
    return dict(zip(names, db.platform(f"SELECT {', '.join(names)} FROM videos WHERE id = %s", video)))


def save(db, video, row):
    row = {**row, "title": "new title", "thumbnail_metadata": psycopg2.extras.Json(row["thumbnail_metadata"])}
    db.platform(f"UPDATE videos SET {', '.join(name + ' = %s' for name in row)} WHERE id = %s", *row.values(), video)


def save_in_a_later_phase(db, loaded, saved):
    name = f"loaded {PHASES[loaded]}, saved {PHASES[saved]}"
    video, claim, row = db.add(), None, None
    for phase in range(saved + 1):
        if phase in (1, 3):
            db.time_passes(video)
            claim = db.claim(video)
            expect(f"{name}: a claim", (claim.outcome, claim.attempt), ("claimed", (phase + 1) // 2))
        elif phase == 2:
            expect(f"{name}: a failure", db.fail(claim), "ok")
        elif phase == 4:
            expect(f"{name}: a result", db.complete(claim), "ok")
        if phase == loaded:
            row = load(db, video)
    save(db, video, row)
    if saved in (1, 3):
        expect(f"{name}: the worker's result", db.complete(claim), "ok")
    db.merge()
    if saved == loaded == 2:
        expect(f"{name}: its time is kept", db.claim(video).outcome, "not_due")
    if saved == 4 and loaded < 4:
        expect(f"{name}: the picture is emptied", db.state(video)[0], "pending")
        expect(f"{name}: its object is put down", picture(claim)[1] in db.put_down(), True)
    db.time_passes(video)
    expect(f"{name}: is made", db.work_off(), [] if saved in (1, 3) or saved == loaded == 4 else [video])
    expect(f"{name}: at the end", (db.state(video)[:2], db.root("SELECT title FROM videos WHERE id = %s", video)), (("completed", None), "new title"))
    db.expect_idle()


def upload_again(db, saves, last):
    """The object was loaded when the row had its picture, and is saved with every step of another upload; `last` is what its state column has become."""
    video = db.add()
    old = picture(db.make(video))[0]
    db.merge()
    row = load(db, video)
    for changes in saves:
        save(db, video, {**row, **changes, **last})
        expect("waits", (db.picture(video), db.state(video)[0]), (old, "pending"))
        db.merge()
    db.time_passes(video)
    expect(f"uploaded again, {saves}, {last}: is made", db.work_off(), [video])
    expect("the new picture", (db.picture(video) != old, db.state(video)[:2]), (True, ("completed", None)))
    made = load(db, video)
    save(db, video, {**row, **saves[-1], "video_url": made["video_url"] + "#t=1", **last})
    expect("the old picture is not put back", load(db, video)["thumbnail_url"], made["thumbnail_url"])
    expect("nor what was said of it", load(db, video)["thumbnail_metadata"], made["thumbnail_metadata"])
    save(db, video, {**load(db, video), "thumbnail_generation_status": "completed"})
    db.work_off()
    db.expect_idle()


def holds(db):
    new, signed = "http://x/new.mp4", "http://x/new.mp4?token=1"
    upload = {"status": "processing", "video_url": new}
    finished = {"status": "completed", "video_url": new}
    for saves in ([upload, finished], [upload, upload, finished], [upload, {**finished, "video_url": signed}], [upload, {**finished, "video_url": "http://x/third.mp4"}],
                  [finished, finished]):
        for last in ({}, {"thumbnail_generation_status": None}, {"thumbnail_generation_status": "processing"},
                     {"thumbnail_generation_status": "failed", "thumbnail_generation_error": "x"}):
            upload_again(db, saves, last)

    for loaded, saved in itertools.combinations_with_replacement(range(len(PHASES)), 2):
        save_in_a_later_phase(db, loaded, saved)

    # One that failed for good.
    video = db.add()
    pending = load(db, video)
    claim = db.claim(video)
    working = load(db, video)
    db.fail(claim, False, "media")
    save(db, video, load(db, video))
    db.merge()
    expect("a failed one saved as it is", (db.state(video), db.job(video)), (("failed", "media", 1), None))
    for row in (pending, working):
        save(db, video, row)
        db.merge()
        db.hour_passes()
        db.sweep()
        expect("saved as it was: is made, by the sweep at the latest", db.work_off(), [video])
        db.platform("UPDATE videos SET thumbnail_url = NULL WHERE id = %s", video)
        db.fail(db.claim(video), False, "media")

    # One whose result is kept.
    video = db.add()
    pending = load(db, video)
    db.platform("ALTER TABLE videos ADD CONSTRAINT broken CHECK (thumbnail_url IS NULL) NOT VALID")
    claim = db.claim(video)
    expect("a result", db.complete(claim), "kept")
    save(db, video, pending)
    db.merge()
    expect("is kept still", db.job(video), (9, 1, False, True))
    db.platform("ALTER TABLE videos DROP CONSTRAINT broken")
    db.time_passes()
    db.look_after()
    expect("and written", (db.picture(video), db.state(video)[0]), (picture(claim)[0], "completed"))
