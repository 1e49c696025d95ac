"""Partitions: finishing a video moves its row from one to another, and so may the platform at any time; a partition may come later."""

from habit import expect, picture

MOVE = "UPDATE videos SET created_at = %s WHERE id = %s"


def holds(db):
    expect("the index is on every partition", db.root("""SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
             WHERE c.relname ~ '^videos' AND i.indisvalid AND pg_get_indexdef(i.indexrelid) ~ 'data:image'"""), 5)
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    db.expect_life()
    # Moved while it waits, is at work, and has its picture.
    video = db.add()
    db.merge()
    db.platform(MOVE, "2024-01-01", video)
    db.merge()
    claim = db.claim(video)
    db.platform(MOVE, "2025-02-01", video)
    db.merge()
    expect("its result", db.complete(claim), "ok")
    db.platform(MOVE, "2024-02-01", video)
    db.merge()
    expect("its object stays", picture(claim)[1] in db.collected(), False)
    expect("at the end", (db.state(video)[0], db.picture(video)), ("completed", picture(claim)[0]))
    db.platform("DELETE FROM videos WHERE id = %s", video)
    db.merge()
    expect("deleted", picture(claim)[1] in db.put_down(), True)
    # One that comes later, and one that is written to by its own name.
    db.platform("""CREATE TABLE videos_failed PARTITION OF videos FOR VALUES IN ('failed');
                   ALTER TABLE videos_finished DETACH PARTITION videos_old;
                   ALTER TABLE videos_finished ATTACH PARTITION videos_old FOR VALUES FROM (MINVALUE) TO ('2025-01-01')""")
    named = db.platform("INSERT INTO videos_old (status, video_url, created_at) VALUES ('completed', 'http://x/v.mp4', '2024-03-01') RETURNING id")
    retried = db.add("failed")
    db.finish(retried)
    expect("both are made", sorted(db.work_off()), sorted((named, retried)))
    db.platform("ALTER TABLE videos_old DISABLE TRIGGER USER")
    expect("one whose triggers are off", "are disabled" in " ".join(db.worker("SELECT thumbnails.look() -> 'processProblems'")), True)
    db.platform("ALTER TABLE videos ENABLE TRIGGER USER")
    expect("what is said then helps", db.worker("SELECT thumbnails.look() -> 'processProblems'"), [])
    # One that is held keeps nobody from the others.
    db.platform("BEGIN; LOCK TABLE ONLY videos_old")
    beside = db.session()
    beside("SET lock_timeout = '1s'")
    expect("another partition", beside.error("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/v.mp4')"), None)
    db.platform("ROLLBACK")
    db.platform("TRUNCATE videos")
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
