"""A mapper that keeps the schema drops the index, which it does not know: that is said, and the migrations make it again."""

from habit import expect


def holds(db):
    db.platform("DROP INDEX videos_thumbnail_lacking")
    expect("the report", "videos_thumbnail_lacking is missing" in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.expect_life()
    db.migrate()
    expect("mended", db.worker("SELECT thumbnails.look()")["processProblems"], [])
    expect("by one file", "applying" in db.migrate(), False)
