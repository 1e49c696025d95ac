"""A word of the enum is renamed later, and it is ours: the platform's writes go on, what fails of ours says why, and all goes on when it is back."""

from habit import expect


def holds(db):
    db.add()
    db.merge()
    db.platform("ALTER TYPE video_status RENAME VALUE 'completed' TO 'ready'")
    for session in (db.platform, db.session()):
        expect("the platform's writes go on", session.error(
            "INSERT INTO videos (status, video_url) VALUES ('ready', 'http://x/late.mp4'); UPDATE videos SET title = 'x', status = 'failed' WHERE status = 'pending'; "
            "UPDATE videos SET video_url = video_url || '?id=1' WHERE status = 'ready'; INSERT INTO videos (status) VALUES ('failed'); "
            "DELETE FROM videos WHERE status = 'failed'"), None)
    expect("the check", db.worker("SELECT thumbnails.trial()"), 'invalid input value for enum public.video_status: "completed" (22P02)')
    expect("the sweep", db.worker.error("SELECT public.auto_retry_stuck_thumbnails()"), "22P02")
    expect("the migrations", "public.videos.status knows no word 'completed'" in db.migrate(anew=True, fails=True), True)
    db.platform("ALTER TYPE video_status RENAME VALUE 'ready' TO 'completed'")
    db.sweep()
    expect("made", len(db.work_off()), 3)
    db.expect_life(quiet=False)
