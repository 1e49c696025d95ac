"""Views of * of videos with columns of their own behind it, which the platform makes anew with the same text at each start: with eight columns more,
PostgreSQL refuses that. Such views are named to whoever migrates, until they are made anew."""

from habit import HERE, expect

VIEWS = HERE + "/views-with-a-star/views.sql"


def named(said):
    return [line.split("another table's rows: ")[1].split(". If")[0] for line in said.splitlines() if "DROP VIEW before it" in line]


def holds(db):
    expect("what is said", named(db.notices), ["liked, with_host, all_videos"])
    with open(VIEWS, encoding="utf-8") as file:
        texts = [line.removesuffix(";\n") for line in file if line.startswith("CREATE")]
    expect("what fails", [db.platform.error(text) for text in texts], ["42P16", "42P16", "42601", None, None, None, None])
    # What the sentence says to do.
    db.platform("DROP VIEW liked, with_host, all_videos; ALTER TABLE archive ADD COLUMN thumbnail_generation_status text")
    for text in (*texts[:2], "CREATE VIEW all_videos AS SELECT id, title FROM videos UNION ALL SELECT id, title FROM archive"):
        db.platform(text)
    expect("what is said then", named(db.migrate(anew=True)), [])
    expect("again", [db.platform.error(text) for text in texts[:2]], [None, None])
    db.expect_life()
