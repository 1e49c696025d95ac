"""Every role may create in `public`, and one has made `system_config`, before the migrations or when the platform's was dropped: its view and its policies
are not run with the rights of the owner of `videos`, and what is said helps."""

from habit import MIGRATIONS, ROOT, SUPERUSER, expect

MIGRATES = False
STRANGER = "backup"


def holds(db):
    db.paste("GRANT CREATE ON SCHEMA public TO PUBLIC", SUPERUSER)
    db.paste("CREATE TABLE public.ran (by text); GRANT ALL ON public.ran TO PUBLIC; CREATE FUNCTION public.trap(text) RETURNS text LANGUAGE sql VOLATILE AS "
             "'INSERT INTO public.ran VALUES (current_user); SELECT $1'; "
             # Planning alone runs such a one.
             "CREATE FUNCTION public.trap() RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING '% in a trap', current_user; RETURN 'x'; END $$", STRANGER)
    db.paste("CREATE TABLE public.system_config (key text PRIMARY KEY, value text NOT NULL); GRANT SELECT ON public.system_config TO PUBLIC; "
             "ALTER TABLE public.system_config ENABLE ROW LEVEL SECURITY; CREATE POLICY trap ON public.system_config USING (public.trap(key) = key)", STRANGER)
    sentence = f"public.system_config belongs to {STRANGER}. ALTER TABLE public.system_config OWNER TO platform"
    with open(f"{ROOT}/migrations/{MIGRATIONS[0]}", encoding="utf-8") as file:
        said = db.paste(file.read(), fails=True)
    expect("what 026 says", sentence in said and "Nothing has been changed" in said or said, True)
    expect("what the program says", sentence in db.migrate(SUPERUSER, fails=True), True)
    db.paste("DROP TABLE public.system_config", STRANGER)
    db.migrate()
    db.paste("DROP TABLE public.system_config")
    db.paste("CREATE VIEW public.system_config AS SELECT public.trap(key) AS key, value FROM (VALUES ('webhook_secret', 'x'), ('supabase_url', 'http://x'), "
             "('service_role_key', public.trap()), ('pg_net', 'on'), ('auto_thumbnail_enabled', 'true')) AS c (key, value); GRANT SELECT ON public.system_config TO PUBLIC", STRANGER)
    db.connect()
    video, late = db.add(), db.add("processing")
    db.finish(late)
    expect("the row", (db.state(video), db.error(video)),
           (("pending", "configuration", 0), "Missing configuration in system_config: the table is not there, or cannot be read"))
    db.platform("UPDATE videos SET video_url = video_url || '?token=x' WHERE id = %s", video)
    db.merge()
    for session, call in ((db.worker, "thumbnails.claim_next(30)"), (db.worker, "thumbnails.look()"), (db.worker, "thumbnails.due_videos(5, '{}')"),
                          (db.worker, "thumbnails.trial()"), (db.worker, "public.auto_retry_stuck_thumbnails()"), (db.platform, "public.batch_trigger_thumbnail_generation(5)"),
                          (db.platform, f"public.manually_trigger_thumbnail_generation('{late}')"), (db.worker, "thumbnails.delivery_problems(NULL, NULL)")):
        session.error(f"SELECT {call}")
    expect("what has run", db.root.all("SELECT by FROM ran"), [])
    expect("or was planned", [notice for session in (db.platform, db.worker) for notice in session.connection.notices if "trap" in notice], [])
    expect("the check", "system_config belongs to a role that may not act as the owner of videos" in db.worker("SELECT thumbnails.trial()"), True)
    db.paste("DROP VIEW public.system_config", STRANGER)
    db.migrate()
    db.configure()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((video, late)))
    db.expect_life(quiet=False)
    db.expect_idle()
