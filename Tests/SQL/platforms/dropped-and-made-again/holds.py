"""A framework drops the platform's tables and makes them again, empty, as its developers do every day: what was waited for is gone, and the
migrations bring the rest back. Where the table stays away, the way back goes as well."""

from habit import ORDINARY, ROOT, WORKER, expect


def holds(db):
    db.make(db.add())
    waits = db.add()
    db.merge()
    expect("in use", db.platform.error("DROP TABLE videos"), "2BP01")
    db.platform("DROP TABLE videos, system_config CASCADE")
    expect("the check", db.worker("SELECT thumbnails.trial()"), 'there is no table public.videos, and nothing is done for its videos')
    db.script(ORDINARY)
    for said in (db.worker("SELECT thumbnails.trial()"), db.paste("SELECT thumbnails.look()", WORKER, fails=True)):
        expect(f"what is said: {said}", "apply the migrations again" in said, True)
    db.migrate()
    db.configure()
    expect("what waited is gone", db.claim(waits).outcome, "not_found")
    db.expect_life()
    db.platform("DROP TABLE videos CASCADE")
    db.script(ROOT + "/migrations/uninstall.sql")
    expect("nothing is left", db.root("SELECT to_regnamespace('thumbnails')"), None)
    expect("nor of functions", db.root("SELECT count(*) FROM pg_proc WHERE proname LIKE '%%thumbnail%%'"), 0)
