"""Texts become uuid, jsonb, numbers and words of an enum by themselves, as mappers and systems of long ago want it: what we ask stays unambiguous."""

from habit import expect


def holds(db):
    db.expect_life()
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    db.migrate(anew=True)
    db.expect_life()
    db.expect_idle()
