"""Triggers whose functions name everything without its schema, as most do."""

from habit import expect

USER = "00000000-0000-4000-8000-0000000000aa"


def holds(db):
    db.expect_life(user_id=USER, title=" a ")
    # The caller's temporary tables come last, for our writes and for the platform's trigger in them.
    video = db.add(user_id=USER)
    changes = db.platform("SELECT changes FROM profiles")
    for table in ("videos", "profiles", "jobs", "events"):
        db.worker(f"CREATE TEMP TABLE {table} (id uuid, changes integer)")
    db.make(video)
    expect("changes counted", db.platform("SELECT changes FROM profiles"), changes + 2)
    db.expect_idle()
