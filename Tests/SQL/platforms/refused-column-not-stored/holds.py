"""PostgreSQL 18 makes generated columns that are not stored, and does so unless it is told otherwise: triggers see NULL there, so that no change of the
URL would be noticed."""

from habit import expect

MIGRATES = False


def holds(db):
    said = db.migrate(fails=True)
    db.connect()
    if db.root("SHOW server_version_num") >= "180000":
        expect("what it says", "public.videos.video_url is a generated column that is not stored" in said or said, True)
    else:
        # There such a column cannot be had; this table has one that lacks.
        expect("what it says", "public.videos has no column video_url. Add it; all but thumbnail_url may be generated, STORED" in said or said, True)
    expect("nothing is changed", db.root("SELECT to_regclass('public.system_config')"), None)
