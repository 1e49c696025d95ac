"""Functions and operators in `public` have names of PostgreSQL's own, and the path looks there first: ours never call them."""

from habit import expect


def holds(db):
    expect("the path", db.worker("SHOW search_path"), "public, pg_catalog")
    # What stands for the platform and the onlooker here writes no schemas.
    for session in (db.platform, db.root):
        session("SET search_path = pg_catalog, public")
    db.expect_life()
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
