"""Pictures are shown by an image proxy, whose URL has the key percent-encoded, written by an UPDATE or by the platform's own trigger: they are still
ours, and an object that is shown stays."""

from habit import expect, picture

COPY = ("INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status) "
        "SELECT status, video_url, thumbnail_url, thumbnail_generation_status FROM videos WHERE id = %s RETURNING id")


def holds(db):
    written, rewritten = db.add(), db.add(title="always")
    first, second = db.make(written), db.claim(rewritten)
    expect("a result that a trigger rewrites", db.complete(second), "ok")
    db.platform("UPDATE videos SET thumbnail_url = by_proxy(thumbnail_url) WHERE id = %s", written)
    keys = [picture(claim)[1] for claim in (first, second)]
    for video, key in zip((written, rewritten), keys):
        expect("the key in the URL", key in db.picture(video), False)
        expect("the key of the URL", db.root("SELECT thumbnails.object_key(thumbnail_url, id) FROM videos WHERE id = %s", video), key)
    expect("nothing is made", db.work_off(), [])
    # Whatever has put them down.
    db.root("INSERT INTO thumbnails.object_deletions SELECT k, thumbnails.key_video(k), now() FROM unnest(%s) AS k", keys)
    expect("no object that is shown is collected", db.collected(), [])
    expect("nor kept in mind", db.put_down(), [])
    expect("a listing of the store", db.worker.all("SELECT thumbnails.list_orphans(%s)", keys), [])

    copy = db.platform(COPY, written)
    db.platform("DELETE FROM videos WHERE id = %s", written)
    db.merge()
    expect("what a copy shows", db.collected(), [])
    db.platform("DELETE FROM videos WHERE id = %s", copy)
    db.merge()
    expect("what nobody shows", db.collected(), keys[:1])

    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE id = %s", rewritten)
    expect("another video has another picture", db.work_off(), [rewritten])
    expect("and the old one's object is put down", keys[1] in db.put_down(), True)
    db.expect_life()
    db.expect_idle()
