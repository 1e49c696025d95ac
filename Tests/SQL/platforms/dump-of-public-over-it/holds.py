"""A dump of the schema `public` is put over the database that is in use, every night: our views hold the table, which stays then, unless they make
way before. What waits is made, what was made since is forgotten, and the pictures that the rows show again stay."""

import tempfile

from habit import expect, picture


def holds(db):
    made, waits, failed = db.add(), db.add(), db.add()
    claim = db.make(made)
    db.fail(db.claim(failed))
    with tempfile.NamedTemporaryFile() as dump:
        db.run("pg_dump", "-Fc", "--schema=public", "-f", dump.name)
        # Since then.
        db.platform("UPDATE videos SET video_url = 'http://x/another.mp4' WHERE id = %s", made)
        db.merge()
        db.make(made)
        expect("the first picture goes", picture(claim)[1] in db.put_down(), True)
        db.make(db.add())
        restore = ("pg_restore", "-d", db.name, "--clean", "--if-exists", "--single-transaction", dump.name)
        expect("the table is in use", "view thumbnails.seen depends on table" in db.run(*restore, fails=True), True)
        expect("nothing has changed", db.root("SELECT count(*) FROM videos"), 4)
        db.platform("SELECT thumbnails.make_way()")
        db.run(*restore)
    db.migrate()
    db.connect()
    expect("as it was", (db.root("SELECT count(*) FROM videos"), db.picture(made)), (3, picture(claim)[0]))
    expect("the check", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
    db.time_passes()
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, failed)))
    expect("no picture that a row shows is deleted", [key for key in db.collected() if key in db.picture(made)], [])
    db.expect_life()
    db.expect_idle()
