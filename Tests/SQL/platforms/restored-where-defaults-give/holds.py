"""A dump comes to a host where everybody is given, by default, what is made in `public`: the secrets, too, which no dump takes away. The migrations
take both back."""

from habit import expect

DEFAULTS = ";".join(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON {things} TO anon, authenticated" for things in ("TABLES", "FUNCTIONS"))
OPEN = """SELECT has_table_privilege('anon', 'system_config', 'SELECT'), has_table_privilege('authenticated', 'system_config', 'UPDATE'),
                 has_function_privilege('anon', 'auto_retry_stuck_thumbnails()', 'EXECUTE')"""


def holds(db):
    waits = db.add()
    other = db.other("moved")
    other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=DEFAULTS)
    other.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", text=db.run("pg_dump"))
    other.connect()
    expect("all is open", other.root(OPEN), (True, True, True))
    expect("said", "taken from anon: its rights on system_config" in other.migrate(), True)
    expect("closed", other.root(OPEN), (False, False, False))
    expect("by one run", "applying" in other.migrate(), False)
    expect("made", other.work_off(), [waits])
    other.expect_life()
