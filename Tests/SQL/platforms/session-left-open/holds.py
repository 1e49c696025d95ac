"""Somebody merges by hand in a transaction, and leaves it open: nothing new comes into the queue but what is asked for by its id. That is said."""

from habit import expect

SAYS = "SELECT thumbnails.look() -> 'processProblems'"


def holds(db):
    somebody, first = db.session(), db.add()
    expect("nobody minds yet", db.worker(SAYS), [])
    db.root("UPDATE thumbnails.inbox SET at = at - interval '2 hours'")
    with somebody.transaction():
        expect("merged", somebody("SELECT thumbnails.merge(10)"), 1)
        late, asked_for = db.add(), db.add()
        db.merge()
        expect("nothing comes in", db.next().outcome, "none")
        expect("it is said", "is not in the queue yet" in " ".join(db.worker(SAYS)), True)
        db.make(asked_for)
    expect("made", sorted(db.work_off()), sorted((first, late)))
    expect("not said any more", db.worker(SAYS), [])
    db.expect_life()
