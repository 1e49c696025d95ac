"""A CHECK on `status` knows no word `completed`, and there are no videos yet: none will be made, and that is said before the first one comes."""

from habit import expect

SAID = "a video is finished when its status is 'completed', a word that its CHECK \"known words\" does not know"


def holds(db):
    expect("the migration", SAID in db.notices, True)
    expect("the check", db.worker("SELECT thumbnails.trial()"), SAID)
    # CHECKs that forbid nothing of ours.
    db.platform("ALTER TABLE videos DROP CONSTRAINT \"known words\", ADD CHECK (status IN ('processing', 'completed')), ADD CHECK (status <> ''), "
                "ADD CHECK (status IN ('processing', 'error') OR video_url <> '')")
    expect("the check then", db.worker("SELECT thumbnails.trial()"), None)
    expect("the migration then", "a video is finished" in db.migrate(anew=True), False)
    db.make(db.add())
