"""A trigger that refuses in PostgreSQL's own words for a limit (SQLSTATE 53400): that is the platform's refusal, not the end of the server."""

from habit import expect, picture


def holds(db):
    made = db.claim(db.add())
    db.platform("CREATE TRIGGER quota BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION quota()")
    expect("a result", db.complete(made), "kept")
    expect("with the reason", "the quota of pictures is used up (53400)" in db.error(made.video), True)
    db.platform("DROP TRIGGER quota ON videos")
    db.time_passes()
    db.look_after()
    expect("is written later", (db.picture(made.video), db.state(made.video)), (picture(made)[0], ("completed", None, 1)))
    db.expect_idle()
