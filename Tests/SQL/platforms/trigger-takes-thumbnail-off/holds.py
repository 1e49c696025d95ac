"""A BEFORE trigger puts back what stood in `thumbnail_url`, as one does that lets only moderators change it: the result is kept, not lost."""

from habit import expect, picture


def holds(db):
    for value in ("OLD.thumbnail_url", "NULL", "''"):
        old = db.make(db.add())
        claims = [db.claim(db.add()), db.claim(old.video, more=", p_regenerate := true")]
        db.platform(f"CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.thumbnail_url := {value}; RETURN NEW; END $$")
        db.platform("CREATE TRIGGER hold BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION hold()")
        expect(f"results with {value}", [db.complete(claim) for claim in claims], ["kept", "kept"])
        expect("the rows say so", ["takes the thumbnail off again" in db.error(claim.video) for claim in claims], [True, True])
        expect("the old picture stands", db.picture(old.video), picture(old)[0])
        db.platform("DROP FUNCTION hold CASCADE")
        db.time_passes()
        db.look_after()
        for claim in claims:
            expect("written", (db.picture(claim.video), db.state(claim.video)), (picture(claim)[0], ("completed", None, 1)))
        db.platform("UPDATE videos SET title = 'seen'")
    db.expect_idle()
