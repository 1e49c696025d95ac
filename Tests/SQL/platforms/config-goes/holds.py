"""`system_config`, which the platform may take for its own, cannot be read any more, and then is dropped: the platform's writes go on, the rows say why
nothing is made, and nothing is lost."""

import time

from habit import SUPERUSER, expect


def holds(db):
    made = db.add()
    db.make(made)
    said = "Missing configuration in system_config: the table is not there, or cannot be read"
    videos = []
    for change in ("REVOKE ALL ON system_config FROM platform, service_role; ALTER TABLE system_config OWNER TO postgres", "DROP TABLE system_config"):
        db.paste(change, SUPERUSER)
        time.sleep(1)  # For so long a session remembers that it was configured.
        video = db.add()
        expect("the row", (db.state(video), db.error(video)), (("pending", "configuration", 0), said))
        db.platform("UPDATE videos SET video_url = video_url || '#t=1', title = 'x' WHERE id = %s", made)
        waits = db.add("processing")
        db.finish(waits)
        db.platform("DELETE FROM videos WHERE id = %s", db.add())
        videos += [video, waits]
    expect("the check", "system_config" in db.worker("SELECT thumbnails.trial()"), True)
    db.migrate()
    db.configure()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted(videos))
    db.expect_life(quiet=False)
