"""Every view is counted in the row, so that somebody holds it at any time, for a moment: a failure stands on it all the same, and so does what comes after."""

from habit import at_once, expect


def beside_a_view(db, call, claim):
    """What the call answers while the row is held, which is let go as soon as somebody waits for it."""
    answers = []

    def count():
        while not answers and not db.root("SELECT cardinality(pg_blocking_pids(%s)) > 0", db.worker.process):
            pass
        db.platform("COMMIT")

    db.platform("BEGIN")
    db.platform("UPDATE videos SET views = views + 1 WHERE id = %s", claim.video)
    at_once(lambda: answers.append(call()), count)
    return answers[0]


def holds(db):
    release = "SELECT outcome FROM thumbnails.fail(%s, %s, 'shutdown', 'told to stop', NULL)"
    for state, call in (("failed", lambda claim: db.fail(claim)), ("pending", lambda claim: db.worker(release, claim.video, claim.token))):
        shown = []
        # Who is too slow to let go within its tenth of a second tries it with another one.
        while state not in shown and len(shown) < 10:
            claim = db.claim(db.add())
            expect("the answer", beside_a_view(db, lambda: call(claim), claim), "ok")
            shown.append(db.state(claim.video)[0])
        expect(f"{state} is shown, in the end", shown[-1], state)
    claim = db.claim(db.add())
    expect("a result", beside_a_view(db, lambda: db.complete(claim), claim), "ok")
    expect("is shown", db.root("SELECT thumbnail_generation_status, views FROM videos WHERE id = %s", claim.video), ("completed", 1))
    db.work_off()
    db.expect_life()
