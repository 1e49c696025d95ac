"""Another time zone, and dates written another way: everything happens at the same time."""

from habit import expect

# Zones whose abbreviation means another one, or none at all, where such a time is read back.
SETTINGS = (("Asia/Jakarta", "SQL, DMY"), ("Asia/Kolkata", "German"), ("Asia/Manila", "Postgres, MDY"), ("Pacific/Chatham", "SQL, MDY"),
            ("America/St_Johns", "ISO, YMD"))
SECONDS_AGO = "SELECT extract(epoch FROM now() - (thumbnails.look() ->> 'at')::timestamptz)::float8"


def holds(db):
    for zone, style in SETTINGS:
        db.root(f"ALTER DATABASE {db.name} SET TimeZone = '{zone}'")
        db.connect()
        for session in (db.platform, db.worker):
            # This client library sets its own.
            session(f"SET DateStyle = '{style}'")
        expect("the zone", db.worker("SHOW TimeZone"), zone)
        # The second claim and the second merge of a session know where the first was.
        for _ in range(2):
            videos = [db.add() for _ in range(3)]
            expect(f"{zone}, {style}", db.work_off(), videos)
        expect("what is told", abs(db.root(SECONDS_AGO)) < 5, True)
        db.expect_life()
        db.fail(db.claim(db.add()), False, "media")
        before = db.worker("SELECT thumbnails.act('retry', '{}', 1, NULL, NULL) ->> 'before'")
        rest = db.worker("SELECT thumbnails.act('retry', '{}', 1, %s::timestamptz, NULL) ->> 'processed'", before)
        expect("the rest of what failed before", rest, "0")
        db.work_off()
        db.expect_idle()
