"""The system is taken out, the platform goes on, and it is put in again: the rows are as they were, and what came meanwhile is made. It
is applied anew while a dump is made."""

from habit import ROOT, expect

ROWS = "SELECT v::text FROM videos AS v ORDER BY id"


def holds(db):
    made, failed, waits = (db.add() for _ in range(3))
    db.make(made)
    db.fail(db.claim(failed), False, "media")
    before = db.root.all(ROWS)
    db.script(ROOT + "/migrations/uninstall.sql")
    expect("the rows", db.root.all(ROWS), before)
    expect("nothing else", db.root("SELECT to_regnamespace('thumbnails') IS NULL AND NOT EXISTS (SELECT FROM pg_proc WHERE proname ~ 'thumbnail')"), True)
    meanwhile, later = db.add(), db.add("processing")
    db.migrate()
    db.finish(later)
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, meanwhile, later)))
    expect("what had failed for good", db.state(failed), ("failed", "media", 1))
    # Beside a dump, which reads every table.
    with db.root.transaction():
        for name in db.root.all("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'thumbnails')"):
            db.root(f"LOCK TABLE {name} IN ACCESS SHARE MODE")
        db.migrate(anew=True)
    db.expect_life()
