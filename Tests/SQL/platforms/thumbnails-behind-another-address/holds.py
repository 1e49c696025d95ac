"""The thumbnails move to another CDN, or get a query: the same pictures of ours, whose videos go on as before."""

from habit import expect, picture

MOVES = ("replace(thumbnail_url, 'cdn.example', 'fast.example')", "thumbnail_url || '?width=320'",
         "'/img/' || substring(thumbnail_url FROM 'thumbnails/.*')")


def holds(db):
    for move in MOVES:
        video, working = db.add(), db.add()
        first, _ = db.make(video), db.make(working)
        claim = db.claim(working, more=", p_regenerate := true")
        before = db.root("SELECT thumbnail_metadata, thumbnail_generated_at FROM videos WHERE id = %s", video)
        db.platform(f"UPDATE videos SET thumbnail_url = {move}")
        expect("nothing is made", db.work_off(), [])
        expect("the row says the same", db.root("SELECT thumbnail_metadata, thumbnail_generated_at FROM videos WHERE id = %s", video), before)
        expect("the worker's result", db.complete(claim), "ok")
        expect("no object that is shown is collected", picture(first)[1] in db.collected(), False)
        db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", video)
        expect("another video has another picture", db.work_off(), [video])
        expect("and the old one's object is put down", picture(first)[1] in db.put_down(), True)
        db.platform("DELETE FROM videos")
        db.expect_idle()
    db.expect_life()
