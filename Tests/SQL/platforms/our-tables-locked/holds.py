"""Another session holds every table of ours but the inbox for as long as it likes: the platform's writes go on at once, and what they ask for
is done later. While the inbox itself is held, as a migration of ours does for a moment, or system_config, a write that needs it waits; no other does."""

from habit import SUPERUSER, expect, picture


def holds(db):
    made, deleted, waiting, changed = db.make(db.add()).video, db.make(db.add()), db.add(), db.make(db.add()).video
    at_work = db.claim(db.add())
    db.platform("SET lock_timeout = '2s'")
    db.worker("SET lock_timeout = '50ms'")
    holder = db.session(SUPERUSER)
    others = holder.all("SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'thumbnails'::regnamespace AND c.relkind = 'r' "
                        "AND c.relname <> 'inbox'")
    expect("the queue is one of them", "thumbnails.jobs" in others, True)
    with holder.transaction():
        holder(f"LOCK TABLE {', '.join(others)} IN ACCESS EXCLUSIVE MODE")
        finished = db.add("processing")
        db.finish(finished)
        expect("shown at once", db.state(finished), ("pending", None, 0))
        inserted = db.add()
        db.platform("UPDATE videos SET video_url = 'http://x/another.mp4' WHERE id = %s", changed)
        db.platform("UPDATE videos SET title = 'another' WHERE id = %s", at_work.video)
        db.platform("UPDATE videos SET thumbnail_url = 'https://elsewhere/a.jpg' WHERE id = %s", waiting)
        db.platform("DELETE FROM videos WHERE id = %s", deleted.video)
        many = db.platform.all("INSERT INTO videos (status, video_url) SELECT 'processing', 'http://x/many/' || n FROM generate_series(1, 300) AS n RETURNING id")
        db.platform("UPDATE videos SET status = 'completed' WHERE id = ANY (%s::uuid[])", many)
        for call in ("claim_next(30)", "merge(1000)", f"complete('{at_work.video}', {at_work.token}, 'http://p/x', 'thumbnails/x', '{{}}')"):
            expect(f"a worker's {call} waits", db.worker.error(f"SELECT thumbnails.{call}"), "55P03")
    expect("the result in hand", db.complete(at_work), "ok")
    expect("what was asked for", set(db.work_off()), {finished, inserted, changed, *many})
    expect("the object of the deleted one is put down", picture(deleted)[1] in db.put_down(), True)
    expect("the picture from outside stands", db.picture(waiting), "https://elsewhere/a.jpg")

    video = db.add("processing")
    db.platform("SET lock_timeout = '50ms'")
    with holder.transaction():
        holder("LOCK TABLE thumbnails.inbox IN ACCESS EXCLUSIVE MODE")
        expect("a write that says something waits", db.platform.error("UPDATE videos SET status = 'completed' WHERE id = %s", video), "55P03")
        expect("and is not done by half", db.root("SELECT status::text FROM videos WHERE id = %s", video), "processing")
        db.platform("UPDATE videos SET title = 'another' WHERE id = %s", made)
    with holder.transaction():
        holder("LOCK TABLE system_config IN ACCESS EXCLUSIVE MODE")
        asks = db.session()
        asks("SET statement_timeout = '200ms'")
        expect("a write that asks for the configuration waits", asks.error("UPDATE videos SET status = 'completed' WHERE id = %s", video), "57014")
        db.platform("UPDATE videos SET title = 'another' WHERE id = %s", made)
    db.finish(video)
    expect("said again, it is done", db.work_off(), [video])
    db.expect_quiet()
    db.expect_idle()
