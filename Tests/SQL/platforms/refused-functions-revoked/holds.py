"""Functions of PostgreSQL's that some hosts keep from everybody are missed in the platform's own writes: refused until its owner may call them."""

from habit import SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("REVOKE EXECUTE ON FUNCTION pg_sleep(float8), pg_notify(text, text), pg_try_advisory_xact_lock_shared(int8) FROM PUBLIC", SUPERUSER)
    for function in ("pg_sleep(double precision)", "pg_notify(text,text)", "pg_try_advisory_xact_lock_shared(bigint)"):
        grant = f"GRANT EXECUTE ON FUNCTION {function} TO platform"
        said = db.migrate(SUPERUSER, fails=True)
        expect(f"{grant} in {said}", grant in said, True)
        db.paste(grant, SUPERUSER)
    db.migrate(SUPERUSER)
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
