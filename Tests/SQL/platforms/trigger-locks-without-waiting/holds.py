"""A trigger that locks a row of its own and does not wait, while somebody holds that row: work goes on, its result is kept, and its row says why."""

from habit import expect, picture


def holds(db):
    video = db.add()
    db.platform("CREATE TRIGGER count_it BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION count_it()")
    with db.platform.transaction():
        db.platform("SELECT FROM counters FOR UPDATE")
        claim = db.claim(video)
        expect("a claim", claim.outcome, "claimed")
        expect("its result", db.complete(claim), "kept")
        said = db.root("SELECT text FROM thumbnails.events WHERE video_id = %s AND class = 'platform' ORDER BY id DESC LIMIT 1", video)
        expect("the history says why", "could not obtain lock" in said and "(55P03)" in said, True)
    db.time_passes()
    db.look_after()
    expect("it is written when it can be", (db.picture(video), db.state(video)), (picture(claim)[0], ("completed", None, 1)))
    db.expect_idle()
