"""A person cancels what waits while a transaction of the platform's holds the row, or its trigger refuses the state: what is not cancelled says so and
stays in the queue, and nobody waits for anybody."""

from habit import at_once, eventually, expect

REFUSES = """CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no states now'; END $$;
             CREATE TRIGGER refuses BEFORE UPDATE OF thumbnail_generation_status ON videos FOR EACH ROW EXECUTE FUNCTION refuses()"""


def cancel(db, video):
    return db.worker("SELECT thumbnails.act('cancel', jsonb_build_object('ids', jsonb_build_array(%s)), 10, NULL, 'a person') -> 'processed'", video)


def holds(db):
    shown, lacking = db.add(), db.add()
    db.make(shown)
    db.fail(db.claim(shown, more=", p_regenerate := true"))
    db.fail(db.claim(lacking))
    for video in (shown, lacking):
        done = []

        def hold(video=video, done=done):
            with db.platform.transaction():
                db.platform("UPDATE videos SET title = 'new' WHERE id = %s", video)
                is_locked.append(True)
                eventually("who cancels waits or is done", lambda: done or db.root("SELECT cardinality(pg_blocking_pids(%s)) > 0", db.worker.process))
                return db.platform("SELECT batch_trigger_thumbnail_generation(0) ->> 'success'")

        def let_go(video=video, done=done):
            eventually("the row is locked", lambda: is_locked)
            done.append(cancel(db, video))

        is_locked = []
        expect("the platform starts others meanwhile", at_once(hold, let_go)[0], "true")
        expect("it is not cancelled", (done, db.job(video)[1:]), ([0], (1, False, False)))
    db.platform(REFUSES)
    expect("nor where the state is refused", (cancel(db, shown), db.job(shown)[1:], db.state(shown)[0]), (0, (1, False, False), "failed"))
    db.platform("DROP TRIGGER refuses ON videos")
    expect("afterwards", (cancel(db, shown), cancel(db, lacking)), (1, 1))
    expect("the rows", (db.state(shown), db.state(lacking)), (("completed", None, 0), ("failed", "request", 1)))
    db.expect_idle()
    db.expect_life(quiet=False)
