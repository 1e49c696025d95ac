"""The table is a group's, which may make nothing; a member applies the migrations: refused at first, in words that help."""

from habit import SUPERUSER, expect

MIGRATES = False
SERVER = {}


def holds(db):
    db.paste("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO row_owner, handlers; GRANT ALL ON SCHEMA public TO platform; "
             "GRANT row_owner TO platform; ALTER TABLE videos OWNER TO row_owner", SUPERUSER)
    said = db.migrate(fails=True)
    expect("what it says", "row_owner, who owns public.videos and for whom the queue works, lacks a right. GRANT CREATE ON SCHEMA public TO row_owner" in said or said, True)
    db.connect()
    expect("nothing is changed", db.root("SELECT to_regnamespace('thumbnails')"), None)
    db.platform("RESET ROLE")
    db.root("GRANT CREATE ON SCHEMA public TO row_owner")
    db.migrate()
    db.configure()
    db.expect_life()
    db.expect_idle()
