"""Rows are not changed but deleted and inserted again under the same id, or upserted, as stores of events and importers do."""

from habit import expect, picture

AGAIN = "INSERT INTO videos SELECT * FROM json_populate_record(NULL::videos, %s)"
UPSERT = ("INSERT INTO videos (id, status, video_url, title) VALUES (%s, %s, %s, 'imported') "
          "ON CONFLICT (id) DO UPDATE SET status = excluded.status, video_url = excluded.video_url, title = excluded.title")


def written_anew(db, video, changes="{}"):
    row = db.root("SELECT (to_jsonb(v) || %s)::text FROM videos AS v WHERE id = %s", changes, video)
    with db.platform.transaction():
        db.platform("DELETE FROM videos WHERE id = %s", video)
        db.platform(AGAIN, row)


def holds(db):
    made = db.make(db.add())
    written_anew(db, made.video)
    at_work = db.claim(db.add())
    written_anew(db, at_work.video)
    expect("the result in hand", db.complete(at_work), "ok")
    failed = db.claim(db.add())
    db.fail(failed, False, "media")
    written_anew(db, failed.video)
    expect("nothing is made", db.work_off(), [])
    expect("pictures", [db.picture(claim.video) for claim in (made, at_work)], [picture(made)[0], picture(at_work)[0]])
    expect("failed for good", db.state(failed.video), ("failed", "media", 1))
    expect("objects put down", db.put_down(), [])
    written_anew(db, made.video, '{"video_url": "http://x/third.mp4"}')
    expect("another video, with the picture of the one before", db.work_off(), [made.video])
    expect("whose object is put down", db.put_down(), [picture(made)[1]])
    made = made._replace(token=db.root("SELECT max(token) FROM thumbnails.events"))

    url = db.root("SELECT video_url FROM videos WHERE id = %s", made.video)
    db.platform(UPSERT, made.video, "completed", url)
    expect("upserted as it was", (db.work_off(), db.picture(made.video)), ([], picture(made)[0]))
    db.platform(UPSERT, made.video, "completed", "http://x/other.mp4")
    expect("another video", db.work_off(), [made.video])
    new = "00000000-0000-4000-8000-00000000000a"
    for status in ("processing", "completed"):
        db.platform(UPSERT, new, status, "http://x/new.mp4")
    expect("finished by the second", db.work_off(), [new])
    db.expect_idle()
    db.expect_quiet()
