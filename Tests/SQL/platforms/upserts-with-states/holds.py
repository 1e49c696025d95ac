"""An import that is run again and again, INSERT ... ON CONFLICT DO UPDATE of every column but the picture's. It says nothing of the state: what a row
has stays so, whatever it is."""

from habit import expect


def upsert(db, video, url="http://x/imported.mp4", key="id"):
    db.platform(f"""INSERT INTO videos ({key}, status, title, video_url) VALUES (%s, 'completed', 'imported', %s)
                   ON CONFLICT ({key}) DO UPDATE SET status = excluded.status, title = excluded.title, video_url = excluded.video_url,
                     thumbnail_generation_status = excluded.thumbnail_generation_status, thumbnail_generation_error = excluded.thumbnail_generation_error,
                     thumbnail_generation_error_code = excluded.thumbnail_generation_error_code,
                     thumbnail_generation_attempts = excluded.thumbnail_generation_attempts""", video, url)
    db.merge()


def holds(db):
    video, lost, tried = db.add(), db.add(), db.add()
    unfinished = db.add("processing")
    for each in (video, lost, tried):
        upsert(db, each)
        expect("waits", db.state(each), ("pending", None, 0))
    claim = db.make(video)
    db.fail(db.claim(lost), False, "media")
    db.fail(db.claim(tried))
    upsert(db, unfinished, "http://x/of-another-folder.mp4")
    expect("one that is finished by it", (db.state(unfinished), db.work_off()), (("pending", None, 0), [unfinished]))
    for each, state in ((video, ("completed", None, 1)), (lost, ("failed", "media", 1)), (tried, ("failed", "source", 1))):
        job = db.job(each)
        upsert(db, each)
        expect("as it was", (db.state(each), db.job(each), db.work_off()), (state, job, []))
    # By a key of the platform's own, and beside a row that is new.
    db.platform("UPDATE videos SET slug = 'a' WHERE id = %s", video)
    upsert(db, "a", key="slug")
    expect("by another key", (db.state(video), db.work_off()), (("completed", None, 1), []))
    upsert(db, "b", key="slug")
    expect("a new one", len(db.work_off()), 1)
    db.platform("UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = %s", video)
    db.merge()
    expect("and asked for", db.work_off(), [video])
    db.time_passes()
    claim = db.claim(tried)
    upsert(db, tried)
    expect("at work", (db.state(tried), db.complete(claim)), (("processing", None, 2), "ok"))
    upsert(db, lost, "http://x/another.mp4")
    upsert(db, video, "http://x/another.mp4")
    expect("another video is made", sorted(db.work_off()), sorted((lost, video)))
    upsert(db, "00000000-0000-4000-8000-000000000001")
    expect("and a new one", db.work_off(), ["00000000-0000-4000-8000-000000000001"])
    # A function that inserts one video and starts another one, which had failed, is no import.
    db.fail(db.claim(stuck := db.add()), False, "media")
    db.platform(f"""DO $$ BEGIN
      INSERT INTO videos (status, video_url) VALUES ('processing', 'http://x/1.mp4'), ('completed', 'http://x/2.mp4');
      UPDATE videos SET status = 'completed', thumbnail_generation_status = 'pending', thumbnail_generation_attempts = 0,
                        thumbnail_generation_error = NULL, thumbnail_generation_error_code = NULL WHERE id = '{stuck}';
    END $$""")
    expect("is started", (db.state(stuck), stuck in db.work_off()), (("pending", None, 0), True))
    db.expect_life()
    db.expect_idle()
