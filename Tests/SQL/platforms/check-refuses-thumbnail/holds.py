"""A CHECK that refuses the thumbnail until it is mended; the original's CHECK on the state is not the only one."""

from habit import expect, picture


def holds(db):
    video = db.add()
    expect("a store that lies there", db.worker("SELECT thumbnails.trial('https://elsewhere.example/')"), None)
    expect("one that does not", "from_our_cdn" in db.worker("SELECT thumbnails.trial('https://here.example')"), True)
    claim = db.claim(video)
    expect("a result", db.complete(claim), "kept")
    expect("the row says why", ("from_our_cdn" in db.error(video), db.state(video)), (True, ("pending", "platform", 1)))
    db.time_passes()
    db.look_after()
    expect("still", db.job(video), (9, 1, False, True))
    db.platform("ALTER TABLE videos DROP CONSTRAINT from_our_cdn")
    db.time_passes()
    db.look_after()
    expect("written", (db.state(video), db.picture(video), db.error(video)), (("completed", None, 1), picture(claim)[0], None))
    db.expect_life(quiet=False)
