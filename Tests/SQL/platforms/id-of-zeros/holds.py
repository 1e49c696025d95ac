"""A video has the id that is all zeros: it is one like others, for the sweep, the repair and the reports, too."""

from habit import ROOT, expect

ZEROS = "00000000-0000-0000-0000-000000000000"


def holds(db):
    expect("the sweep", db.sweep()["retriedCount"], 2)
    both = sorted(db.work_off())
    expect("made", (both[0], len(both)), (ZEROS, 2))
    db.root("SET session_replication_role = replica")
    db.root("UPDATE videos SET thumbnail_url = ''")
    db.root("RESET session_replication_role")
    expect("the repair", "触发 2 个" in db.run("psql", "-XAtq", "-f", f"{ROOT}/migrations/fix-stuck-thumbnails.sql"), True)
    expect("made by it", sorted(db.work_off()), both)
    db.platform("UPDATE videos SET video_url = video_url || '?v=2'")
    expect("of another video", sorted(db.work_off()), both)
    db.expect_reports()
    db.expect_idle()
