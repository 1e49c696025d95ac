"""The table is published to another PostgreSQL, whose table lacks our columns and would stop its subscription: whoever migrates is told."""

from habit import expect


def holds(db):
    expect("it is said", "publications of videos (warehouse) are of its eight new columns, too" in db.notices, True)
    expect("of no other", "some_columns" in db.notices or "system_config, too" in db.notices, False)
    db.root("CREATE PUBLICATION everything_here FOR TABLES IN SCHEMA public")
    again = db.migrate(anew=True)
    expect("of a schema's, and of the secrets", "(warehouse, everything_here)" in again and "(everything_here) are of system_config, too" in again or again, True)
    db.connect()
    db.expect_life()
