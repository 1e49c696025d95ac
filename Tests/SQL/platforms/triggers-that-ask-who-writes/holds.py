"""A trigger asks the token who writes, and refuses our picture. Said to be the service role, the handlers may write it. The uploader's column has another
name, and one that is generated of it tells whose a video is."""

from habit import WORKER, expect

MINE, OTHERS = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"
BY_HAND = "SELECT manually_trigger_thumbnail_generation(%s) ->> %s"


def holds(db):
    video = db.add(owner_id=MINE)
    expect("refused", (db.complete(db.claim(video)), db.error(video)),
           ("kept", "the platform refuses the result, which is kept: thumbnail_url is read-only (P0001)"))
    # The guide's line; here for this database alone, since others have the role, too.
    db.root(f"""ALTER ROLE handlers IN DATABASE "{db.name}" SET "request.jwt.claims" = '{{"role": "service_role"}}'""")
    db.worker = db.session(WORKER)
    db.time_passes()
    db.look_after()
    expect("written", db.state(video), ("completed", None, 1))
    user = db.session()
    user("SELECT set_config('request.jwt.claims', %s, false)", f'{{"sub": "{MINE}", "role": "authenticated"}}')
    user("SET ROLE authenticated")
    mine, other = db.add(owner_id=MINE), db.add(owner_id=OTHERS)
    expect("by hand", [user(BY_HAND, each, what) for each, what in ((mine, "success"), (other, "error"))], ["true", "Video not found"])
    expect("whose they are", db.root("SELECT count(DISTINCT tenant) FROM thumbnails.jobs WHERE tenant <> ''"), 1)
    db.merge()
    expect("of two", db.root("SELECT count(DISTINCT tenant) FROM thumbnails.jobs WHERE tenant <> ''"), 2)
    expect("made", sorted(db.work_off()), sorted((mine, other)))
    db.expect_idle()
