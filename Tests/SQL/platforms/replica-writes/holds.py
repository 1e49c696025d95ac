"""What is written with `session_replication_role = replica` (a subscription, a restore) fires no trigger: the sweep finds it."""

from habit import expect

MINUTES = """INSERT INTO videos (status, video_url, created_at)
             SELECT 'completed', 'http://x/v.mp4', now() - n * interval '1 min' FROM unnest(ARRAY[1, 9, 11, 600]) AS n"""


def holds(db):
    replica = db.session("postgres")
    replica("SET session_replication_role = replica")
    replica(MINUTES)
    expect("no hint", db.root("SELECT count(*) FROM thumbnails.inbox"), 0)
    expect("those of ten minutes and more", db.sweep()["retriedCount"], 2)
    expect("made", len(db.work_off()), 2)
    # Another URL while it is in work; then it goes.
    claim = db.claim(db.add())
    replica("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", claim.video)
    expect("its worker", db.complete(claim), "fenced")
    again = db.claim(claim.video)
    expect("the next", (again.url, again.attempt), ("http://x/other.mp4", 1))
    replica("DELETE FROM videos WHERE id = %s", claim.video)
    expect("a deleted one's worker", db.complete(again), "fenced")
    # A picture comes, and one goes.
    video, gone = db.add(), db.add()
    db.merge()
    db.make(gone)
    replica("UPDATE videos SET thumbnail_url = 'http://user.example/p.jpg' WHERE id = %s", video)
    expect("has one", db.claim(video).outcome, "completed")
    replica("UPDATE videos SET thumbnail_url = NULL WHERE id = %s", gone)
    expect("too early", db.sweep()["retriedCount"], 0)
    db.hour_passes()
    db.sweep()
    expect("made, with those that were too young", gone in db.work_off(), True)
    expect("lack one", db.root("SELECT count(*) FROM videos WHERE thumbnail_url IS NULL"), 0)
    db.expect_life()
