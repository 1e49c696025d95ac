"""The platform hides what is deleted: its table gets another name, or another schema, and `videos` becomes a view of it, or is no more. Its writes go on,
TRUNCATE too, what to do is said, and the system can be taken out of the table, whatever it is named by then."""

from habit import ORDINARY, ROOT, expect, picture

LEFT = """SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'zz%%' UNION SELECT conname FROM pg_constraint WHERE conname LIKE 'videos_thumb%%'
          UNION SELECT relname FROM pg_class WHERE relname LIKE 'videos_thumb%%' UNION SELECT proname FROM pg_proc WHERE proname LIKE '%%thumbnail%%'"""


def holds(db):
    shown, hidden = db.make(db.add()), db.make(db.add())
    db.platform("""BEGIN; ALTER TABLE videos RENAME TO all_videos; ALTER TABLE all_videos ADD deleted_at timestamptz;
                   CREATE VIEW videos AS SELECT * FROM all_videos WHERE deleted_at IS NULL; COMMIT""")
    db.platform("UPDATE all_videos SET deleted_at = now() WHERE id = %s", hidden.video)
    db.add()
    expect("the check", "apply the migrations again" in db.worker("SELECT thumbnails.trial()"), True)
    expect("the migrations", "the name of the table behind it" in db.migrate(fails=True), True)
    db.platform("TRUNCATE all_videos")
    db.merge()
    expect("objects, of the hidden one too", db.put_down(), sorted(picture(claim)[1] for claim in (shown, hidden)))
    taken_out(db)

    db.platform("DROP VIEW videos")
    db.script(ORDINARY)
    db.migrate()
    db.make(db.add())
    db.platform("CREATE SCHEMA app; ALTER TABLE videos SET SCHEMA app")
    db.platform("INSERT INTO app.videos (status, video_url) VALUES ('completed', 'http://x/moved.mp4')")
    expect("the platform empties it", db.platform.error("TRUNCATE app.videos"), None)
    taken_out(db)


def taken_out(db):
    db.script(f"{ROOT}/migrations/uninstall.sql")
    expect("what is left of it", db.root.all(LEFT), [])
