"""A dump comes into a cluster whose transaction ids are smaller: figures go on, each event counts once."""

from habit import Habit, expect, server

SLOW = True
# Announced, attempts, completed, failed.
FIGURES = """SELECT (l.t ->> 'announced')::int, (l.t ->> 'attempts')::int, (l.t ->> 'completed')::int, (l.t -> 'failed' ->> 'source')::int
               FROM (SELECT thumbnails.look() -> 'totals') AS l (t)"""
BURN = """CREATE TABLE burnt (n integer);
          DO $$ BEGIN FOR n IN 1..4000 LOOP BEGIN INSERT INTO burnt VALUES (n); EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$"""


def work(db):
    db.make(db.add())
    db.fail(db.claim(db.add()), False)


def add_up(db):
    db.platform("SELECT thumbnails.fold_events()")


def holds(db):
    db.platform(BURN)
    work(db)
    add_up(db)
    work(db)
    waiting = db.add()
    db.merge()
    expect("figures", db.worker(FIGURES), (5, 4, 2, 2))
    dump = db.run("pg_dump")
    with server() as younger:
        other = Habit("restored", younger.folder)
        other.create()
        other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=dump)
        other.connect()
        expect("it is younger", other.root("SELECT pg_current_xact_id()::text::bigint < folded_before FROM thumbnails.positions"), True)
        expect("figures", other.worker(FIGURES), (5, 4, 2, 2))
        other.make(waiting)
        for _ in range(3):
            add_up(other)
            expect("figures, added up", other.worker(FIGURES), (5, 5, 3, 2))
        work(other)
        expect("and newer ones", other.worker(FIGURES), (7, 7, 4, 3))
        add_up(other)
        expect("added up", other.worker(FIGURES), (7, 7, 4, 3))
        expect("each event once", other.root("SELECT sum(value)::int FROM thumbnails.hourly_totals WHERE measure = 'completed'"), 4)
        other.sweep()
        other.expect_life()
        expect("all that is in the hours", sum(hour["completed"] for hour in other.worker("SELECT thumbnails.history(24)")), 6)
