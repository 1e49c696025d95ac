"""A dump, or a transaction that somebody has forgotten, is open while the migrations build an index: they say at once what they have done and whom they
wait for, go on when it ends, and leave no session behind if the command is ended meanwhile."""

import os
import signal
import subprocess

from habit import PLATFORM, ROOT, SUPERUSER, eventually, expect

MIGRATES = False
SLOW = True
HOLDERS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7204026003 - (1::bigint << 32) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def migrating(db):
    # A group of its own, as a terminal's.
    return subprocess.Popen(["scripts/migrate"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1, start_new_session=True,
                            env=dict(os.environ, PGHOST=db.host, PGDATABASE=db.name, PGUSER=PLATFORM))


def until(program, words):
    """What it has said so far, to the line that has these words."""
    said = []
    for line in program.stdout:
        said.append(line.rstrip("\n"))
        if words in line:
            return said
    raise AssertionError(f"it ended, having said {said}")


def holds(db):
    db.connect()
    dump = db.session(SUPERUSER, application_name="a dump")
    for ends in (None, signal.SIGINT, signal.SIGKILL):
        db.root("DROP INDEX IF EXISTS videos_thumbnail_lacking")
        dump("BEGIN ISOLATION LEVEL REPEATABLE READ")
        dump("SELECT count(*) FROM pg_class")
        program = migrating(db)
        try:
            said = until(program, "waiting for")
            expect("whom it waits for", said[-1].startswith(f"waiting for process {dump.process} of {SUPERUSER} (a dump"), True)
            expect("what was said by then", "applying 027_thumbnail_generation_indexes.sql" in said, True)
            if ends:
                os.killpg(program.pid, ends)
                program.wait()
                eventually("nobody waits any more", lambda: db.root(HOLDERS) == 0)
        finally:
            dump("COMMIT")
        expect("how it ends", program.wait() == 0, ends is None)
        program.stdout.close()
    db.migrate()
    db.configure()
    db.expect_life()
    db.expect_idle()
