"""A tool compares views and functions with the platform's models, too, and drops what it does not know (alembic_utils, migra); a mapper drops a column
with CASCADE, and so the views that show it (Django); a linter has functions run with their callers' rights. The report says what is missing, and how
it comes back; the migrations bring all of it back."""

from habit import expect

DEFERRED = """CREATE TABLE log (id uuid);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER log AFTER UPDATE ON videos DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log()"""

def holds(db):
    db.make(db.add())
    figures = db.worker("SELECT thumbnails.look() -> 'health'")
    expect("of one video", figures["completedCount"], 1)
    for what in ("VIEW public.thumbnail_generation_health", "VIEW public.thumbnail_generation_failures", "VIEW public.videos_need_thumbnail_generation",
                 "FUNCTION public.auto_retry_stuck_thumbnails()", "FUNCTION public.manually_trigger_thumbnail_generation(uuid)",
                 "FUNCTION public.batch_trigger_thumbnail_generation(integer)"):
        db.platform(f"DROP {what}")
        is_missing(db, what.split()[1].split("(")[0])
        expect("the figures", db.worker("SELECT thumbnails.look() -> 'health'"), figures)
        db.migrate()
    db.platform("ALTER TABLE videos DROP CONSTRAINT videos_thumbnail_generation_status_valid")
    is_missing(db, "videos_thumbnail_generation_status_valid")
    db.migrate()
    db.platform("ALTER TABLE videos DROP COLUMN title CASCADE")
    is_missing(db, "public.videos_need_thumbnail_generation")
    db.migrate()
    expect("the check", db.worker("SELECT thumbnails.trial()"), None)
    # A tool that hardens a schema changes how functions run.
    for name in db.platform.all("SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace::regnamespace::text IN ('public', 'thumbnails')"):
        db.platform(f"ALTER FUNCTION {name} SECURITY INVOKER")
    expect("the check of functions without their rights", db.worker.error("SELECT thumbnails.trial()"), "42501")
    db.migrate()
    expect("the check of functions made again", db.worker("SELECT thumbnails.trial()"), None)
    # A linter wants a path for each function; then the platform's deferred trigger, which we fire, does not find its table. Another wants all parallel.
    for name in db.platform.all("SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'thumbnails'::regnamespace AND proconfig IS NULL"):
        db.platform(f"ALTER FUNCTION {name} SET search_path = '' PARALLEL SAFE")
    db.migrate()
    expect("changed functions", db.root("SELECT count(*) FROM pg_proc WHERE pronamespace = 'thumbnails'::regnamespace "
                                        "AND (proname = 'end_write' AND proconfig IS NOT NULL OR proname ~ '^(merge|claim)$' AND proparallel <> 'u')"), 0)
    expect("once is enough", "applying" in db.migrate(), False)
    db.platform(DEFERRED)
    db.connect()  # a session does not look for deferred triggers again within half a minute
    db.expect_life()
    db.expect_idle()


def is_missing(db, name):
    for said in (db.worker("SELECT thumbnails.trial()"), " ".join(db.worker("SELECT thumbnails.look() -> 'processProblems'"))):
        expect(f"what is said: {said}", f"missing: {name}. Apply the migrations again" in (said or ""), True)
