"""A BEFORE trigger finishes the video in a statement that names neither `status` nor `video_url`; it fires after ours."""

from habit import expect


def holds(db):
    updated = db.add("processing", video_url=None, title="a.mp4")
    db.platform("UPDATE videos SET encoded_at = now() WHERE id = %s", updated)
    inserted = db.add("processing", video_url=None, title="b.mp4", encoded_at="2024-01-01")
    db.merge()
    expect("both wait", [(db.state(video), db.job(video)[0]) for video in (updated, inserted)], [(("pending", None, 0), 0)] * 2)
    expect("both are made", db.work_off(), [updated, inserted])
    db.expect_life()
    db.expect_idle()
