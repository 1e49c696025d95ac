"""`system_config`, which the platform may take for its own, has another column or type, cannot be read any more, and then is dropped: the platform's
writes go on, also while it restores a dump (`row_security = off`), the rows say why nothing is made, and nothing is lost."""

from habit import SUPERUSER, expect


def holds(db):
    made = db.add()
    db.make(made)
    said = "Missing configuration in system_config: the table is not there, or cannot be read"
    videos = []
    for change in ("ALTER TABLE system_config RENAME value TO content",
                   "ALTER TABLE system_config RENAME content TO value; ALTER TABLE system_config ALTER value TYPE jsonb USING to_jsonb(value)",
                   "ALTER TABLE system_config OWNER TO postgres; ALTER TABLE system_config ENABLE ROW LEVEL SECURITY",
                   "REVOKE ALL ON system_config FROM platform, service_role", "DROP TABLE system_config"):
        db.paste(change, SUPERUSER)
        db.connect()  # For a second a session remembers that it was configured.
        db.platform("SET row_security = off")
        video = db.add()
        expect("the row", (db.state(video), db.error(video)), (("pending", "configuration", 0), said))
        # Another video: what raises as it is merged comes again as what it was.
        db.platform("UPDATE videos SET video_url = video_url || '?other', title = 'x' WHERE id = %s", made)
        db.merge()
        waits = db.add("processing")
        db.finish(waits)
        db.platform("DELETE FROM videos WHERE id = %s", db.add())
        videos += [video, waits]
    expect("the check", "system_config" in db.worker("SELECT thumbnails.trial()"), True)
    db.migrate()
    db.configure()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted(videos + [made]))
    db.expect_life(quiet=False)
