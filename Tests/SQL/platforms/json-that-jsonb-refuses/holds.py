"""A column of json holds what jsonb refuses, a NUL and a number beyond all bounds, as it came from a probe: such videos go all their ways."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add(user_id="00000000-0000-4000-9000-000000000001")
    expect("made", db.work_off(), [video])
    expect("shown", db.worker("SELECT thumbnails.find_videos('{}', NULL, NULL, NULL, 5)")["videos"][0]["id"], video)
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_quiet()
    db.expect_idle()
