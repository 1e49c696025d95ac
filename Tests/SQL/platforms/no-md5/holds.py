"""MD5 is not to be had, as on hosts that allow only what a standard names: nothing needs it."""

from habit import SUPERUSER

MIGRATES = False


def holds(db):
    db.paste("REVOKE EXECUTE ON FUNCTION md5(text), md5(bytea) FROM PUBLIC", SUPERUSER)
    db.migrate()
    db.connect().configure()
    db.expect_life(user_id="00000000-0000-4000-9000-000000000001")
    db.expect_idle()
