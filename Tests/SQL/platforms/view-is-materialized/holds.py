"""A view of the original's was made a materialized one: it is replaced, and that is said."""

from habit import expect


def holds(db):
    expect("it is said", "removed, and made anew: MATERIALIZED VIEW public.thumbnail_generation_health" in db.notices, True)
    db.expect_life()
