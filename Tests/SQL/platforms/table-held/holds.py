"""The platform holds the whole table, as VACUUM FULL and ALTER TABLE do: what is finished meanwhile is kept, and no attempt is lost."""

from habit import expect, picture

SLOW = True


def holds(db):
    made, failed = db.claim(db.add()), db.claim(db.add())
    with db.platform.transaction():
        db.platform("LOCK TABLE videos IN ACCESS EXCLUSIVE MODE")
        expect("a picture", db.complete(made), "kept")
        expect("a last failure", db.fail(failed, False, "media"), "kept")
    db.time_passes()
    db.look_after()
    expect("written", (db.picture(made.video), db.state(made.video)), (picture(made)[0], ("completed", None, 1)))
    expect("and the failure", db.state(failed.video), ("failed", "media", 1))
    db.expect_idle()
