"""Sessions of the platform's prepared a `SELECT *` before the columns came, as most clients do for themselves: PostgreSQL refuses that one until they
prepare it anew. It happens once: the migrations applied again, also after they made way, change no row's shape."""

from habit import PLATFORM, Session, expect

MIGRATES = False


def holds(db):
    old = Session(db.host, db.name, PLATFORM)
    old("PREPARE a_row AS SELECT * FROM videos LIMIT 1")
    old("EXECUTE a_row")
    db.migrate()
    db.connect().configure()
    expect("the columns came", old.error("EXECUTE a_row"), "0A000")
    old.close()
    db.add()
    db.platform("PREPARE a_row AS SELECT * FROM videos LIMIT 1")
    db.platform("EXECUTE a_row")
    db.migrate(anew=True)
    expect("applied again", db.platform.error("EXECUTE a_row"), None)
    db.platform("SELECT thumbnails.make_way()")
    db.migrate()
    expect("having made way", db.platform.error("EXECUTE a_row"), None)
    db.work_off()
    db.expect_life()
    db.expect_idle()
