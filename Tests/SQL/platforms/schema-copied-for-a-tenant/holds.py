"""A schema for each tenant: `public` is copied with its triggers (Apartment, clone_schema, pg_dump -n). The copy's videos get no thumbnail, which is said,
and the next migration drops our triggers there and nowhere else."""

from habit import SUPERUSER, expect

OURS = "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname LIKE 'zz\\_thumbnails\\_%%' AND tgparentid = 0 GROUP BY 1 ORDER BY 1"
PROBLEM = "other tables than public.videos have our triggers, as after a schema was copied, and their videos get no thumbnail: tenant1.videos"


def copy(db, schema):
    text = db.run("pg_dump", "-s", "-t", "public.videos", user=SUPERUSER)
    lines = [line for line in text.splitlines() if not line.startswith("\\")]
    db.paste(f"CREATE SCHEMA {schema} AUTHORIZATION platform; " + "\n".join(lines).replace("public.videos", f"{schema}.videos"), SUPERUSER)


def holds(db):
    expect("before", db.worker("SELECT thumbnails.trial()"), None)
    copy(db, "tenant1")
    expect("the triggers went along", db.root.all(OURS), [("tenant1.videos", 9), ("videos", 9)])
    lost = db.platform("INSERT INTO tenant1.videos (status, video_url) VALUES ('completed', 'http://x/lost.mp4') RETURNING id")
    db.merge()
    expect("nothing is queued", db.job(lost), None)
    expect("the check", PROBLEM in str(db.worker("SELECT thumbnails.trial()")), True)
    expect("the report", PROBLEM in str(db.worker("SELECT thumbnails.look()")["processProblems"]), True)
    # Whoever migrates without rights on the copy changes nothing there, and does not begin anew each time.
    db.root("ALTER TABLE tenant1.videos OWNER TO row_owner")
    expect("by the owner of videos", db.migrate(), "")
    expect("still there", db.root.all(OURS), [("tenant1.videos", 9), ("videos", 9)])
    db.migrate(SUPERUSER)
    expect("dropped there alone", db.root.all(OURS), [("videos", 9)])
    expect("once", "applying" in db.migrate(SUPERUSER), False)
    expect("the check then", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life()
    db.expect_idle()
