"""A picture stands for none: as the column's default, and on many old videos. It is a picture to us, and whoever migrates or checks is told that."""

from habit import expect


def holds(db):
    said = [line for line in db.notices.splitlines() if "show the same picture" in line]
    expect("what is said", [url in said[0] for url in ("/static/none.png", "it's coming.png", "user.example")] if said else said, [True, True, False])
    expect("the trial", "a picture by default, https://cdn.example/it's coming.png" in str(db.worker("SELECT thumbnails.trial()")), True)
    made_by_nobody = db.platform("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/new') RETURNING id")
    expect("it counts as a picture", (db.state(made_by_nobody)[0], db.claim(made_by_nobody).outcome), ("completed", "completed"))
    # What the sentences say to do.
    expect("nullable", [f"SET DEFAULT {none}" in str(db.worker("SELECT thumbnails.trial()")) for none in ("NULL", "''")], [True, False])
    db.platform("ALTER TABLE videos ALTER thumbnail_url SET DEFAULT NULL")
    db.platform("UPDATE videos SET thumbnail_url = NULL WHERE thumbnail_url IN ('/static/none.png', 'https://cdn.example/it''s coming.png')")
    db.hour_passes()
    db.sweep()
    expect("all are made", len(db.work_off()), 31)
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    db.root("ANALYZE videos")
    expect("and of others nothing is said", "show the same picture" in db.migrate(anew=True), False)
    db.expect_life()
    db.expect_idle()
    # Without a default, and NOT NULL, the platform's own writes would fail.
    db.platform("TRUNCATE videos")
    db.platform("ALTER TABLE videos ALTER thumbnail_url SET NOT NULL, ALTER thumbnail_url SET DEFAULT '/static/none.png'")
    advice = db.worker("SELECT thumbnails.trial()").partition(": ")[2]
    expect("what the migration says", "let the platform write '' instead" in db.migrate(anew=True), True)
    db.platform(advice)
    db.make(db.platform("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/new') RETURNING id"))
