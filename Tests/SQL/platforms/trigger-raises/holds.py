"""A trigger that is broken for a while: the platform's writes fail, the results are kept and written later, no attempt is used up."""

from habit import expect, picture


def holds(db):
    for event in ("UPDATE OF thumbnail_url", "UPDATE"):
        ready, failing, waiting, resting = (db.add() for _ in range(4))
        early = db.claim(ready)
        expect("a failure that is tried again", db.fail(db.claim(resting)), "ok")
        db.platform(f"CREATE TRIGGER bad_deploy BEFORE {event} ON videos FOR EACH ROW EXECUTE FUNCTION bad_deploy()")
        expect("a result", db.complete(early), "kept")
        expect("is kept", (db.job(ready), db.picture(ready)), ((9, 1, False, True), None))
        said = db.root("SELECT text FROM thumbnails.events WHERE video_id = %s AND class = 'platform' ORDER BY id DESC LIMIT 1", ready)
        expect("the reason is in the history", "foo" in said and "(42703)" in said or said, True)
        expect("and in the report", "foo" in db.worker("SELECT thumbnails.look() #>> '{platform,lastRefusal}'"), True)
        expect("a new one is claimed", db.claim(waiting).outcome, "claimed")
        expect("a final failure", db.fail(db.claim(failing), False, "media"), "ok" if event != "UPDATE" else "kept")
        db.time_passes(resting)
        again = db.claim(resting)
        expect("the second attempt", (again.outcome, again.attempt, db.complete(again)), ("claimed", 2, "kept"))
        for _ in range(12):
            db.time_passes(ready)
            db.look_after()
            db.sweep()
        expect("kept as long as it takes", db.job(ready), (9, 1, False, True))

        db.platform("DROP TRIGGER bad_deploy ON videos")
        db.time_passes(ready)
        db.look_after()
        expect("written by SQL alone", (db.state(ready), db.picture(ready)), (("completed", None, 1), picture(early)[0]))
        expect("no error is left", db.error(ready), None)
        # Whoever claims it sooner writes it just as well.
        db.time_passes(resting)
        expect("a claim writes it", (db.claim(resting).outcome, db.state(resting)), ("completed", ("completed", None, 2)))
        db.time_passes()
        db.look_after()
        expect("the failure", db.state(failing), ("failed", "media", 1))
        db.time_passes(waiting)
        expect("a worker lost meanwhile", db.make(waiting).attempt, 2)
        db.expect_idle()
    db.expect_life(quiet=False)
