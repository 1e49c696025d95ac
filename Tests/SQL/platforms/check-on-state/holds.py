"""CHECKs on the state columns together with others survive; the one that rejects nothing is replaced, and that is said."""

from habit import expect

CHECKS = "SELECT conname::text FROM pg_constraint WHERE conrelid = 'videos'::regclass AND contype = 'c' ORDER BY 1"


def holds(db):
    expect("CHECKs", db.platform.all(CHECKS),
           ["attempts_in_range", "done_has_picture", "failed_has_reason", "finished_first", "videos_thumbnail_generation_status_valid"])
    expect("it is said", "removed from videos: CONSTRAINT of_the_original" in db.notices, True)
    db.expect_life()
    db.expect_idle()
    video = db.add()
    expect("another word", db.platform.error("UPDATE videos SET thumbnail_generation_status = 'whatever' WHERE id = %s", video), "23514")
    db.make(video)
    expect("a picture is taken away", db.platform.error("UPDATE videos SET thumbnail_url = '' WHERE id = %s", video), None)
    db.make(video)
