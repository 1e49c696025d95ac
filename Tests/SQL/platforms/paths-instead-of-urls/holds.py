"""`video_url` holds paths in a bucket, as a file field of Django's does. Later it becomes a generated URL, in the way that operating.md shows."""

from habit import ROOT, expect


def holds(db):
    waits, broken = db.add(video_url="a.mp4"), db.add(video_url="b.mp4")
    db.merge()
    claim = db.claim(broken)
    expect("a path is not fetched", db.fail(claim, retryable=False, kind="forbidden"), "ok")
    rows = [line for line in open(f"{ROOT}/docs/operating.md") if "does not begin with http://" in line]
    change = rows[0].split("`BEGIN; ")[1].split("COMMIT;`")[0].replace("https://cdn.example.net/media", "http://x")
    with db.platform.transaction():
        for statement in change.split("; "):
            if statement.strip():
                db.platform(statement)
    db.migrate()
    expect("waits for its URL", db.make(waits).url, "http://x/a.mp4")
    db.platform("SELECT batch_trigger_thumbnail_generation(1000)")
    expect("has failed before", db.work_off(), [broken])
    later = db.add(video_url=..., video_path="c.mp4")
    expect("a new one", db.make(later).url, "http://x/c.mp4")
    db.expect_life(video_url=..., video_path="life.mp4")
    db.expect_idle()
