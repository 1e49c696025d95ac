"""A row comes with a storyboard that was made for another row, or for one that was deleted: it is a copy, perhaps with another video (Rails' dup), has
another id now, or is there again. It keeps the storyboard if that is its video's and still there, and gets another one if not."""

import json

from habit import expect

INSERT = "INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata) "


def board(video, token):
    return f"thumbnails/{video}/fedcba9876543210-{token}.vtt"


def complete(db, claim):
    key = board(claim.video, claim.token)
    return db.worker("SELECT thumbnails.complete_storyboard(%s, %s, %s, %s, 60)", claim.video, claim.token,
                     json.dumps({"url": "https://cdn.example/" + key}), key)


def make_all(db):
    """Makes what is due; gives the videos that got a storyboard."""
    made = []
    db.merge()
    while (claim := db.next()).outcome == "claimed":
        is_board = db.root("SELECT kind = 'storyboard' FROM thumbnails.jobs WHERE token = %s", claim.token)
        expect("a result", complete(db, claim) if is_board else db.complete(claim), "ok")
        made += [claim.video] * is_board
    return made


def shown(db, video):
    return db.root("SELECT replace(thumbnail_metadata #>> '{storyboard,url}', 'https://cdn.example/', '') FROM videos WHERE id = %s", video)


def holds(db):
    video = db.add()
    db.make(video)
    db.worker("SELECT thumbnails.request_storyboard(%s)", video)
    expect("a storyboard", make_all(db), [video])
    own = shown(db, video)

    same = db.platform(INSERT + "SELECT status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata FROM videos RETURNING id")
    other = db.platform(INSERT + "SELECT status, 'http://x/other.mp4', thumbnail_url, thumbnail_generation_status, thumbnail_metadata "
                                 "FROM videos WHERE id = %s RETURNING id", video)
    expect("of another video", make_all(db), [other])
    expect("what they show", (shown(db, same), shown(db, other).split("/")[1]), (own, other))
    db.platform("UPDATE videos SET video_url = 'http://x/third.mp4' WHERE id = %s", same)
    expect("a copy that gets another video", (make_all(db), shown(db, same).split("/")[1]), ([same], same))
    expect("the original's stays", own in db.collected(), False)

    new = db.platform("UPDATE videos SET id = gen_random_uuid() WHERE id = %s RETURNING id", video)
    expect("another id", (make_all(db), shown(db, new), own in db.collected()), ([], own, False))
    db.platform("UPDATE videos SET video_url = 'http://x/fourth.mp4' WHERE id = %s", new)
    expect("and another video", (make_all(db), shown(db, new).split("/")[1], own in db.collected()), ([new], new, True))

    db.platform("CREATE TABLE deleted AS TABLE videos; DELETE FROM videos")
    db.merge()
    db.platform("INSERT INTO videos SELECT * FROM deleted WHERE id = %s", same)
    expect("is there again with its object", (make_all(db), shown(db, same) in db.collected()), ([], False))
    db.platform("DELETE FROM videos")
    db.merge()
    db.worker("SELECT thumbnails.forget_objects(%s)", db.collected())
    db.platform("INSERT INTO videos SELECT * FROM deleted")
    expect("without", sorted(make_all(db)), sorted([same, other, new]))
    db.platform("DELETE FROM videos")
    db.expect_life()
    db.expect_idle()
