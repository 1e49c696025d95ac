"""No constraint is deferred from the beginning: a trigger of the platform's defers one, which is wrong for one user. That user's videos are claimed,
their results are kept, and nobody else's are stopped."""

from habit import expect, picture

GONE, THERE = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"


def holds(db):
    db.platform("INSERT INTO users VALUES (%s)", THERE)
    db.expect_life(user_id=THERE)
    video, other = db.add(user_id=GONE), db.add(user_id=THERE)
    claim = db.claim(video)
    expect("a claim", claim.outcome, "claimed")
    expect("its result", db.complete(claim), "kept")
    expect("the reason", "audit_of" in db.root("SELECT result #>> '{refused,text}' FROM thumbnails.jobs WHERE video_id = %s", video), True)
    expect("no attempt is used up", db.job(video), (9, 1, False, True))
    expect("the page", "audit_of" in db.worker("SELECT thumbnails.look()")["platform"]["lastRefusal"], True)
    db.make(other)
    keeps = db.claim(db.add(user_id=GONE, title="keep"))
    expect("of one that is kept as it is", (keeps.outcome, db.complete(keeps)), ("claimed", "kept"))
    db.platform("ALTER TABLE videos DISABLE TRIGGER log_and_keep")
    expect("the trial", "audit_of" in db.worker("SELECT thumbnails.trial()"), True)
    db.platform("INSERT INTO users VALUES (%s)", GONE)
    db.time_passes()
    db.look_after()
    for each in (claim, keeps):
        expect("written when it can be", (db.picture(each.video), db.state(each.video)), (picture(each)[0], ("completed", None, 1)))
    db.expect_idle()
