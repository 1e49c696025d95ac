"""Partitions by the hash of the id, one with a trigger of its own."""

from habit import expect


def holds(db):
    for _ in range(3):
        db.expect_life()
    db.expect_idle()
    video = db.add()
    db.make(video)
    db.platform("""INSERT INTO videos (id, status, video_url) SELECT id, status, video_url FROM videos WHERE id = %s
                   ON CONFLICT (id) DO UPDATE SET status = excluded.status, thumbnail_generation_status = excluded.thumbnail_generation_status""", video)
    expect("an import changes nothing", (db.work_off(), db.state(video)[0]), ([], "completed"))
    db.migrate(anew=True)
    db.expect_life()
