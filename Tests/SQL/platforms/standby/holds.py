"""A physical standby answers whoever only looks; what writes is refused as read-only."""

from habit import ROOT, SUPERUSER, Habit, eventually, expect, server

SLOW = True
SERVER = {}


def holds(db):
    db.expect_life()
    db.make(db.add())
    db.fail(db.claim(db.add()))
    # Its tables are unlogged.
    db.script(f"{ROOT}/Tests/Support/pg_net.sql", SUPERUSER)
    db.root("GRANT SELECT ON ALL TABLES IN SCHEMA net TO PUBLIC")
    with server(copy_of=db.host) as copy:
        standby = Habit(db.name, copy.folder).connect()
        last = db.add()
        eventually("it follows", lambda: standby.root("SELECT count(*) FROM videos WHERE id = %s", last) == 1)
        expect("it is one", standby.root("SELECT pg_is_in_recovery()"), True)
        standby.expect_reports()
        for call in ("list_deletions(10)", "list_orphans(ARRAY['x'])", "collector_position()"):
            standby.worker(f"SELECT thumbnails.{call}")
        expect("nothing is said of pg_net there", standby.root("SELECT thumbnails.delivery_problems(NULL, NULL)"), [])
        health = "SELECT thumbnails.look() -> 'health'"
        expect("the same is seen", standby.worker(health), db.worker(health))
        for call in ("thumbnails.claim_next(30)", f"thumbnails.claim('{last}', 30)", "thumbnails.look_after(10)", "auto_retry_stuck_thumbnails()"):
            expect(call, standby.worker.error(f"SELECT {call}"), "25006")
