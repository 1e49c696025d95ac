"""REINDEX CONCURRENTLY, which many run every week, is broken off and leaves an index that is not valid beside ours: work goes on, and the way back takes
both out."""

from habit import ROOT, expect

INDEXES = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'videos'::regclass ORDER BY 1"


def holds(db):
    other = db.session()
    with other.transaction():
        other("INSERT INTO videos (status) VALUES ('pending')")
        for _ in range(2):
            db.platform("SET statement_timeout = '200ms'")
            expect("broken off", db.platform.error("REINDEX INDEX CONCURRENTLY videos_thumbnail_lacking"), "57014")
    db.platform("RESET statement_timeout")
    expect("what is left", db.root.all(INDEXES), ["videos_pkey", "videos_thumbnail_lacking", "videos_thumbnail_lacking_ccnew", "videos_thumbnail_lacking_ccnew1"])
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life()
    db.script(f"{ROOT}/migrations/uninstall.sql")
    expect("taken out", db.root.all(INDEXES), ["videos_pkey"])
