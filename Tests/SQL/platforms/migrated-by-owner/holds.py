"""An owner without any right beside applies the migrations, and the handlers' role is not there yet: that is said, and comes right later. Who made it
may take it away."""

import re

import habit
from habit import ROOT, expect

SERVER = {}
ROLES = habit.ROLES + "CREATE ROLE handlers LOGIN"


def holds(db):
    expect("it is said", "role thumbnail_handlers could not be created" in db.notices, True)
    expect("and what to do", "CREATE ROLE thumbnail_handlers NOLOGIN" in db.notices, True)
    # Until then the handlers may connect as the owner.
    stranger, db.worker = db.worker, db.platform
    db.expect_life()
    db.worker = stranger
    expect("others may not", stranger.error("SELECT thumbnails.claim_next(30)"), "42501")
    expect("nor does it help to run them again", "applying" in db.migrate(), False)
    db.root("ALTER ROLE platform CREATEROLE")
    expect("who may make roles makes it", "applying" in db.migrate(), True)
    expect("once", "applying" in db.migrate(), False)
    # Upgrades make nothing in the database itself, so the right to do that may be taken back.
    db.root(f'REVOKE CREATE ON DATABASE "{db.name}" FROM platform')
    db.migrate(anew=True)
    db.root("GRANT thumbnail_handlers TO handlers")
    db.expect_life()
    db.expect_idle()
    uninstall = f"{ROOT}/migrations/uninstall.sql"
    db.script(uninstall)
    with open(uninstall, encoding="utf-8") as file:
        db.paste(re.search("-- (.*DROP ROLE thumbnail_handlers;)", file.read())[1])
    expect("the role is gone, as the file says", db.root("SELECT to_regrole('thumbnail_handlers')"), None)
