"""Dumped without owners and privileges, as who moves to another host does: the handlers may do nothing there and everybody may call everything, until
the migrations are applied."""

from habit import expect

SHUT = ["auto_retry_stuck_thumbnails()", "batch_trigger_thumbnail_generation(integer)"]


def holds(db):
    db.make(db.add())
    waits = db.add()
    db.merge()
    other = db.other("moved")
    other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=db.run("pg_dump", "--no-owner", "--no-privileges"))
    other.connect()
    expect("the handlers are shut out", other.worker.error("SELECT thumbnails.claim_next(30)"), "42501")
    other.migrate()
    expect("what is shut again", [other.root(f"SELECT has_function_privilege('anon', 'public.{name}', 'EXECUTE')") for name in SHUT], [False, False])
    expect("and the secrets", other.root("SELECT has_table_privilege('anon', 'system_config', 'SELECT')"), False)
    other.root("REVOKE EXECUTE ON FUNCTION public.auto_retry_stuck_thumbnails() FROM service_role")
    other.migrate()
    expect("what a role that came later may do", other.root("SELECT has_function_privilege('service_role', 'public.auto_retry_stuck_thumbnails()', 'EXECUTE')"), True)
    expect("by one run", "applying" in other.migrate(), False)
    expect("what waited is made", other.work_off(), [waits])
    other.expect_life()
