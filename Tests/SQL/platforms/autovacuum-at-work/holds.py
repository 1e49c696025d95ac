"""An autovacuum goes through a large table for hours: it gives way to the migrations, and to no wait that is shorter than deadlock_timeout."""

from habit import SUPERUSER, eventually, expect

MIGRATES = False
SLOW = True


def holds(db):
    root = db.session(SUPERUSER)
    root("INSERT INTO videos (status, title) SELECT 'pending', repeat('x', 300) FROM generate_series(1, 20000)")
    root("ALTER TABLE videos SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 0, "
         "autovacuum_vacuum_scale_factor = 0)")
    root("DELETE FROM videos")
    works = "SELECT pid FROM pg_stat_progress_vacuum WHERE relid = 'videos'::regclass"
    eventually("an autovacuum", lambda: root(works))
    first = root(works)
    db.migrate()
    expect("it has given way", first in root.all(works), False)
    root("ALTER TABLE videos RESET (autovacuum_vacuum_cost_delay, autovacuum_vacuum_cost_limit, autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor)")
    db.connect().configure()
    db.expect_life()
