"""Constraint triggers that are deferred to the end of the transaction; one that raises there for a while."""

from habit import expect, picture


def holds(db):
    db.expect_life()
    expect("changes counted", db.platform("SELECT value FROM totals") > 5, True)
    early = db.claim(db.add())
    db.platform("CREATE CONSTRAINT TRIGGER broken AFTER UPDATE ON videos DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION broken()")
    late = db.claim(db.add())
    expect("a claim", late.outcome, "claimed")
    expect("results", [db.complete(early), db.complete(late)], ["kept", "kept"])
    db.platform("DROP TRIGGER broken ON videos")
    db.time_passes()
    db.look_after()
    for claim in (early, late):
        expect("written, after one attempt", (db.picture(claim.video), db.state(claim.video)), (picture(claim)[0], ("completed", None, 1)))
    db.expect_idle()
    # A transaction of the platform's that defers others.
    with db.platform.transaction():
        db.platform("SET CONSTRAINTS ALL DEFERRED")
        video = db.add("processing")
        db.finish(video)
    db.make(video)
