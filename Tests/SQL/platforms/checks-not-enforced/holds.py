"""PostgreSQL 18 has CHECKs that are written down and NOT ENFORCED: they refuse nothing, and so are no reason to refuse the database or to say that a
picture would be."""

from habit import expect


def holds(db):
    db.make(db.add())
    expect("--check", db.worker("SELECT thumbnails.trial()"), None)
    db.expect_life()
