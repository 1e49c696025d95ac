"""Event triggers, whose functions name tables without schema: they log DDL, put row level security on every new table and force it on
its owner, and grant every new function to everybody."""

from habit import expect


def holds(db):
    expect("logged", db.root("SELECT count(*) > 100 FROM ddl_log"), True)
    db.expect_life()
    user = db.session()
    user("SET ROLE authenticated")
    for call in ("public.auto_retry_stuck_thumbnails()", "public.batch_trigger_thumbnail_generation()", "thumbnails.sweep(false)", "thumbnails.claim_next(30)"):
        expect(f"a user's {call}", user.error(f"SELECT {call}"), "42501")
    # Forced later, it is said, and gone with the next migration.
    what_helps = "ALTER TABLE thumbnails.inbox NO FORCE ROW LEVEL SECURITY"
    db.root(what_helps.replace("NO FORCE", "FORCE"))
    expect("a write that says something", db.platform.error("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/late.mp4')"), "42501")
    expect("the check", what_helps in db.worker("SELECT thumbnails.trial()"), True)
    expect("the page", what_helps in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.migrate(anew=True)
    db.expect_life()
