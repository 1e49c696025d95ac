"""Triggers delete files in the store when a URL changes or a row goes, at once, which no rollback takes back: neither the migrations nor the check
bring them to it."""

from habit import expect


def holds(db):
    deleted = "SELECT is_called FROM deleted_files"
    expect("deleted by the migrations", db.root(deleted), False)
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    db.platform("UPDATE videos SET title = 'x'")
    expect("it knows of the rules for a picture", db.worker("SELECT thumbnails.trial()"), 'new row violates check constraint "own_pictures" (23514)')
    video = db.add()
    db.make(video)
    db.platform("DELETE FROM videos WHERE title = 'x'")
    expect("deleted by the platform", db.root(deleted), True)
    db.root("SELECT setval('deleted_files', 1, false)")
    expect("the check of one with a picture of ours", db.worker("SELECT thumbnails.trial()"), None)
    lacking = db.add()
    expect("failed", db.fail(db.claim(lacking), False, "media"), "ok")
    expect("the check of one without", db.worker("SELECT thumbnails.trial()"), None)
    expect("deleted by the check", db.root(deleted), False)
    db.expect_life()
