"""The platform renames its table, moves it to another schema, and then drops a column of the state: what fails says so, and all goes on when that is undone or migrated."""

from habit import WORKER, expect

SLOW = True


def holds(db):
    video, other = db.add(), db.add()
    db.platform("ALTER TABLE videos RENAME TO clips")
    expect("the platform's writes go on", db.platform.error("UPDATE clips SET title = 'x'; DELETE FROM clips WHERE id = %s", other), None)
    late = db.platform("INSERT INTO clips (status, video_url) VALUES ('completed', 'http://x/late.mp4') RETURNING id")
    back = "ALTER TABLE public.clips RENAME TO videos"
    expect("the check", back in db.worker("SELECT thumbnails.trial()"), True)
    db.platform(back)
    db.platform("CREATE SCHEMA app; ALTER TABLE videos SET SCHEMA app")
    back = "ALTER TABLE app.videos SET SCHEMA public"
    expect("the check of one that has moved", back in db.worker("SELECT thumbnails.trial()"), True)
    expect("the report", back in db.paste("SELECT thumbnails.look()", WORKER, fails=True), True)
    db.platform(back)
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((video, late)))
    expect("a column of the state is in use", db.platform.error("ALTER TABLE videos DROP COLUMN thumbnail_generated_at"), "2BP01")
    db.platform("ALTER TABLE videos DROP COLUMN thumbnail_generated_at CASCADE")
    expect("the check", "triggers on videos are missing" in db.worker("SELECT thumbnails.trial()"), True)
    db.migrate(anew=True)
    expect("migrated", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life(quiet=False)
