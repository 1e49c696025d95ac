"""A migration ends in the middle, wherever that is: the platform's writes go on, and the next run completes it."""

import concurrent.futures
import re
import threading

from habit import MIGRATIONS, ORDINARY, ROOT, SUPERUSER, Unexpected, eventually, expect

SLOW = True
MIGRATES = False
PROGRAM = "pg_stat_activity WHERE datname = %s AND application_name = 'psql'"


def expect_platform_writes(db):
    for status in ("processing", "completed"):
        db.paste(f"INSERT INTO videos (status, video_url) VALUES ('{status}', 'http://x/v.mp4')")
    db.paste("UPDATE videos SET status = 'completed'")
    db.paste("UPDATE videos SET video_url = 'http://x/w.mp4', thumbnail_url = 'http://user.example/p.jpg'")
    db.paste("DELETE FROM videos")


def kill_while_it_waits(db):
    """Kills the migration where it waits for a transaction of the platform's."""
    failed, holding = [], db.session()

    def migrate():
        try:
            db.migrate()
        except Unexpected as problem:
            failed.append(problem)

    holding("BEGIN; INSERT INTO videos (status) VALUES ('processing')")
    thread = threading.Thread(target=migrate)
    thread.start()
    eventually("the migration waits", lambda: db.root(f"SELECT pid FROM {PROGRAM} AND wait_event_type = 'Lock'", db.name))
    db.root(f"SELECT pg_terminate_backend(pid) FROM {PROGRAM}", db.name)
    thread.join()
    expect("it was killed", len(failed), 1)
    holding("ROLLBACK")


def holds(db):
    # After each of its transactions, of the files that have some of their own.
    for name in MIGRATIONS:
        with open(f"{ROOT}/migrations/{name}", encoding="utf-8") as file:
            text = file.read()
        for end in re.finditer(r"^COMMIT;$", text, re.MULTILINE):
            other = db.other(f"{name[:3]}_{end.end()}")
            other.script(ORDINARY)
            for before in MIGRATIONS[:MIGRATIONS.index(name)]:
                other.script(f"{ROOT}/migrations/{before}")
            other.paste(text[:end.end()])
            expect_platform_writes(other)
            other.migrate()
            other.connect().configure()
            other.make(other.add())
            other.expect_quiet()
    # Where it waits for the table, and while it builds the index.
    db.connect()
    kill_while_it_waits(db)
    expect_platform_writes(db)
    db.migrate()
    db.root("DROP INDEX videos_thumbnail_lacking")
    db.paste("DELETE FROM thumbnails.applied_migrations WHERE name ~ '^027'", SUPERUSER)
    kill_while_it_waits(db)
    expect_platform_writes(db)
    # The index that is not valid is dropped between the platform's transactions, however long a dump reads the table.
    with db.session().transaction() as dump, concurrent.futures.ThreadPoolExecutor() as pool:
        dump("SELECT count(*) FROM videos")
        migration = pool.submit(db.migrate)
        db.platform("SET statement_timeout = '4s'")
        try:
            for _ in range(3):
                eventually("the migration waits for the dump", lambda: db.root(f"SELECT pid FROM {PROGRAM} AND wait_event_type = 'Lock'", db.name))
                db.platform("INSERT INTO videos (status) VALUES ('processing')")
        finally:
            dump("ROLLBACK")
        db.platform("RESET statement_timeout")
        migration.result()
    expect("the index", db.root("SELECT indisvalid FROM pg_index WHERE indexrelid = 'videos_thumbnail_lacking'::regclass"), True)
    db.configure()
    db.merge()
    db.expect_life()
