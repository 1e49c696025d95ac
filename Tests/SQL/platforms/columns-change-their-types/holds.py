"""The platform changes the types of its columns later, as mappers do: a text becomes an enum, a short text a long one. PostgreSQL refuses that while
others use them; there is a way, which loses nothing."""

from habit import expect


def holds(db):
    waits, works = db.add(), db.add()
    db.merge()
    claim = db.claim(works)
    change = """CREATE TYPE video_status AS ENUM ('pending', 'processing', 'completed', 'failed');
                ALTER TABLE videos ALTER COLUMN status TYPE video_status USING status::video_status, ALTER COLUMN title TYPE text, ALTER COLUMN video_url TYPE text,
                                   ALTER COLUMN thumbnail_url TYPE text, ALTER COLUMN created_at TYPE timestamptz"""
    expect("in use", db.platform.error(change), "0A000")
    expect("nobody else may", db.worker.error("SELECT thumbnails.make_way()"), "42501")
    granted = "GRANT SELECT ON public.thumbnail_generation_health TO anon"
    db.platform(granted)
    with db.platform.transaction():
        said = db.platform("SELECT thumbnails.make_way()")
        expect(f"what is to be done: {said}", "apply the migrations again" in said and said.endswith(": " + granted), True)
        db.platform(change)
    late = db.add()
    expect("the platform's writes go on", db.state(late), (None, None, 0))
    db.migrate()
    expect("a result from before", db.complete(claim), "ok")
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, late)))
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life()
    db.expect_idle()
    db.platform("DROP VIEW videos_need_thumbnail_generation")
    db.migrate()
    expect("a view that was dropped", db.root("SELECT count(*) FROM videos_need_thumbnail_generation"), 0)
