"""A transaction of the platform's takes the same locks the other way round while a result is handed in: nobody fails, nothing is lost."""

from habit import at_once, eventually, expect, picture


def holds(db):
    for _ in range(3):
        claim = db.claim(db.add(user_id="00000000-0000-4000-8000-0000000000aa"))
        with db.platform.transaction():
            db.platform("UPDATE profiles SET pictures = pictures")

            def write():
                eventually("the worker waits", lambda: db.root("SELECT cardinality(pg_blocking_pids(%s)) > 0", db.worker.process))
                return db.platform.error("UPDATE videos SET title = 'renamed' WHERE id = %s", claim.video) or db.platform("COMMIT")

            answer, problem = at_once(lambda: db.complete(claim), write)
        expect("the platform's own", problem, None)
        expect("the result", answer in ("ok", "kept") or answer, True)
        db.time_passes()
        db.look_after()
        expect("one attempt", db.state(claim.video), ("completed", None, 1))
        expect("both are written", db.root("SELECT title, thumbnail_url FROM videos WHERE id = %s", claim.video), ("renamed", picture(claim)[0]))
    expect("once each", db.platform("SELECT pictures FROM profiles"), 3)
    db.expect_idle()
    db.expect_life(quiet=False)
