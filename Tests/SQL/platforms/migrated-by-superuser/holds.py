"""A superuser applies the migrations: what runs with its owner's rights has those of the owner of `videos`, who has no others."""

from habit import expect

MIGRATED_BY = "postgres"
OWNERS = """
  SELECT p.proowner::regrole::text FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace OR p.proname ~ 'thumbnail'
  UNION SELECT c.relowner::regrole::text FROM pg_class c
         WHERE c.relnamespace = 'thumbnails'::regnamespace OR c.relname ~ 'thumbnail' AND c.relkind = 'v'
  UNION SELECT n.nspowner::regrole::text FROM pg_namespace n WHERE n.nspname = 'thumbnails'"""
OURS = "SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND "


def holds(db):
    expect("owner", db.root.all(OWNERS), ["platform"])
    expect("some run with its rights", db.root(OURS + "p.prosecdef") > 10, True)
    expect("none is open to everybody", db.root(OURS + "has_function_privilege('anon', p.oid, 'EXECUTE')"), 0)
    db.expect_life()
    db.expect_idle()
    for who in ("platform", "postgres"):
        said = db.migrate(who, anew=True)
        expect("what may run with its rights is said", said.count("a superuser migrates: triggers and functions of platform, who owns public.videos"), int(who == "postgres"))
        expect(f"owner after {who}", db.root.all(OWNERS), ["platform"])
        db.expect_life()
