"""Event triggers, whose functions name tables without schema: they log DDL, put row level security on every new table, and grant every new
function to everybody."""

from habit import expect


def holds(db):
    expect("logged", db.root("SELECT count(*) > 100 FROM ddl_log"), True)
    db.expect_life()
    user = db.session()
    user("SET ROLE authenticated")
    for call in ("public.auto_retry_stuck_thumbnails()", "public.batch_trigger_thumbnail_generation()", "thumbnails.sweep(false)", "thumbnails.claim_next(30)"):
        expect(f"a user's {call}", user.error(f"SELECT {call}"), "42501")
    db.migrate(anew=True)
    db.expect_life()
