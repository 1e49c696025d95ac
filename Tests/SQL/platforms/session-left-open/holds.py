"""Somebody merges by hand in a transaction, and leaves it open: nothing new comes into the queue but what is asked for by its id. That is said. Or
claims by hand, which holds the turn of one uploader: only that one's others wait."""

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
    tenant = "00000000-0000-4000-9000-000000000001"
    mine, others, strangers = db.add(user_id=tenant), db.add(user_id=tenant), db.add()
    db.merge()
    with somebody.transaction():
        held = db.claim(mine, somebody)
        db.worker("SET lock_timeout = '5s'")
        expect("its uploader's other waits", db.claim(others).outcome, "not_due")
        db.make(strangers)
    expect("a result", db.complete(held), "ok")
    expect("then it is made", db.work_off(), [others])
    db.expect_life()
