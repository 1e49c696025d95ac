"""The database's own encoding is LATIN1, which lacks what is written here: refused before anything of the platform's is changed."""

from habit import expect

ENCODING = "LATIN1"
MIGRATES = False


def holds(db):
    said = db.migrate(fails=True)
    expect("a sentence", "cannot be set up" in said and "UTF8" in said or said, True)
    db.connect()
    expect("triggers", db.root("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass"), 0)
    expect("columns", db.root("SELECT count(*) FROM pg_attribute WHERE attrelid = 'videos'::regclass AND attnum > 0"), 8)
