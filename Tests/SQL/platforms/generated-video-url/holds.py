"""`video_url` is generated from a path, so a BEFORE trigger does not see it."""

import json

from habit import expect, picture


def holds(db):
    video = db.add(video_url=..., path="a.mp4")
    first = db.make(video)
    expect("the URL", first.url, "http://x/a.mp4")
    db.platform("UPDATE videos SET path = 'b.mp4' WHERE id = %s", video)
    db.merge()
    second = db.make(video)
    expect("another path", (second.url, second.attempt), ("http://x/b.mp4", 1))
    expect("the old object is put down", db.put_down(), [picture(first)[1]])
    without = db.add("processing", video_url=...)
    db.platform("UPDATE videos SET status = 'completed' WHERE id = %s", without)
    db.merge()
    expect("no path", (db.state(without), db.error(without)), (("failed", "media", 0), "Video URL is null"))
    db.platform("UPDATE videos SET path = 'late.mp4' WHERE id = %s", without)
    db.merge()
    expect("a late one", db.make(without).url, "http://x/late.mp4")
    # Encoded anew, as another file: in two statements, between which its hint is merged at once, later, or while the row is held.
    for path, between in (("e.mp4", db.merge), ("f.mp4", None), ("g.mp4", "held")):
        db.platform("UPDATE videos SET status = 'processing', path = %s WHERE id = %s", path, video)
        if between == "held":
            with db.root.transaction():
                db.root("SELECT FROM videos WHERE id = %s FOR UPDATE", video)
                db.merge()
            # Ten seconds pass.
            db.root("UPDATE videos SET thumbnail_generated_at = thumbnail_generated_at - interval '10 s' WHERE id = %s", video)
            db.root("UPDATE thumbnails.set_aside SET at = at - interval '10 s'")
            db.look_after()
            db.merge()
        elif between:
            between()
        db.platform("UPDATE videos SET status = 'completed' WHERE id = %s", video)
        db.merge()
        expect("the other file", db.make(video).url, f"http://x/{path}")
    # In work.
    claim = db.claim(db.add(video_url=..., path="c.mp4"))
    db.platform("UPDATE videos SET path = 'd.mp4' WHERE id = %s", claim.video)
    expect("its worker", db.complete(claim), "fenced")
    expect("is made", db.make(claim.video).url, "http://x/d.mp4")
    # Beside a thumbnail of the user's own, which stays.
    def make_board(name):
        claim = db.next()
        expect("the storyboard's claim", (claim.outcome, claim.video), ("claimed", own))
        expect("a storyboard", db.worker("SELECT thumbnails.complete_storyboard(%s, %s, %s, %s, 60)", own, claim.token, json.dumps({"url": name}), name), "ok")
        return claim.url

    def board():
        return db.root("SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos WHERE id = %s", own)

    own = db.add(video_url=..., path="h.mp4", thumbnail_url="http://user.example/h.jpg")
    db.worker("SELECT thumbnails.request_storyboard(%s)", own)
    make_board("first")
    db.platform("UPDATE videos SET status = 'processing' WHERE id = %s", own)
    db.platform("UPDATE videos SET status = 'completed' WHERE id = %s", own)
    db.merge()
    expect("its storyboard", (board(), db.root("SELECT count(*) FROM thumbnails.jobs")), ("first", 0))
    db.platform("UPDATE videos SET path = 'i.mp4' WHERE id = %s", own)
    db.merge()
    expect("another path's", (make_board("second"), board()), ("http://x/i.mp4", "second"))
    db.expect_life(video_url=..., path="life.mp4")
    db.expect_idle()
