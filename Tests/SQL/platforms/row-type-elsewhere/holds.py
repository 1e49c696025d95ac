"""A table keeps whole videos in a column of their row type, to which PostgreSQL adds no column with a default: it is given later."""

from habit import expect


def holds(db):
    expect("of before", db.root("SELECT thumbnail_generation_attempts, thumbnail_metadata FROM videos"), (None, None))
    db.hour_passes()
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    expect("new ones", db.platform("INSERT INTO videos (status) VALUES ('pending') RETURNING thumbnail_generation_attempts, thumbnail_metadata"), (0, {}))
    db.expect_life()
    db.platform("INSERT INTO snapshots (was) SELECT v FROM videos AS v WHERE thumbnail_url IS NOT NULL")
    expect("snapshots", db.platform("SELECT count((was).thumbnail_url), count(*) FROM snapshots"), (1, 2))
    db.migrate(anew=True)
    db.expect_life()
