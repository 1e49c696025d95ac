"""`created_at` is a number, `updated_at` a text, `aspect_ratio` a number, `user_id` too."""

from habit import expect


def holds(db):
    db.expect_reports()
    expect("the sweep", db.sweep()["success"], True)
    expect("passes over none", db.root.all("SELECT text FROM thumbnails.events WHERE class = 'platform'"), [])
    db.platform("SELECT batch_trigger_thumbnail_generation(1)")
    expect("made", len(db.work_off()), 1)
    db.expect_life(user_id=7)
    db.expect_idle()
