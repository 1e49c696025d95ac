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
    db.platform("DROP TRIGGER count_changes ON videos")
    # What fires at once in the platform's own transaction goes on to do so.
    db.platform("CREATE TABLE ends (video_id uuid CONSTRAINT of_a_video REFERENCES videos DEFERRABLE)")
    with db.platform.transaction():
        db.platform("SELECT manually_trigger_thumbnail_generation(%s)", db.add("completed"))
        expect("a wrong key", db.platform.error("INSERT INTO ends VALUES (gen_random_uuid())"), "23503")
    # And what it defers itself stays so.
    with db.platform.transaction():
        db.platform("SET CONSTRAINTS ALL DEFERRED")
        db.platform("SELECT manually_trigger_thumbnail_generation(%s)", db.add("completed"))
        db.platform("INSERT INTO ends VALUES ('00000000-0000-4000-8000-00000000000c')")
        db.platform("DELETE FROM ends")
    db.work_off()
    # A transaction of the platform's that defers others.
    with db.platform.transaction():
        db.platform("SET CONSTRAINTS ALL DEFERRED")
        video = db.add("processing")
        db.finish(video)
    db.make(video)
