"""Triggers know the columns from the catalogue: they copy each to another table, or write '' for each text that is NULL. Ours they would copy to a table that
lacks them, or make a state of '': the platform's writes would fail."""

from habit import expect

MIGRATES = False
REFUSALS = (("AFTER", "by_keys", 'of relation "archive" does not exist (42703)'), ("AFTER", "by_catalogue", "another number of columns (P0001)"),
            ("BEFORE", "without_null", "violates check constraint"))


def holds(db):
    db.connect()
    for when, function, words in REFUSALS:
        db.platform(f"CREATE TRIGGER own {when} INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION {function}()")
        said = db.migrate(fails=True)
        expect(f"what it says of {function}", "the platform's own writes fail: " in said and words in said or said, True)
        expect("nothing was changed", db.root("SELECT to_regclass('thumbnails.inbox')"), None)
        db.platform("DROP TRIGGER own ON videos")
    db.platform("CREATE TRIGGER own AFTER INSERT OR UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION by_catalogue()")
    # As it says. The platform can write again when both have them.
    db.platform("ALTER TABLE archive " + said[said.index("ADD COLUMN"):said.index("HINT")].strip())
    db.migrate()
    db.configure()
    db.expect_life()
