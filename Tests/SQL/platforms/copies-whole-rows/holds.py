"""A trigger copies whole rows into a table of the same shape: with eight columns more the platform's writes would fail, so nothing is added
until that table has them, too."""

from habit import expect

MIGRATES = False


def holds(db):
    said = db.migrate(fails=True)
    expect("what it says", "the platform's own writes fail: INSERT has more expressions than target columns" in said or said, True)
    db.connect()
    expect("the table is as it was", db.root("SELECT count(*) FROM pg_attribute WHERE attrelid = 'videos'::regclass AND attname LIKE 'thumbnail%%'"), 1)
    expect("the platform goes on", db.platform.error("UPDATE videos SET title = 'x'; INSERT INTO videos (status) VALUES ('failed'); "
                                                     "DELETE FROM videos WHERE status = 'failed'"), None)
    # As it says; the column of its own comes last again.
    adding = said[said.index("ADD COLUMN"):said.index("HINT")].strip()
    db.platform(f"ALTER TABLE videos_history DROP COLUMN kept_at, {adding}, ADD COLUMN kept_at timestamptz")
    db.migrate()
    db.configure()
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    db.expect_life()
    expect("the history goes on", db.platform("SELECT count(*) FROM videos_history WHERE thumbnail_generation_status = 'completed'"), 2)
