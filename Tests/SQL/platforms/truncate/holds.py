"""TRUNCATE: every object of ours is put down, nothing is left in the queue."""

from habit import expect, picture


def holds(db):
    claims = [db.make(db.add()) for _ in range(3)]
    db.add(thumbnail_url="http://user.example/p.jpg")
    waiting, working = db.add(), db.claim(db.add())
    db.merge()
    hinted = db.add()
    db.platform("TRUNCATE videos")
    expect("a late result", db.complete(working), "fenced")
    db.expect_idle()
    expect("objects", db.put_down(), sorted(picture(claim)[1] for claim in (*claims, working)))
    expect("no such video", [db.claim(video).outcome for video in (waiting, hinted)], ["not_found"] * 2)
    # Filled again in the same transaction.
    video = db.add()
    claim = db.make(video)
    db.platform("CREATE TABLE copied AS SELECT * FROM videos; BEGIN; TRUNCATE videos; INSERT INTO videos SELECT * FROM copied; COMMIT")
    db.expect_idle()
    db.root("UPDATE thumbnails.object_deletions SET not_before = now()")
    expect("what is named stays", picture(claim)[1] in db.worker.all("SELECT thumbnails.take_deletions(100)"), False)
    # And with another video.
    db.platform("BEGIN; TRUNCATE videos; INSERT INTO videos SELECT * FROM copied; UPDATE videos SET video_url = 'http://x/other.mp4'; COMMIT")
    expect("made anew", db.work_off(), [video])
    db.platform("BEGIN; UPDATE copied SET status = 'processing', video_url = 'http://x/third.mp4'; TRUNCATE videos; INSERT INTO videos SELECT * FROM copied; COMMIT")
    db.merge()
    expect("not yet", (db.work_off(), db.state(video)), ([], ("pending", None, 0)))
    db.finish(video)
    expect("when it is finished", db.work_off(), [video])
    db.expect_life()
