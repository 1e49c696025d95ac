"""The database has PL/pgSQL be as strict as it can: what only may be wrong is an error."""

from habit import SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste(f"ALTER DATABASE {db.name} SET plpgsql.extra_errors = 'all'", SUPERUSER)
    db.migrate()
    db.connect().configure()
    expect("the setting", db.worker("SHOW plpgsql.extra_errors"), "all")
    db.expect_life()
    db.expect_life(user_id="00000000-0000-4000-9000-000000000001")
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_idle()
