"""The key is an id and something else, and one id stands twice: one of its rows gets the picture, and for all others all is as ever."""

from habit import expect


def holds(db):
    twice = db.add(created_at="2025-01-01")
    db.platform("INSERT INTO videos (id, locale, status, video_url, created_at) VALUES (%s, 'de', 'completed', 'http://x/de.mp4', '2025-01-01')", twice)
    other = db.add()
    db.make(other)
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    expect("a sweep", db.sweep()["success"], True)
    db.expect_reports()
    expect("its result", db.complete(db.claim(twice)), "ok")
    expect("one has it", db.platform("SELECT count(thumbnail_url) FROM videos WHERE id = %s", twice), 1)
    db.expect_life()
    db.expect_reports()
