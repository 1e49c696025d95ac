"""The server's clock was years ahead for a while, as after a restart without a battery: what was written then is not waited for until that time."""

from habit import expect

AHEAD = "UPDATE thumbnails.{0} SET {1} = {1} + interval '10 years' WHERE {1} < 'infinity'"


def holds(db):
    waits, lost, kept, rests = (db.add() for _ in range(4))
    db.merge()
    db.claim(lost)
    db.fail(db.claim(rests))
    db.platform("ALTER TABLE videos ADD CONSTRAINT broken CHECK (thumbnail_url IS NULL)")
    expect("kept", db.complete(db.claim(kept)), "kept")
    db.platform("ALTER TABLE videos DROP CONSTRAINT broken")
    for _ in range(5):
        for video in (db.add(), db.add()):
            claim = db.claim(video)
            db.worker("SELECT outcome FROM thumbnails.fail(%s, %s, 'storage', 'the store is down', NULL, NULL, 'host')", video, claim.token)
    db.worker("SELECT thumbnails.pause('', 'elsewhere', 'ops', '')")
    expect("one goes on waking workers", db.worker("SELECT thumbnails.hold_delivery('first', 10)"), True)
    db.worker("SELECT thumbnails.note_worker('w:1@h', 'auto-generate-thumbnail', 'h', 1, '1', 'FastCGI', 'required', 0, 0, NULL, NULL, 0)")
    db.root("INSERT INTO thumbnails.object_deletions SELECT format('thumbnails/%%s/0123456789abcdef-%%s.jpg', %s, n), %s, now() + n * interval '1 day' "
            "FROM unnest(ARRAY[3, 364]) AS n", kept, kept)
    db.root("UPDATE thumbnails.object_deletions SET not_before = not_before + interval '10 years' WHERE key LIKE '%-3.jpg'")
    for table, column in (("jobs", "due_at"), ("breakers", "open_until"), ("positions", "delivers_until"), ("workers", "seen_at"), ("events", "at")):
        db.root(AHEAD.format(table, column))
    expect("the sweep", db.sweep()["success"], True)
    expect("objects wait for a day, unless they are to be kept for longer",
           db.root.all("SELECT round(extract(epoch FROM not_before - now()) / 86400)::integer FROM thumbnails.object_deletions ORDER BY 1"), [1, 364])
    expect("a worker that was not heard of since", db.worker("SELECT thumbnails.look()")["workers"]["list"], [])
    db.root("UPDATE thumbnails.events SET at = at - interval '2 days'")
    expect("figures of the last day", db.worker("SELECT thumbnails.look()")["health"]["lastDay"]["failed"], 0)
    expect("the store is asked again", db.worker("SELECT outcome FROM thumbnails.claim_next(0, 'host')"), "claimed")
    expect("what a person has paused stays so", db.worker("SELECT outcome FROM thumbnails.claim_next(30, 'elsewhere')"), "paused")
    expect("made", {waits, lost, rests} <= set(db.work_off()), True)
    expect("written", db.state(kept)[0], "completed")
    db.root("UPDATE thumbnails.positions SET delivers_until = delivers_until - interval '1 minute'")
    expect("another goes on waking workers", db.worker("SELECT thumbnails.hold_delivery('second', 10)"), True)
    db.expect_idle()
