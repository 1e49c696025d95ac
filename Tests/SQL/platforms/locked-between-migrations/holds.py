"""A lock that the platform holds keeps one of the later migrations from being applied at once: it is tried again, and what those before it have said is
not lost."""

from habit import expect


def holds(db):
    expect("it is tried twice", db.root("SELECT last_value FROM public.tries"), 2)
    expect("it is said what was removed", "removed from videos: CONSTRAINT of_the_original" in db.notices, True)
    expect("what has gone by is no error", "could not obtain lock" in db.notices, False)
    db.expect_life()
    db.expect_idle()
