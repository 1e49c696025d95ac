"""Dumped by the owner and by a backup role: the whole goes on where it was; data alone come into a database that is migrated already."""

from habit import SUPERUSER, expect

COMPLETED = "SELECT title FROM videos WHERE thumbnail_generation_status = 'completed' ORDER BY title"
TABLES = "SELECT format('thumbnails.%I', relname) FROM pg_class WHERE relnamespace = 'thumbnails'::regnamespace AND relkind = 'r'"


def phases(db):
    videos = {name: db.add(title=name) for name in ("made", "waits", "at work", "rests", "kept", "failed", "deleted")}
    db.make(videos["made"])
    db.make(videos["deleted"])
    db.platform("DELETE FROM videos WHERE title = 'deleted'")
    db.fail(db.claim(videos["rests"]))
    db.fail(db.claim(videos["failed"]), False, "media")
    db.platform("ALTER TABLE videos ADD CONSTRAINT broken CHECK (title <> 'kept' OR thumbnail_url IS NULL) NOT VALID")
    expect("kept", db.complete(db.claim(videos["kept"])), "kept")
    claim = db.claim(videos["at work"])
    db.merge()
    # A hint that nobody has merged.
    db.platform("UPDATE videos SET video_url = 'http://x/other.mp4' WHERE title = 'waits'")
    return videos, claim


def rows(db):
    return {table: sorted(db.root.all(f"SELECT r::text FROM {table} AS r")) for table in ["public.videos", *db.root.all(TABLES)]}


def goes_on(db, videos, claim):
    expect("the worker of before", db.complete(claim), "ok")
    db.merge()
    expect("its time is kept", db.claim(videos["rests"]).outcome, "not_due")
    db.time_passes()
    db.look_after()
    expect("what had to be made is", sorted(db.work_off()), sorted(videos[name] for name in ("waits", "rests")))
    expect("at the end", db.root.all(COMPLETED), ["at work", "kept", "made", "rests", "waits"])
    expect("tokens go on", db.claim(db.add()).token > claim.token, True)
    db.work_off()
    db.platform("DELETE FROM videos")
    db.expect_idle()
    db.expect_life(quiet=False)


def holds(db):
    videos, claim = phases(db)
    before = rows(db)
    for who, restorer in (("platform", "platform"), ("backup", SUPERUSER)):
        other = db.other(who)
        other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=db.run("pg_dump", user=who), user=restorer)
        other.connect()
        after = rows(other)
        expect("what is not the same", [table for table, was in before.items() if after[table] != was], [])
        expect("it need not be migrated", "applying" in other.migrate(), False)
        other.platform("ALTER TABLE videos DROP CONSTRAINT broken")
        goes_on(other, videos, claim)

    # All data: what both have from the beginning is there already, and only that is complained about.
    other = db.other("data", migrated=True)
    said = other.run("psql", "-Xq", text=db.run("pg_dump", "--data-only"), user=SUPERUSER)
    complaints = {line.split("constraint ")[-1].strip('"') for line in said.splitlines() if "ERROR" in line}
    expect("complaints", complaints - {"positions_pkey", "locks_pkey", "applied_migrations_pkey"}, set())
    goes_on(other, videos, claim)

    # The platform's rows alone: the queue is made anew, within the hour.
    other = db.other("rows", migrated=True)
    other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=db.run("pg_dump", "--data-only", "-t", "videos", "-t", "system_config"))
    expect("what was pending", sorted(other.work_off()), sorted(videos[name] for name in ("waits", "kept")))
    other.hour_passes()
    other.sweep()
    expect("an hour later: at work then, and with attempts left", sorted(other.work_off()), sorted(videos[name] for name in ("at work", "rests")))
    expect("failed for good", other.state(videos["failed"]), ("failed", "media", 1))
