"""A trigger asks another server, which does not answer for some videos, until the server ends the statement. Their results are kept, and their rows say
why; no attempt is used up, and nobody else's video waits for them."""

from habit import expect, picture

SLOW = True
WORDS = "the platform refuses the result, which is kept: its triggers, or what they wait for, take too long: canceling statement due to statement timeout (57014)"
ALWAYS = "DROP TRIGGER ask ON videos; CREATE TRIGGER ask BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION ask_another_server()"


def made(db, claim):
    """When the platform takes it, a kept result is written."""
    db.time_passes(claim.video)
    db.look_after()
    expect("written", (db.state(claim.video), db.picture(claim.video)), (("completed", None, 1), picture(claim)[0]))


def holds(db):
    db.worker("SET statement_timeout = '1s'")
    claim, other = db.claim(db.add(title="unknown there")), db.claim(db.add())
    expect("the results", [db.complete(claim), db.complete(other)], ["kept", "ok"])
    db.time_passes(claim.video)
    db.look_after()
    expect("it waits still", db.job(claim.video), (9, 1, False, True))
    expect("its row", (db.state(claim.video), db.error(claim.video)), (("pending", "platform", 1), WORDS))
    expect("the report", WORDS in str(db.worker("SELECT thumbnails.report(thumbnails.look(), 50)")), True)
    expect("the trial", "take too long" in db.worker("SELECT thumbnails.trial()"), True)
    db.platform("ALTER TABLE videos DISABLE TRIGGER ask")
    made(db, claim)

    # So does any write to these rows.
    db.platform(ALWAYS)
    first, second, after = db.add(title="unknown there"), db.add(title="unknown there"), db.add()
    without_url = db.add("processing", title="unknown there", video_url=None)
    db.merge()
    claims = [db.next() for _ in range(3)]
    expect("each is claimed in its turn", [claim.video for claim in claims], [first, second, after])
    expect("a result", db.complete(claims[0]), "kept")
    expect("a failure", db.fail(claims[1], False, "media"), "kept")
    expect("what others have", db.complete(claims[2]), "ok")
    # A worker that was lost for the last time. What comes behind a write that was cut off is not tried in the same statement.
    lost = [db.claim(db.add(title="unknown there")).video for _ in range(2)]
    db.root("UPDATE thumbnails.jobs SET attempts = 3 WHERE video_id = ANY (%s::uuid[])", lost)
    db.time_passes()
    expect("the sweep", db.sweep()["success"], True)
    expect("is over", [db.job(video)[3] for video in lost], [True, True])
    db.platform("DROP TRIGGER ask ON videos; DROP TRIGGER zzz_finish ON videos")
    made(db, claims[0])
    while db.root("SELECT count(*) FROM thumbnails.set_aside") + db.root("SELECT count(*) FROM thumbnails.jobs"):
        db.root("UPDATE thumbnails.set_aside SET at = at - interval '1 min'")
        db.time_passes()
        db.look_after()
        db.merge()
    expect("the others", [db.state(video)[:2] for video in (second, without_url, *lost)],
           [("failed", "media"), ("failed", "media"), ("failed", "lost"), ("failed", "lost")])
    db.expect_life(quiet=False)
    db.expect_idle()
