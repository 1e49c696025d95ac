"""A function of the original's, and a view, were made by a superuser, and the owner of `videos` may not replace them: refused, and nothing is changed."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("CREATE FUNCTION auto_retry_stuck_thumbnails() RETURNS json LANGUAGE sql AS 'SELECT NULL::json'; "
             "CREATE VIEW thumbnail_generation_failures AS SELECT 'x' AS thumbnail_generation_error", SUPERUSER)
    for what, then in (("auto_retry_stuck_thumbnails()", "ALTER FUNCTION auto_retry_stuck_thumbnails() OWNER TO platform"),
                       ("thumbnail_generation_failures", "ALTER VIEW thumbnail_generation_failures OWNER TO platform")):
        sentence = f"{what} belongs to postgres, and is to be replaced. ALTER ... OWNER TO platform, or connect as a superuser"
        with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
            said = db.paste(file.read(), fails=True)
        expect("what 026 says", sentence in said and "Nothing has been changed" in said or said, True)
        db.paste(then, SUPERUSER)
    db.migrate()
    db.connect().configure()
    db.expect_life()
