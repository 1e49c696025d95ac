"""The video is named by a parameter: `?id=2` is another video than `?id=1`, signed or not."""

from habit import expect, picture

OTHERS = (("?id=1", "?id=2"), ("?id=1&token=a", "?id=2&token=a"), ("?token=a", "?token=a&part=2"), ("?v=1", ""), ("", "?v=1"), ("?ID=1", "?id=1"))


def holds(db):
    for before, after in OTHERS:
        video, working = (db.add(video_url="http://x/watch" + before) for _ in range(2))
        first, claim = db.make(video), db.claim(working)
        db.platform("UPDATE videos SET video_url = %s", "http://x/watch" + after)
        expect(f"{before} to {after}", (db.state(video)[0], db.picture(video)), ("pending", picture(first)[0]))
        expect("the worker's result is another video's", db.complete(claim), "fenced")
        expect("both are made", sorted(db.work_off()), sorted((video, working)))
        db.merge()
        expect("the replaced objects are put down", {picture(first)[1], picture(claim)[1]} <= set(db.put_down()), True)
        db.platform("DELETE FROM videos")
        db.merge()
    # There and back while the first is in work.
    video = db.add(video_url="http://x/watch?id=1")
    claim = db.claim(video)
    for part in "21":
        db.platform("UPDATE videos SET video_url = %s WHERE id = %s", f"http://x/watch?id={part}", video)
    expect("there and back", db.complete(claim), "ok")
    for part in "21":
        db.platform("UPDATE videos SET video_url = %s WHERE id = %s", f"http://x/watch?id={part}", video)
    db.work_off()
    expect("there and back, with its picture", (db.state(video)[:2], db.picture(video) is None), (("completed", None), False))
    db.expect_idle()
    db.expect_life()
