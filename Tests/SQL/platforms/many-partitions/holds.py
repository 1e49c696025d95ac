"""A partition for each day: a claim locks all of them with their indexes, since an id does not tell which one. The server's table of locks has no room
for that many at once, and the platform's own writes fail then. The check and the report say so, also if the report itself finds no room."""

import contextlib

import psycopg2
from habit import expect

SLOW = True
SERVER = {"max_connections": "20", "max_locks_per_transaction": "10", "autovacuum": "off"}


def told(db):
    try:
        return db.worker("SELECT thumbnails.look()")["processProblems"]
    except psycopg2.Error as problem:
        return [str(problem)]


def holds(db):
    wanted = "Set max_locks_per_transaction to 30 "
    for said in (told(db)[0], db.worker("SELECT thumbnails.trial()")):
        expect("is said", wanted in said or said, True)
    # It is so: as many claims at once as there may be connections.
    videos = [db.add() for _ in range(10)]
    said = None
    with contextlib.ExitStack() as stack:
        for video in videos:
            session = stack.enter_context(contextlib.closing(db.session("handlers")))
            session("BEGIN")
            said = said or session.error("SELECT thumbnails.claim(%s, 30)", video)
    expect("the server", said, "53200")
    expect("one by one", sorted(db.work_off()), sorted(videos))
    db.expect_idle()
    # Larger ones have room.
    for n in range(1, 90):
        db.platform(f"DROP TABLE videos_{n}")
    expect("no longer", told(db), [])
    db.expect_life()
