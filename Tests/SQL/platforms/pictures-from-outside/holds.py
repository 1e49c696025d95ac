"""Users choose a picture themselves, in every phase: it stands, whatever becomes of the video, until a new one is asked for."""

from habit import expect, picture

MINE = "http://user.example/thumbnails/mine.jpg"
SET = "UPDATE videos SET thumbnail_url = %s WHERE id = %s"


def holds(db):
    made, waits, working, rests, failed, kept, inserted = (db.add(thumbnail_url=MINE if n == 6 else None) for n in range(7))
    first, claim = db.make(made), db.claim(working)
    db.fail(db.claim(rests))
    db.fail(db.claim(failed), False, "media")
    db.platform("ALTER TABLE videos ADD CONSTRAINT broken CHECK (thumbnail_url NOT LIKE '%%cdn.example%%') NOT VALID")
    keeping = db.claim(kept)
    expect("a result", db.complete(keeping), "kept")
    db.platform("ALTER TABLE videos DROP CONSTRAINT broken")
    chosen = (made, waits, working, rests, failed, kept, inserted)
    for video in chosen:
        db.platform(SET, MINE, video)
    expect("who is at work", db.complete(claim), "fenced")
    db.expect_idle()
    db.look_after()
    expect("states", {db.state(video)[:2] for video in chosen}, {("completed", None)})
    expect("objects nobody shows", db.put_down(), sorted(picture(each)[1] for each in (first, claim, keeping)))
    # Whatever becomes of the video.
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4'")
    db.platform("UPDATE videos SET video_url = NULL")
    db.platform("UPDATE videos SET video_url = 'http://x/third.mp4', status = 'processing'")
    db.platform("UPDATE videos SET status = 'completed'")
    db.sweep()
    expect("nothing is made", db.work_off(), [])
    expect("they stand", {db.picture(video) for video in chosen}, {MINE})
    expect("by hand", db.platform("SELECT manually_trigger_thumbnail_generation(%s) ->> 'error'", made), "Thumbnail already exists")
    # Asked for: it is replaced, and what it replaced is known, also after the next one.
    for number in (1, 2):
        claim = db.claim(made, more=", p_regenerate := true")
        expect("it is there until then", db.picture(made) in (MINE, picture(claim._replace(token=claim.token - 1))[0]), True)
        expect("replaced", (db.complete(claim), db.picture(made)), ("ok", picture(claim)[0]))
        expect(f"what it replaced, {number}", db.root("SELECT thumbnail_metadata ->> 'replaced' FROM videos WHERE id = %s", made), MINE)
    # Chosen while a new one is in the making.
    claim = db.claim(waits, more=", p_regenerate := true")
    db.platform(SET, MINE + "?2", waits)
    db.merge()
    expect("the later choice stands", (db.complete(claim), db.picture(waits)), ("fenced", MINE + "?2"))
    # Chosen while an attempt fails.
    for ends in ("fail(%s, %s, 'source', 'the origin answered 503', true)", "fail(%s, %s, 'storage', 'the store answered 503', NULL)"):
        claim = db.claim(db.add())
        db.platform(SET, MINE, claim.video)
        db.worker(f"SELECT thumbnails.{ends}", claim.video, claim.token)
        db.merge()
        expect("the choice stands", (db.state(claim.video)[:2], db.picture(claim.video), db.job(claim.video)), (("completed", None), MINE, None))
    # Taken away again.
    db.platform(SET, None, rests)
    expect("is made", db.work_off(), [rests])
    db.expect_life(quiet=False)
