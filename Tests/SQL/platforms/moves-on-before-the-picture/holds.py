"""A finished video is published at once, by another word, before its picture is made: it gets none, and that is said. What is said to do helps."""

from habit import expect


def holds(db):
    late = db.add()
    db.platform("UPDATE videos SET status = 'published'")
    expect("too late", (db.claim(late).outcome, db.state(late)[0]), ("not_finished", "pending"))
    db.add()
    said = db.worker("SELECT thumbnails.trial()")
    expect("what is said", "went on to the status 'published' (1) before they had a picture" in str(said), True)
    # A few that are taken back are none to speak of.
    for _ in range(11):
        db.add()
    expect("the others", len(db.work_off()), 12)
    expect("what is said then", db.worker("SELECT thumbnails.trial()"), None)
    # As the guide says.
    db.paste("""BEGIN; SELECT thumbnails.make_way(); ALTER TABLE videos RENAME status TO stage;
      ALTER TABLE videos ADD status text GENERATED ALWAYS AS (CASE WHEN stage IN ('completed', 'published') THEN 'completed' ELSE 'pending' END) STORED; COMMIT""")
    db.migrate()
    db.sweep()
    db.make(late)
    video = db.add(..., stage="completed")
    db.platform("UPDATE videos SET stage = 'published' WHERE id = %s", video)
    db.make(video)
