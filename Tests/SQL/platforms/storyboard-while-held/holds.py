"""The platform holds a row or the whole table for hours, as a long job and VACUUM FULL do, while a storyboard is handed in, again and again: that uses up
no attempt, the history says who is in the way, and the storyboard comes when the row is free."""

import json

from habit import expect

SLOW = True

SAID = "storyboard: another transaction holds the row: canceling statement due to lock timeout (55P03)"


def holds(db):
    def make():
        db.time_passes(video)
        claim = db.next()
        expect("the storyboard's claim", (claim.outcome, claim.video), ("claimed", video))
        key = f"thumbnails/{video}/fedcba9876543210-{claim.token}.vtt"
        answer = db.worker("SELECT thumbnails.complete_storyboard(%s, %s, %s, %s, 60)", video, claim.token,
                           json.dumps({"url": "https://cdn.example/" + key}), key)
        return answer, key

    video = db.add()
    db.make(video)
    db.worker("SELECT thumbnails.request_storyboard(%s)", video)
    with db.platform.transaction():
        db.platform("SELECT FROM videos FOR UPDATE")
        for _ in range(4):
            expect("the row is held", make()[0], "refused")
    db.time_passes(video)
    claim = db.next()
    with db.platform.transaction():
        db.platform("LOCK TABLE videos IN ACCESS EXCLUSIVE MODE")
        expect("the table is held", db.worker("SELECT thumbnails.complete_storyboard(%s, %s, '{}', 'x', 60)", video, claim.token), "refused")
    expect("the history says so", db.root("SELECT DISTINCT text FROM thumbnails.events WHERE text LIKE 'storyboard%'"), SAID)
    expect("no attempt is used up", db.root("SELECT attempts FROM thumbnails.jobs"), 0)
    answer, key = make()
    expect("made", (answer, db.root("SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos")), ("ok", "https://cdn.example/" + key))
    db.expect_life()
    db.expect_idle()
