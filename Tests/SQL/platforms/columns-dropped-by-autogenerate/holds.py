"""A mapper compares the database with its models, and writes a migration that drops all it does not know (Alembic, Doctrine). In one transaction
nothing of it happens, for our triggers hold the columns; one that goes on statement by statement loses what can go, which is said and comes back."""

from habit import expect

COLUMNS = """SELECT attname::text FROM pg_attribute WHERE attrelid = 'public.videos'::regclass AND NOT attisdropped
              AND attname ~ '^thumbnail_(generat|metadata)' ORDER BY 1"""


def holds(db):
    db.make(db.add())
    waits = db.add()
    columns = db.root.all(COLUMNS)
    expect("columns", len(columns), 8)
    drops = ["DROP TABLE system_config", "DROP INDEX videos_thumbnail_lacking", *(f"ALTER TABLE videos DROP COLUMN {name}" for name in columns)]
    expect("as one", db.platform.error("; ".join(drops)), "2BP01")
    expect("nothing has changed", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
    expect("one by one", [db.platform.error(drop) for drop in drops], [None, None] + ["2BP01"] * 8)
    expect("is said", "they are missing: public.videos_thumbnail_lacking" in db.worker("SELECT thumbnails.trial()"), True)
    db.migrate()
    db.configure()
    expect("is mended", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
    expect("made", db.work_off(), [waits])
    db.expect_life()
    db.expect_idle()
