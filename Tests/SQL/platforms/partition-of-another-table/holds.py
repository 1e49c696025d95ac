"""`videos` is a partition of a table of all media, which the platform writes to; a video may become a song."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.platform("INSERT INTO media (status, video_url) VALUES ('completed', 'http://x/v.mp4') RETURNING id")
    db.platform("INSERT INTO media (kind, status, video_url) VALUES ('song', 'completed', 'http://x/s.mp4')")
    expect("made", db.work_off(), [video])
    db.platform("UPDATE media SET kind = 'song'")
    db.expect_idle()
    # It brings a state of its own along, so it is left to the sweep.
    db.platform("UPDATE media SET kind = 'video', thumbnail_url = NULL WHERE id = %s", video)
    db.hour_passes()
    db.sweep()
    expect("made again", db.work_off(), [video])
    db.migrate(anew=True)
    db.expect_idle()
