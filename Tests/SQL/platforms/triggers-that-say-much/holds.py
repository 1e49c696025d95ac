"""A trigger refuses with a megabyte of words, other ones each time: its beginning is kept, once, and the row is not written again with each retry."""

from habit import expect, picture


def expect_short(db):
    for what in ("SELECT max(length(text)) FROM thumbnails.events", "SELECT max(length(result::text)) FROM thumbnails.jobs",
                 "SELECT length(thumbnails.trial())"):
        expect(what, db.root(what) < 2000, True)


def holds(db):
    claims = {event: db.claim(db.add(transcript="un très long discours " * 50000)) for event in ("UPDATE OF thumbnail_url", "UPDATE")}
    for event, claim in claims.items():
        db.platform(f"DROP TRIGGER refuse ON videos; CREATE TRIGGER refuse BEFORE {event} ON videos FOR EACH ROW EXECUTE FUNCTION refuse()")
        expect("the result", db.complete(claim), "kept")
        row, history = "SELECT xmin::text FROM videos WHERE id = %s", db.history(claim.video)
        before = db.root(row, claim.video)
        for _ in range(5):
            db.time_passes(claim.video)
            db.look_after()
        expect("it waits", db.job(claim.video), (9, 1, False, True))
        expect("nothing new is said", (db.root(row, claim.video), db.history(claim.video)), (before, history))
    said = db.error(claims["UPDATE OF thumbnail_url"].video)
    expect("the beginning", "cannot be told to the warehouse" in said and len(said) < 1200 or said, True)
    expect_short(db)
    expect("the report", "cannot be told to the warehouse" in str(db.worker("SELECT thumbnails.report(thumbnails.look(), 50)")), True)
    # One that gives itself out for the end of a statement that takes too long.
    claims["cut"] = db.claim(db.add(transcript="un très long discours " * 50000))
    db.platform("""CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE query_canceled USING MESSAGE = 'cancelled: ' || row_to_json(NEW)::text; END $$""")
    expect("the result", db.complete(claims["cut"]), "kept")
    expect_short(db)
    db.platform("DROP TRIGGER refuse ON videos")
    db.time_passes()
    db.look_after()
    for claim in claims.values():
        expect("written", (db.state(claim.video), db.picture(claim.video)), (("completed", None, 1), picture(claim)[0]))
    db.expect_life(quiet=False)
    db.expect_idle()
