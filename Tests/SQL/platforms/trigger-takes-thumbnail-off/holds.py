"""A trigger puts back what stood in `thumbnail_url`, as one does that lets only moderators change it, before the write or after it by one of its own: the
result is kept, not lost. Or it puts back all of the row, the state too: a failure is kept as well."""

from habit import expect, picture


BEFORE = "CREATE TRIGGER hold BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION hold()"
AFTER = """CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE videos SET thumbnail_url = NULL WHERE id = NEW.id; RETURN NULL; END $$;
           CREATE TRIGGER hold AFTER UPDATE OF thumbnail_url ON videos FOR EACH ROW WHEN (NEW.thumbnail_url IS NOT NULL) EXECUTE FUNCTION hold()"""
ALL = """CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN OLD.status = 'completed' THEN OLD ELSE NEW END; END $$;
         CREATE TRIGGER zzzz_hold BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION hold()"""


def holds(db):
    for value in ("OLD.thumbnail_url", "NULL", "''"):
        old = db.make(db.add())
        claims = [db.claim(db.add()), db.claim(old.video, more=", p_regenerate := true")]
        db.platform(f"CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.thumbnail_url := {value}; RETURN NEW; END $$")
        db.platform(BEFORE)
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
    for trigger, says, checked, ends in ((AFTER, "takes the thumbnail off again", "takes the thumbnail off again", "completed"),
                                         (ALL, "puts the state back", "keeps the row as it is", "failed")):
        claim = db.claim(db.add())
        db.platform(trigger)
        expect("kept", db.complete(claim) if ends == "completed" else db.fail(claim, False, "media"), "kept")
        expect("no picture", db.picture(claim.video), None)
        expect("it is said", says in db.root("SELECT string_agg(text, ' ') FROM thumbnails.events WHERE video_id = %s", claim.video), True)
        expect("and by the check", checked in db.worker("SELECT thumbnails.trial()"), True)
        db.platform("DROP FUNCTION hold CASCADE")
        db.time_passes()
        db.look_after()
        expect("written", db.state(claim.video)[0], ends)
    db.expect_idle()
