"""The system is taken out, the platform goes on, and it is put in again: the rows are as they were, what came meanwhile is made, and pictures and
storyboards are known by the rows that show them. It is applied anew while a dump is made."""

from habit import ROOT, expect, picture

ROWS = "SELECT v::text FROM videos AS v ORDER BY id"
BOARD = "thumbnails/{0}/fedcba9876543210-{1}.vtt"


def storyboard(db, video):
    """The key of one that is made now; it was asked for."""
    token = db.worker("SELECT token FROM thumbnails.claim_next(30)")
    key = BOARD.format(video, token)
    expect("a storyboard", db.worker("SELECT thumbnails.complete_storyboard(%s, %s, jsonb_build_object('url', 'https://cdn.example/' || %s), %s, 0)",
                                     video, token, key, key), "ok")
    return key


def holds(db):
    made, failed, another, tried = (db.add() for _ in range(4))
    for video in (made, another, tried):
        db.make(video)
    expect("a first attempt at another picture", db.fail(db.claim(tried, more=", NULL, true")), "ok")
    db.fail(db.claim(failed), False, "media")
    expect("asked for", db.worker("SELECT thumbnails.request_storyboard(%s)", made), "queued")
    board = storyboard(db, made)
    db.root("SELECT setval('thumbnails.tokens', 1000)")
    again = db.claim(made, more=", NULL, true")
    expect("made again", db.complete(again), "ok")
    waits = db.add()
    db.platform("UPDATE videos SET video_url = 'http://x/another.mp4' WHERE id = %s", another)
    db.merge()
    before = db.root.all(ROWS)
    expect("what is left behind is said", "1 objects that no row shows" in db.script(ROOT + "/migrations/uninstall.sql"), True)
    expect("the rows", db.root.all(ROWS), before)
    expect("nothing else", db.root("SELECT to_regnamespace('thumbnails') IS NULL AND NOT EXISTS (SELECT FROM pg_proc WHERE proname ~ 'thumbnail')"), True)
    # Whoever writes a row may write such digits.
    forged = db.add(thumbnail_url="http://x/thumbnails/00000000-0000-4000-8000-000000000001/0123456789abcdef-9223372036854775807.jpg")
    meanwhile, later = db.add(), db.add("processing")
    db.migrate()
    db.finish(later)
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, meanwhile, later, another, tried)))
    expect("what had failed for good", db.state(failed), ("failed", "media", 1))
    expect("what has its own picture", db.picture(forged)[-4:], ".jpg")
    newest = db.claim(made, more=", NULL, true")
    expect("a token behind that of the picture, and near it", again.token < newest.token < again.token + 100, True)
    expect("made again", db.complete(newest), "ok")
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", made)
    db.merge()
    expect("the storyboard and the picture of before", [key for key in db.put_down() if made in key], sorted((board, picture(again)[1])))
    db.make(made)
    storyboard(db, made)
    # Beside a dump, which reads every table.
    with db.root.transaction():
        for name in db.root.all("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'thumbnails')"):
            db.root(f"LOCK TABLE {name} IN ACCESS SHARE MODE")
        db.migrate(anew=True)
    db.expect_life()
