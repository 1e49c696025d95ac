"""pg_net's queue is held, as ALTER EXTENSION holds it: the platform's write of many videos waits once, for a moment, and the history says so."""

from habit import ROOT, SUPERUSER, expect


def holds(db):
    db.script(f"{ROOT}/Tests/Support/pg_net.sql", SUPERUSER)
    db.root("GRANT USAGE ON SCHEMA net TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA net TO PUBLIC")
    for _ in range(40):
        db.add("processing")
    holder = db.session(SUPERUSER)
    # A wait for each would take twice as long.
    writer = db.session(options="-c statement_timeout=10s")
    with holder.transaction():
        holder("LOCK TABLE net.http_request_queue IN ACCESS EXCLUSIVE MODE")
        writer("UPDATE videos SET status = 'completed' WHERE status = 'processing'")
    expect("said once", db.root("SELECT string_agg(text, ', ') FROM thumbnails.events WHERE text LIKE 'pg_net%%'"),
           "pg_net refused the webhook: canceling statement due to lock timeout (55P03)")
    # The history, too: then nothing is said, and the write goes on all the same.
    late = db.add("processing")
    with holder.transaction():
        holder("LOCK TABLE net.http_request_queue, thumbnails.events IN ACCESS EXCLUSIVE MODE")
        expect("the write goes on", writer.error("UPDATE videos SET status = 'completed' WHERE id = %s", late), None)
    holder.close()
    writer.close()
    db.root("DELETE FROM net.http_request_queue")
    db.add()
    expect("afterwards it posts again", db.root("SELECT count(*) FROM net.http_request_queue"), 1)
    db.work_off()
    db.expect_idle()
