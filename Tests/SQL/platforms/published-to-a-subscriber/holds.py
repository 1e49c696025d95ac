"""The table is published to another PostgreSQL, whose table lacks our columns and would stop its subscription: whoever migrates is told."""

from habit import expect


def holds(db):
    expect("it is said", "publications of videos (warehouse) are of its eight new columns, too" in db.notices, True)
    expect("of no other", "some_columns" in db.notices or "system_config, too" in db.notices, False)
    db.root("CREATE PUBLICATION everything_here FOR TABLES IN SCHEMA public")
    lists = "or publish a list of columns that has its replica identity"
    expect("what helps", lists in db.notices, True)
    # The list is tried, and with the whole row as its identity no list will do.
    db.root("ALTER PUBLICATION warehouse SET TABLE videos (id, title); DROP PUBLICATION some_columns")
    expect("an update", db.platform.error("UPDATE videos SET title = 'x'"), None)
    db.root("ALTER TABLE videos REPLICA IDENTITY FULL")
    expect("an update of such a row", db.platform.error("UPDATE videos SET title = 'x'"), "42P10")
    db.root("ALTER PUBLICATION warehouse SET TABLE videos")
    again = db.migrate(anew=True)
    expect("what helps then", "until its table has them. Add them there as well\n" in again and lists not in again or again, True)
    expect("of a schema's, and of the secrets", "(warehouse, everything_here)" in again and "(everything_here) are of system_config, too" in again or again, True)
    db.connect()
    db.expect_life()
