"""Our tables lose their rows: a staging database made of the schema alone, a script that empties every table. The queue goes on by itself."""

from habit import expect


def holds(db):
    waits = db.add(created_at="2025-01-01")
    names = db.root("SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace"
                    " AND c.relkind = 'r'")
    db.root("TRUNCATE " + names)
    fresh = db.add()
    expect("a new one is made", db.work_off(), [fresh])
    expect("the sweep finds the forgotten one", db.sweep()["retriedCount"], 1)
    expect("which is made", db.work_off(), [waits])
    db.expect_life()
    db.expect_idle()
