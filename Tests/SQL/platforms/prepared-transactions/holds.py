"""A platform that commits in two phases, while the relay sleeps."""

from habit import expect

SERVER = {"max_prepared_transactions": 5}


def holds(db):
    db.session("handlers")("SELECT pg_advisory_lock(thumbnails.wake_up_key())")
    unfinished, made = db.add("processing"), db.add()
    db.make(made)
    for end in ("ROLLBACK", "COMMIT"):
        db.platform("BEGIN")
        db.finish(unfinished)
        db.platform("UPDATE videos SET thumbnail_url = NULL WHERE id = %s", made)
        inserted = db.add()
        db.platform("PREPARE TRANSACTION 'both'")
        expect("before the end nothing is due", db.work_off(), [])
        db.look_after()
        db.sweep()
        db.platform(f"{end} PREPARED 'both'")
        expect(end, sorted(db.work_off()), sorted([unfinished, made, inserted] if end == "COMMIT" else []))
    # What a person or the batch starts within one.
    failed = db.add()
    db.fail(db.claim(failed), False, "media")
    for call in (f"manually_trigger_thumbnail_generation('{failed}')", "batch_trigger_thumbnail_generation(5)"):
        db.platform("BEGIN")
        expect(call, db.platform(f"SELECT {call} ->> 'success'"), "true")
        expect("can be prepared", db.platform.error("PREPARE TRANSACTION 'started'"), None)
        db.platform("ROLLBACK PREPARED 'started'")
    expect("nothing came of it", db.work_off(), [])
    db.expect_life()
