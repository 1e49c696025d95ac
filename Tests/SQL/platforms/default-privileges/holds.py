"""Others are given, by default, whatever is made: neither the secrets nor the machine's own schema come to them by that; what is given
on purpose later stays, however often the migrations are applied."""

from habit import expect


def holds(db):
    held = """SELECT has_table_privilege('row_owner', 'system_config', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                     OR has_table_privilege('anon', 'system_config', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') OR has_schema_privilege('anon', 'thumbnails', 'USAGE'),
                     (SELECT array_agg(DISTINCT a.grantee::regrole::text ORDER BY a.grantee::regrole::text) FROM pg_class AS c, aclexplode(c.relacl) AS a
                       WHERE c.oid = 'system_config'::regclass),
                     (SELECT array_agg(DISTINCT a.grantee::regrole::text ORDER BY a.grantee::regrole::text) FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
                       WHERE n.nspname = 'thumbnails')"""
    expect("who has what", db.root(held), (False, ["platform", "service_role"], ["platform", "thumbnail_handlers"]))
    expect("the secrets", db.root("SET ROLE anon; SELECT count(*) FROM pg_class WHERE has_table_privilege(oid, 'SELECT') AND relname = 'system_config'"), 0)
    db.root("RESET ROLE")
    db.platform("GRANT SELECT ON system_config TO backup; GRANT USAGE ON SCHEMA thumbnails TO backup")
    db.migrate(anew=True)
    expect("what is given on purpose", db.root(held), (False, ["backup", "platform", "service_role"], ["backup", "platform", "thumbnail_handlers"]))
    problems = "SELECT thumbnails.look() -> 'processProblems'"
    expect("the report", db.worker(problems), [])
    db.platform("GRANT ALL ON ALL TABLES IN SCHEMA public TO anon")
    expect("a script that gives everything is noticed", "can be read by anon" in " ".join(db.worker(problems)), True)
    db.migrate()
    expect("and mended", db.worker(problems), [])
    db.expect_life()
    db.expect_idle()
