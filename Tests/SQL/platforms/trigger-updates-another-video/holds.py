"""A trigger of the platform's writes other rows of the same table when a thumbnail is written: those are the platform's writes."""

from habit import at_once, expect, picture


def holds(db):
    playlist, following = db.add(), db.add("processing")
    db.merge()
    video = db.add(playlist=playlist, next=following)
    claim = db.make(video)
    expect("the playlist shows it", (db.picture(playlist), db.state(playlist)), (picture(claim)[0], ("completed", None, 0)))
    expect("the next one waits", db.state(following), ("pending", None, 0))
    expect("and is made, alone", db.work_off(), [following])
    expect("by another row's object nothing is put down", db.put_down(), [])
    # Two whose triggers write each other's row, handed in at once.
    for _ in range(3):
        a = db.add()
        b = db.add(playlist=a)
        db.platform("UPDATE videos SET playlist = %s WHERE id = %s", b, a)
        claims = [db.claim(a), db.claim(b)]
        sessions = [db.session("handlers"), db.session("handlers")]
        answers = at_once(*(lambda session=session, claim=claim: db.complete(claim, session) for session, claim in zip(sessions, claims)))
        expect("nobody fails", set(answers) <= {"ok", "fenced", "kept"}, True)
        for _ in range(4):
            db.time_passes()
            db.look_after()
        db.work_off()
        expect("both have a picture", [db.state(each)[0] for each in (a, b)], ["completed"] * 2)
    db.expect_idle()
    db.expect_life(quiet=False)
