"""A mapper that keeps the schema drops the index and the CHECK, which it does not know: the first is said, and the migrations make both again.
That no index begins with the id any more is said, too."""

from habit import expect


def holds(db):
    db.platform("DROP INDEX videos_thumbnail_lacking")
    expect("the report", "they are missing: public.videos_thumbnail_lacking" in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.expect_life()
    db.migrate()
    expect("mended", db.worker("SELECT thumbnails.look()")["processProblems"], [])
    expect("by one file", "applying" in db.migrate(), False)
    db.platform("ALTER TABLE videos DROP CONSTRAINT videos_thumbnail_generation_status_valid")
    video = db.add(thumbnail_generation_status="done")
    db.migrate()
    expect("another word", db.platform.error("UPDATE videos SET thumbnail_generation_status = 'done'"), "23514")
    db.merge()
    db.make(video)
    db.platform("ALTER TABLE videos DROP CONSTRAINT videos_pkey")
    expect("another key", "begins with its id" in " ".join(db.worker("SELECT thumbnails.look()")["processProblems"]), True)
    db.platform("CREATE UNIQUE INDEX CONCURRENTLY ON public.videos (id)")
    expect("an index", db.worker("SELECT thumbnails.look()")["processProblems"], [])
