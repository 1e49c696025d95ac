"""`updated_at` moves with every write, and another trigger posts: the migration and the sweep touch no row that needs nothing."""

from habit import expect

TOUCHED = "SELECT (SELECT count(*) FROM videos WHERE updated_at > '2024-01-02'), (SELECT count(*) FROM posted)"


def holds(db):
    expect("by the migration", db.platform(TOUCHED), (0, 0))
    db.migrate(anew=True)
    expect("by the next", db.platform(TOUCHED), (0, 0))
    db.hour_passes()
    expect("left behind", db.sweep()["retriedCount"], 10)
    expect("made", len(db.work_off()), 10)
    expect("by their making", db.platform(TOUCHED), (10, 20))
    expect("the picture is posted once", db.platform("SELECT count(*) FROM posted WHERE was IS NULL AND became IS NOT NULL"), 10)
    db.expect_life()
    db.expect_idle()
