"""The platform changes a row and starts its video by hand in the same transaction, while a worker that has the job locked waits for the row: the
platform's transaction goes on, and what it asked for is done."""

from habit import at_once, eventually, expect

ENDS = (("a picture", lambda db, claim: db.complete(claim)), ("a final failure", lambda db, claim: db.fail(claim, False, "media")))
BY_HAND = ("SELECT manually_trigger_thumbnail_generation(%s) ->> 'success'", "SELECT batch_trigger_thumbnail_generation() ->> 'success'")


def holds(db):
    for what, end in ENDS:
        for by_hand in BY_HAND:
            video = db.add()
            claim = db.claim(video)

            def start(video=video, by_hand=by_hand):
                with db.platform.transaction():
                    db.platform("UPDATE videos SET title = 'new' WHERE id = %s", video)
                    is_locked.append(True)
                    eventually("the worker waits for the row", lambda: db.root("SELECT cardinality(pg_blocking_pids(%s)) > 0", db.worker.process))
                    return db.platform(by_hand, *[video] * by_hand.count("%s"))

            def hand_in(claim=claim, end=end):
                eventually("the row is locked", lambda: is_locked)
                return end(db, claim)

            is_locked = []
            answers = at_once(start, hand_in)
            expect(f"{what}, {by_hand}: what both are told", answers in (["true", "ok"], ["true", "kept"]) or answers, True)
            expect("the platform's write", db.root("SELECT title FROM videos WHERE id = %s", video), "new")
            db.time_passes()
            db.look_after()
            db.time_passes()
            db.work_off()
            asked = end is ENDS[0][1] or "manually" in by_hand
            expect(f"{what}, {by_hand}: in the end", db.state(video)[0], "completed" if asked else "failed")
            expect("the history says who asked", "manual" in (db.root("SELECT string_agg(class, ' ') FROM thumbnails.events WHERE video_id = %s", video) or ""),
                   "manually" in by_hand)
    db.expect_life(quiet=False)
