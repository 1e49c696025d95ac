"""The table goes to another owner, alone: what worked with the rights of the old one loses no hint, and the migrations, by somebody who may, take
the rest along."""

from habit import SUPERUSER, expect


def holds(db):
    video = db.add()
    db.paste("ALTER TABLE videos OWNER TO row_owner; GRANT USAGE ON SCHEMA public TO row_owner", SUPERUSER)
    late = db.root("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/late.mp4') RETURNING id")
    expect("the check", "permission denied for table videos" in db.worker("SELECT thumbnails.trial()"), True)
    expect("a claim", db.worker.error("SELECT thumbnails.claim(%s, 30)", late), "42501")
    expect("the former owner", "platform is not the owner of videos" in db.migrate(fails=True), True)
    # Whoever owns the configuration could act as who reads it.
    alters = "ALTER TABLE public.system_config OWNER TO row_owner"
    expect("the configuration's owner", alters in db.migrate(SUPERUSER, fails=True), True)
    db.paste(alters, SUPERUSER)
    db.migrate(SUPERUSER)
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    expect("whose all of it is", db.root.all("SELECT DISTINCT p.proowner::regrole::text FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace"), ["row_owner"])
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((video, late)))
    db.paste("GRANT ALL ON ALL TABLES IN SCHEMA public TO platform; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO platform", SUPERUSER)
    db.expect_life(quiet=False)
    db.expect_idle()
