"""DATABASE_URL names all hosts of the database, a standby first, as the handlers' does: the migrations find the one that takes writes."""

import os
import subprocess

from habit import PLATFORM, ROOT, expect, server

SLOW = True
SERVER = {}
MIGRATES = False


def holds(db):
    with server(copy_of=db.host) as copy:
        for url in (f"postgresql:///{db.name}?host={copy.folder},{db.host}", f"host={copy.folder},{db.host} dbname={db.name}", None):
            environment = dict(os.environ, PGUSER=PLATFORM, PGHOST=f"{copy.folder},{db.host}", PGDATABASE=db.name)
            if url:
                environment = {name: value for name, value in environment.items() if name not in ("PGHOST", "PGDATABASE")} | {"DATABASE_URL": url}
            done = subprocess.run(["scripts/migrate"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
            expect("it migrates", done.returncode == 0 or done.stderr, True)
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
