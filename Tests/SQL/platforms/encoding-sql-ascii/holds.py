"""The database was made without an encoding (SQL_ASCII), and holds what several programs wrote in several: LATIN1 among them."""

from habit import expect

ENCODING = "SQL_ASCII"


def holds(db):
    for session in (db.platform, db.worker, db.root):
        session.connection.set_client_encoding("LATIN1")
    db.expect_life(user_id="jos\xe9", title="\xe9t\xe9")
    db.expect_idle()
    video = db.add(user_id="jos\xe9", title="\xe9t\xe9", video_url="http://x/\xe9.mp4")
    expect("made", db.work_off(), [video])
    db.expect_reports()
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
