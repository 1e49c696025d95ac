"""The database lets no session read views, for safety against other programs, and `seen` is one: the migrations stopped half-way. The programs
permit it to themselves, as the worker does here; the platform's own sessions need not."""

from habit import expect


def holds(db):
    restricted = "SELECT setting FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'"
    expect("restricted", db.platform(restricted), db.platform(restricted) and "view, foreign-table")
    db.worker("SELECT set_config(name, '', false) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'")
    video = db.add()
    expect("found", db.work_off(), [video])
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", video)
    expect("found again", db.work_off(), [video])
    db.platform("DELETE FROM videos")
    db.expect_idle()
