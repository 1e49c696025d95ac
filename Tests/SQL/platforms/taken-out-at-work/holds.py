"""The system is taken out while there is work: it waits for what is in hand, and nobody meets a deadlock."""

from habit import ROOT, at_once, eventually, expect

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def holds(db):
    db.add()
    merges = db.session()

    def goes_on():
        eventually("it waits", lambda: db.root(WAITS) == 1)
        hints = merges("SELECT thumbnails.merge(10)")
        merges("COMMIT")
        return hints

    # As far as a merge is when it has not looked at a video yet.
    merges("BEGIN")
    expect("in hand", merges("SELECT thumbnails.try_lock('merge'), (SELECT count(*) FROM (SELECT FROM thumbnails.inbox FOR UPDATE) AS i)"), (True, 1))
    expect("merged", at_once(lambda: db.script(f"{ROOT}/migrations/uninstall.sql"), goes_on)[1], 1)
    expect("is out", db.root("SELECT to_regnamespace('thumbnails')"), None)
    db.add()
    db.migrate()
    db.connect()
    db.hour_passes()
    db.sweep()
    expect("made", len(db.work_off()), 2)
    db.expect_life()
