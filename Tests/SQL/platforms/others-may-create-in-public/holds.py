"""Every role may create functions and operators in `public`, and one has made some that fit better than PostgreSQL's own, which the path finds in
whatever order: they run in no migration, with whose rights ever, in nothing that a migration makes, and not on the way back."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False
SPEAKS = "left out of the search_path, because others may create functions there: public"


def holds(db):
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        text = file.read()
    # The trial of the platform's triggers has its path as before.
    said = db.paste(text, fails=True)
    expect("what 026 says", "more expressions than target columns" in said and "Nothing has been changed" in said or said, True)
    db.paste("DROP TRIGGER after_write ON videos")
    for who in (SUPERUSER, "platform"):
        expect("what it says", SPEAKS in db.paste(text + "; SELECT FROM videos", who), True)
        said = db.migrate(who)
        expect("what the program says", SPEAKS in said or said, True)
        db.paste("DELETE FROM thumbnails.applied_migrations", SUPERUSER)
        # What was made stays, also if the right is taken back.
        db.paste("REVOKE CREATE ON SCHEMA public FROM PUBLIC", SUPERUSER)
    db.connect()
    # What stands for the platform and the others here writes no schemas.
    for session in (db.platform, db.worker, db.root):
        session("SET search_path = pg_catalog")
    db.configure()
    db.expect_life()
    db.expect_idle()
    db.script(f"{ROOT}/migrations/fix-stuck-thumbnails.sql", SUPERUSER)
    db.script(f"{ROOT}/migrations/uninstall.sql", SUPERUSER)
    expect("what is left", db.root("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz%%'"), 0)
