"""A program that knows tables and nothing else has copied the database (pgloader, replication services): ours come without identity, triggers and
functions. The platform's writes go on; nothing could be queued there, so the migrations refuse that, and where they were pasted, the page says so."""

from habit import MIGRATIONS, ROOT, expect

COPIED = """
DO $$
DECLARE
  other text;
BEGIN
  FOR other IN SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) FROM pg_proc p
                WHERE p.pronamespace = 'thumbnails'::regnamespace OR p.proname ~ '_thumbnail(s|_generation)$' LOOP
    EXECUTE regexp_replace(other, 'ROUTINE', 'ROUTINE IF EXISTS');
  END LOOP;
END
$$;
DROP SEQUENCE thumbnails.tokens;
DROP TYPE thumbnails.claim_answer;
ALTER TABLE thumbnails.inbox ALTER id DROP IDENTITY, ALTER id DROP NOT NULL;
ALTER TABLE thumbnails.events ALTER id DROP IDENTITY;
"""
WORDS = "the tables of the schema thumbnails are a copy without what belongs to them"


def holds(db):
    db.make(db.add())
    waits = db.add()
    db.merge()
    db.platform(COPIED)
    expect("triggers that are left", db.root("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass"), 0)
    finished = db.add()
    expect("the program", WORDS in db.migrate(fails=True), True)
    db.platform("UPDATE videos SET title = 'another'")
    for name in MIGRATIONS:
        db.script(f"{ROOT}/migrations/{name}")
    db.connect()
    expect("the page", [WORDS in problem for problem in db.worker("SELECT thumbnails.look()")["processProblems"]], [True])
    expect("the check, which ends", WORDS in db.worker("SELECT thumbnails.trial()"), True)
    db.script(f"{ROOT}/migrations/uninstall.sql")
    db.migrate()
    db.connect()
    expect("as good as new", (db.worker("SELECT thumbnails.trial()"), db.worker("SELECT thumbnails.look()")["processProblems"]), (None, []))
    db.hour_passes()
    db.sweep()
    expect("made", sorted(db.work_off()), sorted((waits, finished)))
    db.expect_life()
    db.expect_idle()
