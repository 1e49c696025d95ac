"""The platform's word for a finished video is another one, of an enum or of no text at all. What is said helps: a generated status."""

from habit import expect

MIGRATES = False
# How the guide generates it, of whatever type the platform's column is, and what is finished and unfinished there.
GENERATED = "ADD status text GENERATED ALWAYS AS (CASE WHEN stage IN ({}) THEN 'completed' ELSE 'pending' END) STORED"
TYPES = ("integer", "0", "2"), ("uuid", "'00000000-0000-4000-8000-000000000001'", "'00000000-0000-4000-8000-000000000003'")


def holds(db):
    said = db.migrate(fails=True)
    expect("what is said", "Rename it to stage, say, and ADD status text GENERATED ALWAYS AS (CASE WHEN stage IN (...) THEN 'completed' ELSE 'pending' END) STORED" in said, True)
    db.paste("ALTER TABLE videos RENAME status TO stage; ALTER TABLE videos " + GENERATED.format("'ready', 'published'"))
    db.migrate()
    db.connect().configure()
    video = db.add(..., stage="uploading")
    for stage in "ready", "published":
        db.platform("UPDATE videos SET stage = %s", stage)
    db.make(video)
    for kind, unfinished, finished in TYPES:
        db.paste(f"BEGIN; SELECT thumbnails.make_way(); TRUNCATE videos; ALTER TABLE videos DROP status, DROP stage, ADD stage {kind}; "
                 f"ALTER TABLE videos {GENERATED.format(finished)}; COMMIT")
        db.migrate()
        video = db.platform(f"INSERT INTO videos (stage, video_url) VALUES ({unfinished}, 'http://x/a') RETURNING id")
        expect(f"unfinished, of {kind}", db.claim(video).outcome, "not_finished")
        db.platform(f"UPDATE videos SET stage = {finished}")
        db.make(video)
    db.expect_quiet()
