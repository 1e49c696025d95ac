"""The table becomes the first partition of a new one that takes its name, before the migrations are applied again or after: nothing of ours keeps it from
that, what was made and what waits goes on, and that our triggers and the index are missing is said."""

from habit import expect

RENAME = """ALTER TABLE videos RENAME TO videos_{0};
            CREATE TABLE videos (LIKE videos_{0} INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at)"""
ATTACH = "ALTER TABLE videos ATTACH PARTITION videos_{0} FOR VALUES FROM (MINVALUE) TO ('2100-01-01'); CREATE TABLE videos_{0}_later PARTITION OF videos DEFAULT"


def holds(db):
    for name, migrated_between in (("old", False), ("ordinary", True)):
        waits, claim = db.add(), db.claim(db.add())
        db.platform(RENAME.format(name))
        if migrated_between:
            db.migrate()
        db.platform(ATTACH.format(name))
        if not migrated_between:
            expect("the report", "triggers on videos are missing" in " ".join(db.worker("SELECT thumbnails.look() -> 'processProblems'")), True)
            db.migrate()
        expect("mended", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look() -> 'processProblems'")), (None, []))
        expect("the index is on every partition", db.root("""SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                 WHERE c.relname ~ '^videos' AND i.indisvalid AND pg_get_indexdef(i.indexrelid) ~ 'data:image'"""), 3)
        expect("the result", db.complete(claim), "ok")
        expect("what waited, and one of another partition", sorted((db.add(created_at="2101-01-01"), waits)), sorted(db.work_off()))
        db.expect_life()
        if not migrated_between:
            db.platform("SELECT thumbnails.make_way()")
            db.platform(f"ALTER TABLE videos DETACH PARTITION videos_{name}; DROP TABLE videos; ALTER TABLE videos_{name} RENAME TO videos")
            db.migrate()
    db.expect_idle()
