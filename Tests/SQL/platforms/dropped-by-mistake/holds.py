"""Tables and functions of ours are dropped by mistake: the migrations make them again, and the sweep finds what was waited for. Taken out twice, the
system is out."""

from habit import ROOT, expect


def holds(db):
    waiting = db.add()
    for dropped in ("TABLE thumbnails.inbox", "TABLE thumbnails.jobs", "TABLE thumbnails.locks, thumbnails.workers", "FUNCTION thumbnails.lacks",
                    "FUNCTION thumbnails.setting"):
        db.platform(f"DROP {dropped} CASCADE")
        db.migrate()
        db.connect()
    expect("nothing is applied twice", "applying" in db.migrate(), False)
    db.hour_passes()
    db.sweep()
    expect("what was waited for", db.work_off(), [waiting])
    db.expect_life()
    for _ in range(2):
        db.script(f"{ROOT}/migrations/uninstall.sql")
    db.migrate()
    db.connect()
    db.expect_life()
    db.expect_idle()
