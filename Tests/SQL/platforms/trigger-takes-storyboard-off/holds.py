"""A trigger puts back the metadata, as one does that lets only some columns change: a storyboard that the row does not show is not called made. It is
refused, which the history says, and made once the trigger permits it."""

import json

from habit import expect

TRIGGER = """CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               NEW.thumbnail_metadata := OLD.thumbnail_metadata;
               RETURN NEW;
             END $$;
             CREATE TRIGGER keep BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION keep()"""
SAID = "storyboard: the platform refuses it: a trigger of the platform's keeps the row as it is"


def holds(db):
    def make():
        claim = db.next()
        expect("the storyboard's claim", (claim.outcome, claim.video), ("claimed", video))
        key = f"thumbnails/{video}/fedcba9876543210-{claim.token}.vtt"
        return db.worker("SELECT thumbnails.complete_storyboard(%s, %s, %s, %s, 60)", video, claim.token,
                         json.dumps({"url": "https://cdn.example/" + key}), key), key

    video = db.add()
    db.make(video)
    for _ in ("the first", "one that takes the place of an earlier one"):
        db.worker("SELECT thumbnails.request_storyboard(%s)", video)
        db.platform(TRIGGER)
        answer, key = make()
        expect("it is refused", (answer, key in db.put_down()), ("refused", True))
        expect("the history says so", db.root("SELECT text FROM thumbnails.events WHERE text LIKE 'storyboard%' ORDER BY id DESC LIMIT 1"), SAID)
        db.platform("DROP TRIGGER keep ON videos; DROP FUNCTION keep()")
        db.time_passes(video)
        answer, key = make()
        expect("made", (answer, db.root("SELECT thumbnail_metadata #>> '{storyboard,url}' FROM videos")), ("ok", "https://cdn.example/" + key))
    db.expect_life()
    db.expect_idle()
