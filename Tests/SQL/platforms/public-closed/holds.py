"""The schema `public` is closed to everybody who is not named; later it is dropped with all that is in it and made anew, as mappers do that begin afresh."""

from habit import ORDINARY, expect


def holds(db):
    db.expect_life()
    waits = db.add()
    db.merge()
    db.platform("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    expect("the check", "public.videos" in db.worker("SELECT thumbnails.trial()"), True)
    db.script(ORDINARY)
    db.migrate()
    db.configure()
    expect("what waited is gone", db.claim(waits).outcome, "not_found")
    db.expect_life()
    db.expect_idle()
