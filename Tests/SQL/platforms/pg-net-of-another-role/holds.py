"""pg_net is another role's, and shared with nobody: the platform's writes go on, and the report says why nothing is posted."""

from habit import ROOT, SUPERUSER, expect


def problems(db):
    return db.root("SELECT thumbnails.delivery_problems(NULL, NULL)")


def holds(db):
    db.script(f"{ROOT}/Tests/Support/pg_net.sql", SUPERUSER)
    db.root("REVOKE USAGE ON SCHEMA net FROM PUBLIC")
    db.finish(db.add("processing"))
    expect("why nothing is posted", "permission denied for schema net" in str(problems(db)), True)
    db.root("GRANT USAGE ON SCHEMA net TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA net TO PUBLIC")
    db.add()
    expect("once it is shared", problems(db), [])
    expect("it is posted", db.root("SELECT count(*) FROM net.http_request_queue"), 1)
    db.root("REVOKE EXECUTE ON FUNCTION net.http_post FROM PUBLIC")
    db.add()
    expect("the function alone", "permission denied for function http_post" in str(problems(db)), True)
    db.root("GRANT EXECUTE ON FUNCTION net.http_post TO PUBLIC")
    db.work_off()
    db.expect_life()
    db.expect_idle()
