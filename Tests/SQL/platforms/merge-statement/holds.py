"""MERGE and INSERT … ON CONFLICT, as platforms synchronize by."""

from habit import expect

A, B, C = (f"00000000-0000-4000-8000-00000000000{n}" for n in "abc")
MERGE = f"""
  MERGE INTO videos v USING (VALUES ('{A}'::uuid, 'completed'), ('{B}', 'completed'), ('{C}', 'gone')) AS s (id, status) ON v.id = s.id
  WHEN MATCHED AND s.status = 'gone' THEN DELETE
  WHEN MATCHED THEN UPDATE SET status = s.status
  WHEN NOT MATCHED THEN INSERT (id, status, video_url) VALUES (s.id, s.status, 'http://x/b.mp4')"""
UPSERT = f"""
  INSERT INTO videos (id, status, video_url) VALUES ('{A}', 'completed', %s)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, video_url = excluded.video_url, title = 'synchronized'"""


def holds(db):
    db.add("processing", id=A, video_url="http://x/a.mp4")
    db.make(db.add(id=C))
    db.platform(MERGE)
    expect("finished and new", sorted(db.work_off()), [A, B])
    expect("the deleted one's object", [C in key for key in db.put_down()], [True])
    db.platform(UPSERT, "http://x/a.mp4")
    expect("the same again", db.work_off(), [])
    db.platform(UPSERT, "http://x/other.mp4")
    expect("another video", db.work_off(), [A])
    # While it is in work.
    db.platform("UPDATE videos SET thumbnail_url = NULL")
    claim = db.claim(A)
    db.platform(UPSERT, "http://x/other.mp4")
    expect("the same", db.complete(claim), "ok")
    expect("the other one", db.work_off(), [B])
    db.expect_life()
