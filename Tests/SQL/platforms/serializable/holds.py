"""SERIALIZABLE is the database's default, for our calls too: as with REPEATABLE READ, and no transaction of the platform's fails because of
us."""

import runpy

from habit import HERE, expect


def holds(db):
    # Two finish videos of their own: nothing is between them but our triggers.
    videos = db.add("processing"), db.add("processing")
    sessions = db.session(), db.session()
    for session, video in zip(sessions, videos):
        session("BEGIN")
        session("UPDATE videos SET status = 'completed' WHERE id = %s", video)
    expect("both commit", [session.error("COMMIT") for session in sessions], [None, None])
    # Two put in finished ones, in turns.
    for session in sessions:
        session("BEGIN")
    for session in sessions * 2:
        session("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/new.mp4')")
    expect("both commit", [session.error("COMMIT") for session in sessions], [None, None])
    db.work_off()
    db.platform("DELETE FROM videos")
    db.merge()
    runpy.run_path(f"{HERE}/repeatable-read/holds.py")["collide"](db, "serializable")
