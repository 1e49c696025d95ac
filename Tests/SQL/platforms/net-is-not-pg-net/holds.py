"""A role that may make schemas has one named `net`, or may add to pg_net's: nothing that it makes there runs with the rights of the owner of `videos`,
whatever calls or reads pg_net, and the report says why nothing is posted."""

from habit import PLATFORM, ROOT, SUPERUSER, expect

OTHER = "backup"
# What has run of it, and for whom.
TRAP = """CREATE TABLE {schema}.ran (by text); GRANT USAGE ON SCHEMA {schema} TO PUBLIC; GRANT ALL ON {schema}.ran TO PUBLIC;
          CREATE FUNCTION {schema}.trap() RETURNS bigint LANGUAGE sql AS 'INSERT INTO {schema}.ran VALUES (current_user) RETURNING 1::bigint'"""
POST = """CREATE FUNCTION net.http_post(url text, body jsonb, headers jsonb, timeout_milliseconds integer) RETURNS bigint
          LANGUAGE sql AS 'SELECT traps.trap()'"""
ANSWERS = """CREATE VIEW net._http_response AS SELECT traps.trap() AS id, 200 AS status_code, false AS timed_out, NULL::text AS error_msg, now() AS created"""
QUEUE = "CREATE VIEW net.http_request_queue AS SELECT traps.trap() AS id"


def use_it(db):
    """Everything that calls or reads pg_net."""
    db.add()
    for _ in range(4):
        db.add(user_id="00000000-0000-4000-8000-0000000000aa")
    db.sweep()
    db.platform("SELECT batch_trigger_thumbnail_generation(10)")
    db.platform("SELECT manually_trigger_thumbnail_generation(%s)", db.add("completed"))
    db.root("INSERT INTO thumbnails.pg_net_posts (request_id) VALUES (1)")
    db.worker("SELECT thumbnails.report(thumbnails.look(), 5)")
    db.work_off()
    expect("what has run", db.root.all("SELECT DISTINCT by FROM traps.ran"), [])
    return db.worker("SELECT thumbnails.delivery_problems(NULL, NULL)")


def refused(of):
    return [f"pg_net is not used: what these roles own or may create in the schema net would run with the rights of platform, which they lack: {of}"]


def holds(db):
    db.root(f"GRANT CREATE ON DATABASE {db.name} TO {OTHER}")
    db.paste("CREATE SCHEMA traps; " + TRAP.format(schema="traps"), OTHER)
    db.paste("CREATE SCHEMA net; GRANT USAGE ON SCHEMA net TO PUBLIC", OTHER)
    for act in (POST, ANSWERS + "; GRANT SELECT ON net._http_response TO PUBLIC", QUEUE + "; GRANT SELECT ON net.http_request_queue TO PUBLIC"):
        db.paste(act, OTHER)
        expect("a schema of its own", use_it(db), refused(OTHER))
    db.paste("DROP SCHEMA net CASCADE", OTHER)
    db.script(f"{ROOT}/Tests/Support/pg_net.sql", SUPERUSER)
    db.root("GRANT SELECT ON ALL TABLES IN SCHEMA net TO PUBLIC")
    db.add()
    expect("pg_net's own is used", db.root("SELECT count(*) FROM net.http_request_queue"), 1)
    # It may fit better at any moment.
    db.root("GRANT CREATE ON SCHEMA net TO PUBLIC")
    expect("a schema open to all", use_it(db), refused("PUBLIC"))
    db.paste(POST, OTHER)
    db.root("REVOKE CREATE ON SCHEMA net FROM PUBLIC")
    expect("what was made there meanwhile", use_it(db), refused(OTHER))
    db.root(f"DROP FUNCTION net.http_post(text, jsonb, jsonb, integer); DROP TABLE net._http_response; {ANSWERS}; ALTER VIEW net._http_response OWNER TO {OTHER}")
    expect("its answers alone", use_it(db), refused(OTHER))
    # Whoever may act as the owner anyway may have made it.
    db.root(f"GRANT {PLATFORM} TO {OTHER}; DELETE FROM net.http_request_queue")
    db.add()
    expect("a member's is used", db.root("SELECT count(*) FROM net.http_request_queue"), 1)
    db.root(f"REVOKE {PLATFORM} FROM {OTHER}; DROP SCHEMA net CASCADE")
    db.work_off()
    db.expect_life()
    db.expect_idle()
