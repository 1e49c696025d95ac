"""A logical subscriber takes over: it has the rows, and its sequences are where they began. Tokens go on behind those that were given out, and from
the next sweep on the history does, whose numbers collided by then."""

from habit import expect

BEGIN_ANEW = """ALTER TABLE thumbnails.inbox ALTER id RESTART; ALTER TABLE thumbnails.events ALTER id RESTART; ALTER SEQUENCE thumbnails.tokens RESTART"""


def holds(db):
    first = db.add()
    db.merge()
    at_work = db.claim(db.add())
    waiting = [db.add() for _ in range(5)]
    db.merge()
    db.root(BEGIN_ANEW)
    expect("a number that the history has", db.worker.error("SELECT thumbnails.claim(%s, 30)", first), "23505")
    db.root(BEGIN_ANEW)
    db.sweep()
    expect("behind them", db.root("SELECT nextval(pg_get_serial_sequence('thumbnails.events', 'id')) > max(id) FROM thumbnails.events"), True)
    expect("the worker of before", db.complete(at_work), "ok")
    db.make(first)
    made = db.work_off()
    expect("made", sorted(made), sorted(waiting))
    lost = db.claim(db.add())
    db.root("ALTER SEQUENCE thumbnails.tokens RESTART")
    db.time_passes()
    expect("a token behind that of the job", db.claim(lost.video).token > lost.token, True)
    expect("the one before is fenced", db.complete(lost), "fenced")
    db.time_passes()
    db.work_off()
    db.expect_life()
    db.expect_idle()
