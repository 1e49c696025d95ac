"""A member of the owner's group applies the migrations, and from PostgreSQL 16 on was granted it WITH SET FALSE: what it makes it could not give to the
owner, and 026 stopped half-way, with its triggers on the table."""

from habit import SUPERUSER, expect

MIGRATES = False
SERVER = {}


def holds(db):
    db.connect()
    # Older versions have no such grants.
    is_told_apart = db.root("SHOW server_version_num") >= "160000"
    db.paste("GRANT ALL ON SCHEMA public TO row_owner; GRANT row_owner TO platform" + (" WITH SET FALSE" if is_told_apart else "")
             + "; ALTER TABLE videos OWNER TO row_owner", SUPERUSER)
    if is_told_apart:
        said = db.migrate(fails=True)
        expect("what it says", "platform may not give functions to row_owner, who owns public.videos (GRANT row_owner TO platform WITH SET TRUE)" in said or said, True)
        expect("nothing is changed", db.root("SELECT to_regnamespace('thumbnails')"), None)
        db.paste("GRANT row_owner TO platform WITH SET TRUE", SUPERUSER)
    db.platform("RESET ROLE")
    db.migrate()
    db.configure()
    db.expect_life()
    db.expect_idle()
