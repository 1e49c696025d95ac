"""The database has settings of long ago, or odd ones: backslashes that escape, `= NULL` that asks for NULL, and others."""

from habit import ROOT, expect


def holds(db):
    expect("the settings", db.worker("SHOW standard_conforming_strings"), "off")
    db.platform("SET request.jwt.claims = 'no JSON'")
    db.expect_life(title="a\\b")
    video = db.add()
    db.make(video)
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4#t=1'")
    expect("another video", db.work_off(), [video])
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4?token=1'")
    expect("the same", db.work_off(), [])
    db.expect_idle()
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    db.script(f"{ROOT}/migrations/uninstall.sql")
    expect("taken out", db.root("SELECT to_regnamespace('thumbnails')"), None)
