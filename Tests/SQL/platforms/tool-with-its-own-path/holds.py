"""A framework's migration tool applies the files in its one session, whose search_path it has set (Rails' schema_search_path, Laravel's), and notes each
in a table that only this path leads to."""

import re

from habit import MIGRATIONS, ROOT, expect

MIGRATES = False


def holds(db):
    tool = db.session()
    tool("SET search_path = app, public")
    for _ in range(2):
        for name in MIGRATIONS:
            with open(f"{ROOT}/migrations/{name}", encoding="utf-8") as file:
                text = file.read()
            for query in re.split(r"(?<=;)\n\n(?=--)", text) if name.startswith("027") else [text]:
                tool(query)
            tool("INSERT INTO schema_migrations VALUES (%s) ON CONFLICT DO NOTHING", name)
    expect("the path", tool("SHOW search_path"), "app, public")
    expect("noted", tool("SELECT count(*) FROM app.schema_migrations"), len(MIGRATIONS))
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
