"""All tables are published, as replication to a warehouse has it: ours, too, which have no key, can be deleted from; subscribers are thought of."""

from habit import expect


def holds(db):
    expect("it is said", "publications of all tables (everything)" in db.notices, True)
    db.expect_life()
    # Another publication, of schemas, comes later.
    db.root("DROP PUBLICATION everything")
    db.root("CREATE PUBLICATION later FOR TABLES IN SCHEMA thumbnails, public")
    db.expect_life()
    db.expect_idle()
