"""Functions of PostgreSQL's that some hosts keep from everybody are missed in the platform's own writes: refused until its owner may call them. So are
rights that it has taken from itself, as scripts do that take all from everybody."""

from habit import SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("REVOKE EXECUTE ON FUNCTION pg_sleep(float8), set_config(text, text, bool), pg_notification_queue_usage(), pg_notify(text, text), "
             "pg_try_advisory_xact_lock_shared(int8) FROM PUBLIC", SUPERUSER)
    db.paste("REVOKE ALL ON videos FROM platform")
    for what in ("SELECT ON public.videos", "UPDATE ON public.videos", "TRIGGER ON public.videos", "EXECUTE ON FUNCTION pg_sleep(double precision)",
                 "EXECUTE ON FUNCTION set_config(text,text,boolean)", "EXECUTE ON FUNCTION pg_notification_queue_usage()",
                 "EXECUTE ON FUNCTION pg_notify(text,text)", "EXECUTE ON FUNCTION pg_try_advisory_xact_lock_shared(bigint)"):
        grant = f"GRANT {what} TO platform"
        said = db.migrate(SUPERUSER, fails=True)
        expect(f"{grant} in {said}", grant in said, True)
        db.paste(grant, SUPERUSER)
    db.paste("GRANT ALL ON videos TO platform")
    db.migrate(SUPERUSER)
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
