"""A superuser has made `system_config`, and puts row level security on every table of `public`, as checkers of security ask: the owner of
`videos` sees nothing of it, and the row says why."""

from habit import expect

MIGRATED_BY = "postgres"


def holds(db):
    db.root("ALTER TABLE system_config ENABLE ROW LEVEL SECURITY")
    video = db.add()
    expect("the row says why", "or its row level security hides it from platform" in db.error(video), True)
    db.make(video)
    db.root("ALTER TABLE system_config OWNER TO platform")
    db.expect_life()
