"""A copy takes the place of the table, as tools do that change large tables: our triggers stay behind. That is said, the sweep finds what is
missed, and the migrations mend it."""

from habit import expect

SWAP = """BEGIN; CREATE TABLE videos_new (LIKE videos INCLUDING ALL); INSERT INTO videos_new SELECT * FROM videos;
          ALTER TABLE videos RENAME TO videos_old; ALTER TABLE videos_new RENAME TO videos; COMMIT"""


def holds(db):
    made, waits = db.add(), db.add()
    db.make(made)
    db.platform(SWAP)
    missed = db.add()
    expect("the check", "triggers on videos are missing" in db.worker("SELECT thumbnails.trial()"), True)
    expect("the report", "triggers on videos are missing" in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.migrate()
    expect("mended", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, missed)))
    db.platform("DELETE FROM videos_old")
    db.merge()
    expect("the pictures that videos show stay", db.put_down(), [])
    db.platform("DROP TABLE videos_old")
    db.expect_life()
