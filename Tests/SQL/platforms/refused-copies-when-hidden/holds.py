"""Rows are copied whole when they are hidden, or one of their columns changes: the archive would not bear our columns, whichever column it is."""

from habit import expect

SLOW = True
MIGRATES = False


def holds(db):
    db.connect()
    for column in (None, "title", "views", "is_private", "created_at", "deleted_at", "moderation_status"):
        db.platform("DROP TRIGGER keep ON videos")
        db.platform(f"CREATE TRIGGER keep BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep({column or ''})")
        said = db.migrate(fails=True)
        expect(f"refused for {column}", "the platform's own writes fail: INSERT has more expressions than target columns" in said or said, True)
        expect("nothing was changed", db.root("SELECT to_regclass('thumbnails.inbox')"), None)
    db.platform("""ALTER TABLE archive ADD COLUMN thumbnail_generation_status text, ADD COLUMN thumbnail_generation_error text, ADD COLUMN thumbnail_generation_attempts integer,
                   ADD COLUMN thumbnail_generation_started_at timestamptz, ADD COLUMN thumbnail_generation_last_attempt_at timestamptz,
                   ADD COLUMN thumbnail_generated_at timestamptz, ADD COLUMN thumbnail_metadata jsonb, ADD COLUMN thumbnail_generation_error_code text""")
    db.migrate()
    db.configure()
    db.expect_life()
    expect("copies of before", db.root("SELECT count(*) FROM archive"), 0)
