"""A superuser's program makes the partitions (pg_partman's worker), and so they are its own: the owner of the whole may add no column. That is said before
anything is changed; a superuser may, and a partition that comes later is as the others."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("CREATE TABLE videos_old PARTITION OF videos FOR VALUES FROM (MINVALUE) TO ('2025-01-01')", SUPERUSER)
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        said = db.paste(file.read(), fails=True)
    expect("what 026 says", "platform is not the owner of videos_old" in said and "Nothing has been changed" in said or said, True)
    said = db.migrate(fails=True)
    expect("what the program says", "platform is not the owner of videos_old" in said or said, True)
    db.migrate(SUPERUSER)
    db.paste("CREATE TABLE videos_new PARTITION OF videos FOR VALUES FROM ('2025-01-01') TO (MAXVALUE)", SUPERUSER)
    db.connect().configure()
    db.make(db.add(created_at="2024-06-01"))
    db.expect_life()
    db.expect_idle()
