"""A video is written a thousand times in one transaction, a third of it rolled back to savepoints."""

from habit import expect

WRITES = """DO $$ BEGIN FOR n IN 1..1000 LOOP
  BEGIN
    UPDATE videos SET status = CASE n % 2 WHEN 0 THEN 'completed' ELSE 'failed' END, video_url = 'http://x/' || n || '.mp4';
    IF n % 3 = 0 THEN RAISE EXCEPTION 'not this one'; END IF;
  EXCEPTION WHEN raise_exception THEN NULL; END;
END LOOP; END $$"""


def holds(db):
    video = db.add("processing")
    db.platform(WRITES)
    db.merge()
    claim = db.next()
    expect("as it is in the end", (claim.video, claim.url, claim.attempt), (video, "http://x/1000.mp4", 1))
    expect("no other", (db.complete(claim), db.work_off()), ("ok", []))
    db.expect_idle()
