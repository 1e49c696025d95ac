"""Others than the owner of `videos` have made something that bears a name of ours, before a superuser migrates or since: it is refused by its name, and
neither given to the owner nor run."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False
SLOW = True
STRANGER = "backup"
SENTENCE = f"belongs to {STRANGER}, who could act through it as platform, the owner of public.videos. Drop or rename it"
PROGRAM = f"the schema thumbnails, or something in it, belongs to {STRANGER}, who could act through it as somebody else. Drop or rename it"
DEFINER = "RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text'"
MADE = (("manually_trigger_thumbnail_generation(text)", "FUNCTION", "CREATE FUNCTION public.manually_trigger_thumbnail_generation(text) " + DEFINER),
        ("auto_retry_stuck_thumbnails()", "FUNCTION", "CREATE FUNCTION public.auto_retry_stuck_thumbnails() " + DEFINER),
        ("thumbnail_generation_health", "VIEW", "CREATE VIEW public.thumbnail_generation_health AS SELECT current_user"),
        ("thumbnails.see_all()", "FUNCTION", "CREATE FUNCTION thumbnails.see_all() " + DEFINER),
        ("thumbnails.inbox", "TABLE", "CREATE TABLE thumbnails.inbox (id bigint)"))


def refused(db, program=None):
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        said = db.paste(file.read(), SUPERUSER, fails=True)
    expect("what 026 says", SENTENCE in said and "Nothing has been changed" in said or said, True)
    said = db.migrate(SUPERUSER, fails=True)
    expect("what the program says", (program or SENTENCE) in said and "Nothing has been changed" in said or said, True)


def holds(db):
    # There is no table yet, and the program would be the first to write.
    empty = db.other("empty")
    empty.paste(f"GRANT CREATE ON DATABASE {empty.name} TO {STRANGER}", SUPERUSER)
    empty.paste("CREATE SCHEMA thumbnails; CREATE TABLE thumbnails.applied_migrations (name text PRIMARY KEY, checksum text NOT NULL, at timestamptz); "
                "INSERT INTO thumbnails.applied_migrations VALUES ('merge', ''); CREATE FUNCTION thumbnails.trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trap'; END $$; "
                "CREATE TRIGGER trap BEFORE INSERT OR DELETE ON thumbnails.applied_migrations EXECUTE FUNCTION thumbnails.trap()", STRANGER)
    said = empty.migrate(SUPERUSER, fails=True)
    expect("without a table", PROGRAM in said and "Nothing has been changed" in said or said, True)
    empty.paste("CREATE FUNCTION thumbnails.trap(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trap'; END $$; CREATE TABLE thumbnails.jobs (id bigint); "
                "CREATE VIEW thumbnails.locks AS SELECT thumbnails.trap(name) AS name FROM thumbnails.applied_migrations", STRANGER)
    with open(f"{ROOT}/migrations/uninstall.sql", encoding="utf-8") as file:
        said = empty.paste(file.read(), SUPERUSER, fails=True)
    expect("what the way back says", "is one of another purpose" in said and "Nothing has been changed" in said or said, True)
    # What looks like ours is dropped, and none of it run.
    empty.paste("CREATE TABLE thumbnails.inbox (id bigint); CREATE VIEW thumbnails.object_deletions AS SELECT thumbnails.trap(name) AS key FROM thumbnails.applied_migrations", STRANGER)
    empty.script(f"{ROOT}/migrations/uninstall.sql", SUPERUSER)

    db.paste(f"CREATE SCHEMA thumbnails AUTHORIZATION platform; GRANT CREATE, USAGE ON SCHEMA thumbnails, public TO {STRANGER}", SUPERUSER)
    for name, kind, act in MADE:
        db.paste(act, STRANGER)
        refused(db, PROGRAM if name.startswith("thumbnails.") else None)
        db.paste(f"DROP {kind} {name}", STRANGER)
    db.migrate(SUPERUSER)
    # Once all is installed, too.
    name, kind, act = MADE[0]
    db.paste(act, STRANGER)
    db.paste("DELETE FROM thumbnails.applied_migrations", SUPERUSER)
    refused(db)
    expect("whose it is", db.paste(f"DROP {kind} {name}", STRANGER), "")
    db.migrate(SUPERUSER)
    db.connect().configure()
    db.expect_life()
    db.expect_idle()
