"""`system_config` is somebody else's, and the owner of `videos` may not read it: refused, and nothing is changed; served where it may."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False


def holds(db):
    db.paste("CREATE TABLE system_config (key text PRIMARY KEY, value text NOT NULL); "
             "INSERT INTO system_config VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')", SUPERUSER)
    sentence = "platform, who owns public.videos, may not read public.system_config. As postgres: GRANT SELECT ON public.system_config TO platform"
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        said = db.paste(file.read(), fails=True)
    expect("what 026 says", sentence in said and "Nothing has been changed" in said or said, True)
    said = db.migrate(fails=True)
    expect("what the program says", sentence in said or said, True)
    db.paste("GRANT SELECT ON system_config TO platform, anon", SUPERUSER)
    said = db.migrate()
    expect("what is said of others' rights", [line for line in said.splitlines() if "system_config" in line],
           ["anon has rights on system_config, which holds secrets: only postgres can take them away"])
    db.connect()
    db.expect_life()
    db.expect_idle()
