"""Transactions only read unless they say otherwise, as a database has it that many people look at: whoever migrates is told what to set, and for whom."""

from habit import PLATFORM, SUPERUSER, WORKER, expect

MIGRATES = False


def holds(db):
    root = db.session(SUPERUSER)
    root(f'ALTER DATABASE "{db.name}" SET default_transaction_read_only = on')
    said = db.migrate(fails=True)
    expect("what is said", "ALTER ROLE platform SET default_transaction_read_only = off" in said and "Nothing has been changed" in said or said, True)
    for role in (PLATFORM, WORKER, SUPERUSER):
        root(f'ALTER ROLE {role} IN DATABASE "{db.name}" SET default_transaction_read_only = off')
    db.migrate()
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
