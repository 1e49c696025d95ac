"""Triggers with unqualified names where the owner of `videos` has a search_path of its own; and another one, said in system_config."""

from habit import expect

ELSEWHERE = """CREATE SCHEMA "Odd name"; ALTER TABLE app.counters SET SCHEMA "Odd name";
               INSERT INTO system_config (key, value) VALUES ('thumbnails_search_path', '"Odd name", public')"""


def holds(db):
    expect("the path is printed", "fire with search_path = app, public" in db.notices, True)
    db.expect_life()
    expect("changes counted", db.platform("SELECT value FROM app.counters") > 5, True)
    db.platform(ELSEWHERE)
    db.root(f"ALTER ROLE platform IN DATABASE {db.name} RESET search_path")
    expect("the migrations are applied again", "fire with search_path = \"Odd name\", public" in db.migrate(), True)
    expect("and that once", "applying" in db.migrate(), False)
    db.connect()
    db.platform("SET search_path = \"Odd name\", public")
    db.expect_life()
