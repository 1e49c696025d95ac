"""A table of ours is not there: only the inbox is needed for the platform's writes. Without it a write that says something to us fails, whole and
with its reason, and every other goes on; when the tables are back, nothing was lost."""

from habit import expect


def holds(db):
    db.make(db.add())
    at_work = db.claim(db.add())
    others = db.root.all("SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relkind = 'r' "
                         "AND c.relname <> 'inbox' ORDER BY 1")
    expect("the queue is one of them", "jobs" in others, True)
    expected = []
    for name in others:
        db.root(f"ALTER TABLE thumbnails.{name} RENAME TO away")
        finished, deleted = db.add("processing"), db.add()
        db.finish(finished)
        expect(f"without {name}: shown at once", db.state(finished), ("pending", None, 0))
        db.platform("UPDATE videos SET video_url = video_url || '?v=2', title = 'another' WHERE id = %s", finished)
        db.platform("DELETE FROM videos WHERE id = %s", deleted)
        expected += [finished]
        if name == "jobs":
            for call in ("claim_next(30)", f"claim('{finished}', 30)"):
                expect(f"a worker's {call}", db.worker.error(f"SELECT thumbnails.{call}"), "42P01")
        db.root(f"ALTER TABLE thumbnails.away RENAME TO {name}")
    expect("the result in hand", db.complete(at_work), "ok")
    # A hint that could not be queued is put aside with its reason, and the sweep tries it again.
    db.sweep()
    expect("what was asked for", sorted(db.work_off()), sorted(expected))

    video = db.add("processing")
    db.root("ALTER TABLE thumbnails.inbox RENAME TO away")
    expect("without the inbox", db.platform.error("UPDATE videos SET status = 'completed' WHERE id = %s", video), "42P01")
    expect("nothing is done by half", db.root("SELECT status::text FROM videos WHERE id = %s", video), "processing")
    db.platform("UPDATE videos SET title = 'another' WHERE id = %s", video)
    db.root("ALTER TABLE thumbnails.away RENAME TO inbox")
    db.finish(video)
    expect("when it is back", db.work_off(), [video])
    expect("hints put aside", db.root.all("SELECT text FROM thumbnails.set_aside"), [])
    db.expect_idle()
