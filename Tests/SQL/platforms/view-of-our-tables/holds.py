"""A view of the platform's is made of our tables and functions: the migrations leave it as it is, and the way back does not take it along unasked."""

from habit import ROOT, expect


def holds(db):
    db.platform("CREATE VIEW last_failures AS SELECT e.video_id, thumbnails.iso(e.at) AS at FROM thumbnails.events AS e WHERE e.to_status = 'failed'")
    db.migrate(anew=True)
    db.expect_life()
    expect("what it shows", db.platform("SELECT count(*) FROM last_failures"), 2)
    said = db.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", ROOT + "/migrations/uninstall.sql", user="platform", fails=True)
    expect("what the way back says", "made of what goes with the schema thumbnails: last_failures. Drop them first" in said or said, True)
    expect("and has changed", db.worker("SELECT thumbnails.trial()"), None)
    db.platform("DROP VIEW last_failures")
    db.script(ROOT + "/migrations/uninstall.sql")
    expect("gone", db.root("SELECT to_regnamespace('thumbnails')"), None)
