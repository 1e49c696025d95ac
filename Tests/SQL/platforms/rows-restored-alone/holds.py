"""The rows of a dump alone are restored into a database where the migrations are applied already, with the options that operating.md gives: in one
transaction, and what waits is made. Ours have rows there by then, and with them it fails as a whole."""

import re
import tempfile

from habit import ROOT, expect


def holds(db):
    with open(f"{ROOT}/docs/operating.md", encoding="utf-8") as guide:
        row = next((line for line in guide if "`pg_restore --data-only`" in line), "")
    options = re.findall(r"`(--[a-z]+-schema=\w+)`", row)
    made, waits = db.add(), db.add()
    db.make(made)
    new = db.other("new", migrated=True)
    with tempfile.NamedTemporaryFile() as dump:
        db.run("pg_dump", "-Fc", "-f", dump.name)
        restore = "pg_restore", "--data-only", "--single-transaction", "-d", new.name
        expect("with ours", "duplicate key" in new.run(*restore, dump.name, fails=True), True)
        expect("the guide says what to leave out", len(options), 1)
        new.run(*restore, *options, dump.name)
    new.sweep()
    expect("the rows", (new.picture(made), sorted(new.root.all("SELECT id FROM videos"))), (db.picture(made), sorted((made, waits))))
    expect("made", new.work_off(), [waits])
    expect("the check", new.worker("SELECT thumbnails.trial()"), None)
    new.platform("DELETE FROM videos")
    new.expect_life()
    new.expect_idle()
