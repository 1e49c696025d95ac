"""A listener of the platform's stays in a transaction, and the server's queue of notifications is full: nothing that notifies can be committed then. The
platform's writes go on, and so does the queue. Filling it takes 8 GB, so its functions are exchanged for such as say what it would."""

from habit import expect

FULL = """
  ALTER FUNCTION pg_notification_queue_usage() RENAME TO pg_notification_queue_usage_before;
  CREATE FUNCTION pg_catalog.pg_notification_queue_usage() RETURNS double precision LANGUAGE sql AS 'SELECT {usage}::double precision';
  ALTER FUNCTION pg_notify(text, text) RENAME TO pg_notify_before;
  CREATE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'too many notifications in the NOTIFY queue' USING ERRCODE = '54000';
  END $$"""


def holds(db):
    # The relay sleeps.
    db.session("handlers")("SELECT pg_advisory_lock(thumbnails.wake_up_key())")
    db.root(FULL.format(usage=0.95))
    db.connect()
    video = db.add("processing")
    expect("a video is finished", db.platform.error("UPDATE videos SET status = 'completed'"), None)
    expect("and made", db.work_off(), [video])
    expect("another one", db.platform.error("UPDATE videos SET video_url = 'http://x/another.mp4'"), None)
    expect("by hand", db.platform("SELECT manually_trigger_thumbnail_generation(%s) ->> 'success'", db.add()), "true")
    expect("the sweep", (db.sweep()["success"], len(db.work_off())), (True, 2))
    db.expect_life()
    # While there is room, the relay is notified.
    db.root("CREATE OR REPLACE FUNCTION pg_catalog.pg_notification_queue_usage() RETURNS double precision LANGUAGE sql AS 'SELECT 0.5::double precision'")
    db.connect()
    expect("its notification", db.platform.error("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/v.mp4')"), "54000")
