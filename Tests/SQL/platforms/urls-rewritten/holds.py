"""All URLs are re-keyed because the videos move to another store: as new videos, or with `SET LOCAL thumbnails.hold = 'on'` as the same."""

from habit import expect, picture

OUTSIDE = "http://user.example/p.jpg"


def phases(db):
    names = ("made", "from outside", "waits", "at work", "rests", "failed", "made anew")
    videos = {name: db.add(thumbnail_url=OUTSIDE if name == "from outside" else None) for name in names}
    claims = {"made": db.make(videos["made"]), "old": db.make(videos["made anew"])}
    db.fail(db.claim(videos["rests"]))
    db.fail(db.claim(videos["failed"]), False, "media")
    claims["at work"] = db.claim(videos["at work"])
    claims["made anew"] = db.claim(videos["made anew"], more=", p_regenerate := true")
    db.merge()
    return videos, claims


def rewrite(db, hold):
    with db.platform.transaction():
        if hold:
            db.platform("SET LOCAL thumbnails.hold = 'on'")
        db.platform("UPDATE videos SET video_url = replace(video_url, 'http://x/', 'http://moved/')")


def states(db, videos):
    return {name: db.state(video)[0] for name, video in videos.items()}


def expect_held(db):
    videos, claims = phases(db)
    before = states(db, videos)
    rewrite(db, hold=True)
    db.merge()
    expect("states", states(db, videos), before)
    expect("what is in the queue", sorted(db.root.all("SELECT video_id FROM thumbnails.jobs")),
           sorted(videos[name] for name in ("waits", "at work", "rests", "made anew")))
    for name in ("at work", "made anew"):
        # A worker may be refused: then its video is made of the new URL.
        expect(name, db.complete(claims[name]) in ("ok", "fenced"), True)
    db.time_passes()
    db.work_off()
    expect("at the end", states(db, videos), {name: "failed" if name == "failed" else "completed" for name in videos})
    expect("pictures that were there", [db.picture(videos[name]) for name in ("made", "from outside")], [picture(claims["made"])[0], OUTSIDE])
    expect("without one", db.root.all("SELECT id FROM videos WHERE thumbnail_url IS NULL"), [videos["failed"]])
    db.platform("DELETE FROM videos")
    db.expect_idle()


def expect_made_anew(db):
    videos, claims = phases(db)
    rewrite(db, hold=False)
    expect("states", states(db, videos), {name: "completed" if name == "from outside" else "pending" for name in videos})
    expect("the old picture is there until the new one", db.picture(videos["made"]), picture(claims["made"])[0])
    db.merge()
    expect("who is at work is refused", [db.complete(claims[name]) for name in ("at work", "made anew")], ["fenced", "fenced"])
    expect("all are made but the one from outside", sorted(db.work_off()), sorted(set(videos.values()) - {videos["from outside"]}))
    expect("each in one attempt", {db.state(video)[2] for name, video in videos.items() if name != "from outside"}, {1})
    expect("the one from outside", db.picture(videos["from outside"]), OUTSIDE)
    db.merge()
    expect("the old objects are put down", {picture(claims[name])[1] for name in claims} <= set(db.put_down()), True)
    db.expect_idle()


def holds(db):
    expect_held(db)
    expect_made_anew(db)
    db.expect_life()
