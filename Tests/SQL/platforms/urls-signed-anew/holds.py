"""URLs are signed anew every hour: the same video, whatever its phase; one that had failed is tried again."""

from habit import expect, picture

SIGNED = ("?X-Amz-Signature={0}&X-Amz-Expires=3600", "?Expires={0}&Signature=s&Key-Pair-Id=k", "?sv=1&se={0}&sp=r&sig={0}", "?token={0}", "#t={0}",
          "?id=7&x-goog-signature={0}")
OUTSIDE = "http://user.example/p.jpg"


def sign(db, hour):
    for video, place in db.platform.all("SELECT id, title FROM videos"):
        db.platform("UPDATE videos SET video_url = %s WHERE id = %s", place.format(hour), video)


def holds(db):
    for pattern in SIGNED:
        place = "http://x/v.mp4" + pattern
        made, outside, waits, working, rests, failed = (
            db.add(title=place, video_url=place.format(1), thumbnail_url=url) for url in (None, OUTSIDE, None, None, None, None))
        first, claim = db.make(made), db.claim(working)
        db.fail(db.claim(rests))
        db.fail(db.claim(failed), False, "forbidden")
        sign(db, 2)
        expect("states", [db.state(video)[0] for video in (made, outside, waits, working, rests, failed)],
               ["completed", "completed", "pending", "processing", "pending", "pending"])
        db.merge()
        expect("the worker's result", db.complete(claim), "ok")
        db.time_passes()
        expect("what had to be made is", sorted(db.work_off()), sorted((waits, rests, failed)))
        expect("nothing else is", (db.picture(made), db.picture(outside)), (picture(first)[0], OUTSIDE))
        sign(db, 3)
        expect("nothing is made again", db.work_off(), [])
        db.platform("DELETE FROM videos")
        db.merge()
    # A platform that signs by other names.
    db.platform("INSERT INTO system_config (key, value) VALUES ('thumbnail_signing_parameters', 'k, verify-*')")
    video = db.add(video_url="http://x/v.mp4?k=1&verify-me=1")
    db.make(video)
    for query, made in (("?k=2&verify-me=2", []), ("?k=2&token=2", [video])):
        db.platform("UPDATE videos SET video_url = %s WHERE id = %s", "http://x/v.mp4" + query, video)
        expect(query, db.work_off(), made)
    db.expect_life()
