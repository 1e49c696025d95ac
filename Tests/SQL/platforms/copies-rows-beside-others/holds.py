"""A trigger copies whole rows into a table that has more columns behind them. It is refused, and what is said helps: to name the columns."""

from habit import expect

MIGRATES = False
COLUMNS = "id, user_id, title, status, video_url, thumbnail_url, created_at, updated_at"


def holds(db):
    expect("what is said", "One that copies whole rows must name its columns, or the other table needs these too, in the same place" in db.migrate(fails=True), True)
    db.paste(f"""CREATE OR REPLACE FUNCTION archive() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO archive ({COLUMNS}, archived_at) SELECT {", ".join("OLD." + name for name in COLUMNS.split(", "))}, now(); RETURN OLD; END $$""")
    db.migrate()
    db.connect().configure()
    db.expect_life()
    expect("copies", db.platform("SELECT count(*) FROM archive WHERE archived_at IS NOT NULL"), 2)
