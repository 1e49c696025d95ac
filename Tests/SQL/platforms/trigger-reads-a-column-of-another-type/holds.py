"""A trigger of the platform's reads a column whose type changes while workers have sessions open: in these PL/pgSQL keeps the type of NEW's field that it
met first, and the trigger fails for as long as the session lasts."""

from habit import expect, picture

WIDER = "ALTER TABLE videos ALTER views TYPE bigint"
NARROWER = "ALTER TABLE videos ALTER views TYPE integer"


def holds(db):
    made = db.make(db.add())
    given, failing = db.add(), db.add()
    db.merge()
    claim = db.claim(given)
    db.platform(WIDER)
    expect("a result", db.complete(claim), "ok")
    expect("is shown", (db.state(given), db.picture(given)), (("completed", None, 1), picture(claim)[0]))

    db.platform(NARROWER)
    claim = db.claim(failing)
    expect("a claim is shown", db.state(failing), ("processing", None, 1))
    db.platform(WIDER)
    expect("a failure", (db.fail(claim), db.state(failing)), ("ok", ("failed", "source", 1)))

    expect("a storyboard", db.worker("SELECT thumbnails.request_storyboard(%s)", made.video), "queued")
    board = db.next()
    db.platform(NARROWER)
    expect("is written", db.worker("SELECT thumbnails.complete_storyboard(%s, %s, '{\"sheets\": 1}', 'thumbnails/a', 60)", board.video, board.token), "ok")
    waits = db.add()
    db.time_passes(failing)
    db.make(failing)
    # The column is another one of the same name.
    db.platform("ALTER TABLE videos DROP price, ADD price numeric")
    expect("the next", db.work_off(), [waits])
    expect("refusals", db.root.all("SELECT text FROM thumbnails.events WHERE class = 'platform' OR text LIKE '%refuse%'"), [])

    # What stays so is a refusal, as any other.
    db.platform("""CREATE FUNCTION wrong() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN ROW(1); END';
                   CREATE TRIGGER wrong BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION wrong()""")
    claim = db.claim(db.add())
    expect("is kept", db.complete(claim), "kept")
    expect("says why", "42804" in db.error(claim.video), True)
    db.platform("DROP TRIGGER wrong ON videos")
    db.time_passes(claim.video)
    db.look_after()
    expect("is written later", db.picture(claim.video), picture(claim)[0])
    db.platform(WIDER)
    db.expect_life(quiet=False)
    db.expect_idle()
