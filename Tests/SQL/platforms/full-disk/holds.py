"""The disk is full. Where it is that of our other tables, the platform's writes go on; a worker's call fails, and neither a hint nor a result nor an
attempt is lost. Where it is the inbox's, a write that says something to us fails whole. Where it is that of a table to which the platform's trigger
writes, the result is kept."""

from habit import expect, picture

# Nothing makes room behind our back.
SERVER = {"autovacuum": "off"}
TINY = "6m"
FULL = "53100"


def move(db, name, disk="tiny"):
    """A table and its indexes onto a disk."""
    db.root(f"ALTER TABLE thumbnails.{name} SET TABLESPACE {disk}")
    for index in db.root.all("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", f"thumbnails.{name}"):
        db.root(f"ALTER INDEX {index} SET TABLESPACE {disk}")


def fill(db, row):
    """Until not a page is left on the disk, and then until `row`'s table has no room in its last one."""
    for rows in (2000, 100, 1):
        while (error := db.root.error("INSERT INTO ballast SELECT repeat('x', 100) FROM generate_series(1, %s)", rows)) is None:
            pass
        expect("the disk", error, FULL)
    while (error := db.root.error(row)) is None:
        pass
    expect("the table", error, FULL)


def holds(db):
    db.root(f"CREATE TABLESPACE tiny LOCATION '{db.host}/tiny'")
    db.root("CREATE TABLE ballast (x text) TABLESPACE tiny")
    db.make(db.add())
    at_work = db.claim(db.add())
    for name in ("jobs", "events", "set_aside", "object_deletions"):
        move(db, name)
    fill(db, "INSERT INTO thumbnails.events (video_id, text) VALUES ('00000000-0000-4000-8000-000000000000', repeat('x', 10))")
    many = db.platform.all("INSERT INTO videos (status, video_url) SELECT 'processing', 'http://x/many/' || n FROM generate_series(1, 500) AS n RETURNING id")
    db.platform("UPDATE videos SET status = 'completed' WHERE id = ANY (%s::uuid[])", many)
    expect("shown at once", db.state(many[0]), ("pending", None, 0))
    hints = db.root("SELECT count(*) FROM thumbnails.inbox")
    expect("a merge", db.worker.error("SELECT thumbnails.merge(1000)"), FULL)
    expect("hints that are left", db.root("SELECT count(*) FROM thumbnails.inbox"), hints)
    expect("the result in hand", db.worker.error("SELECT thumbnails.complete(%s, %s, 'http://p/x', 'thumbnails/x', '{}')", at_work.video, at_work.token), FULL)
    expect("its job", db.job(at_work.video), (0, 1, True, False))
    expect("its row", db.state(at_work.video), ("processing", None, 1))
    db.root("DROP TABLE ballast")
    expect("with room again", db.complete(at_work), "ok")
    expect("what was asked for", sorted(db.work_off()), sorted(many))

    db.root("CREATE TABLE ballast (x text) TABLESPACE tiny")
    video = db.add("processing")
    move(db, "inbox")
    fill(db, "INSERT INTO thumbnails.inbox (video_id, reason) VALUES ('00000000-0000-4000-8000-000000000000', 'gone')")
    expect("a write that says something", db.platform.error("UPDATE videos SET status = 'completed' WHERE id = %s", video), FULL)
    expect("is not done by half", db.root("SELECT status::text FROM videos WHERE id = %s", video), "processing")
    db.platform("UPDATE videos SET title = 'another' WHERE id = %s", video)
    db.root("DROP TABLE ballast")
    db.finish(video)
    expect("with room again", db.work_off(), [video])
    db.expect_quiet()

    # The platform's own table, to which a trigger writes: the result is kept.
    claim = db.claim(db.add())
    db.root("CREATE TABLE ballast (x text) TABLESPACE tiny")
    db.root("CREATE TABLE audit (x text) TABLESPACE tiny; GRANT ALL ON audit TO platform")
    db.root("INSERT INTO audit VALUES ('first')")
    db.platform("""CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (repeat('x', 100)); RETURN NULL; END $$;
                   CREATE TRIGGER audit AFTER UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION audit()""")
    for name in ("jobs", "events", "set_aside", "object_deletions", "inbox"):
        move(db, name, "pg_default")
    fill(db, "INSERT INTO audit VALUES (repeat('x', 100))")
    expect("a result", db.complete(claim), "kept")
    expect("no attempt is used up", db.job(claim.video), (9, 1, False, True))
    db.root("DROP TABLE ballast")
    db.time_passes()
    db.look_after()
    expect("with room again", (db.picture(claim.video), db.state(claim.video)), (picture(claim)[0], ("completed", None, 1)))
    db.expect_idle()
