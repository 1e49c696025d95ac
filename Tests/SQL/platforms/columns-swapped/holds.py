"""Another column takes the name of one that is looked at, as tools do that change a column's type without a stop: triggers, views and the index stay
with the old one. That is said, and the migrations mend it."""

from habit import expect

RENAMED = "columns of videos were renamed"


def holds(db):
    for column, kind in (("status", "varchar"), ("video_url", "varchar"), ("thumbnail_url", "varchar"), ("thumbnail_metadata", "jsonb"),
                         ("id", "uuid DEFAULT gen_random_uuid()")):
        waits = db.add()
        db.merge()
        key = column == "id"
        db.platform(f"""BEGIN; ALTER TABLE videos ADD COLUMN fresh {kind}; UPDATE videos SET fresh = {column};
                        {"ALTER TABLE videos DROP CONSTRAINT videos_pkey;" if key else ""}
                        ALTER TABLE videos RENAME COLUMN {column} TO {column}_old; ALTER TABLE videos ALTER COLUMN {column}_old DROP NOT NULL;
                        ALTER TABLE videos RENAME COLUMN fresh TO {column};
                        {"ALTER TABLE videos ADD PRIMARY KEY (id);" if key else ""} COMMIT""")
        # PL/pgSQL knows the columns' types for as long as a session lasts.
        db.connect()
        late = db.add()
        expect(f"the check of {column}", RENAMED in (db.worker("SELECT thumbnails.trial()") or ""), True)
        expect("the report", RENAMED in " ".join(db.worker("SELECT thumbnails.look()")["processProblems"]), True)
        db.migrate()
        expect("mended", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
        expect("by one run", "applying" in db.migrate(), False)
        db.hour_passes()
        db.sweep()
        expect("made", sorted(db.work_off()), sorted((waits, late)))
        expect("nothing looks at the old one", db.platform.error(f"ALTER TABLE videos DROP COLUMN {column}_old"), None)
    db.expect_life()
    db.platform("DELETE FROM videos")
    db.expect_idle()
