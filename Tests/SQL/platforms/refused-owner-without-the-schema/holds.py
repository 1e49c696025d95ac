"""The owner of `videos` is a role that nobody logs in as, and may not use the schema: what runs with its rights would fail the platform's own
writes. Refused, and nothing is changed; served where it may."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO platform, handlers, anon; ALTER TABLE videos OWNER TO row_owner", SUPERUSER)
    sentence = "row_owner, who owns public.videos and for whom the queue works, lacks a right. GRANT USAGE ON SCHEMA public TO row_owner"
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        said = db.paste(file.read(), SUPERUSER, fails=True)
    expect("what 026 says", sentence in said and "Nothing has been changed" in said or said, True)
    said = db.migrate(SUPERUSER, fails=True)
    expect("what the program says", sentence in said or said, True)
    db.paste("GRANT USAGE ON SCHEMA public TO row_owner", SUPERUSER)
    db.migrate(SUPERUSER)
    db.paste("GRANT ALL ON ALL TABLES IN SCHEMA public TO platform; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO platform", SUPERUSER)
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
