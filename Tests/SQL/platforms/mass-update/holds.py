"""2,050 videos finished by one statement: bulk work, which waits behind a fresh upload."""

from habit import expect

MANY = 2050
INSERT = "INSERT INTO videos (status, video_url, user_id) SELECT %s, 'http://x/v.mp4', CASE WHEN n %% %s = 0 THEN gen_random_uuid() ELSE %s END " \
    "FROM generate_series(1, %s) AS n"


def holds(db):
    # One half of many uploaders, the other of nobody's.
    db.platform(INSERT, "processing", 2, None, MANY)
    db.platform("UPDATE videos SET status = 'completed'")
    expect("one transaction", db.root("SELECT count(DISTINCT xmin::text), count(*) FROM videos"), (1, MANY))
    expect("one hint each", db.root("SELECT count(*), count(DISTINCT xid) FROM thumbnails.inbox"), (MANY, 1))
    db.merge()
    expect("lanes", db.root.all("SELECT lane, count(*) FROM thumbnails.jobs GROUP BY lane"), [(2, MANY)])
    before = db.next()
    fresh = db.add()
    db.merge()
    expect("a fresh one is next", db.next().video, fresh)
    db.platform("DELETE FROM videos")
    expect("of a deleted one", db.complete(before), "fenced")
    db.expect_idle()
    # One uploader's many: two at a time to begin with, and none forgotten.
    db.platform(INSERT, "completed", 1000, "00000000-0000-4000-8000-0000000000aa", 120)
    db.merge()
    expect("admitted", db.root("SELECT count(*) FILTER (WHERE due_at < 'infinity'), count(*) FROM thumbnails.jobs"), (2, 120))
    expect("made", len(db.work_off()), 120)
    db.expect_life()
    db.expect_idle()
