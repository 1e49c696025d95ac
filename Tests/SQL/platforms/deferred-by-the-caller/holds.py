"""Who calls our functions has deferred something of its own in the same transaction, on a temporary table or one that it owns: that never runs with the rights
of the owner of `videos`, and what the platform defers is checked all the same."""

from habit import SUPERUSER, WORKER, expect

DEFERRED = """CREATE {kind} TABLE {schema}.{name} (a int);
  CREATE OR REPLACE FUNCTION {schema}.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'run by %', current_user; RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER tell AFTER INSERT ON {schema}.{name} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.tell()"""


def run_by(session):
    said = [notice.split()[-1] for notice in session.connection.notices if "run by" in notice]
    session.connection.notices.clear()
    return said


def holds(db):
    db.root(f"CREATE SCHEMA own AUTHORIZATION {WORKER}")
    db.worker(DEFERRED.format(kind="TEMP", schema="pg_temp", name="mine"))
    db.worker(DEFERRED.format(kind="", schema="own", name="mine"))
    calls = "thumbnails.claim('{0}', 30)", "public.manually_trigger_thumbnail_generation('{0}')", "thumbnails.claim_next(30)", "thumbnails.merge(1000)", "thumbnails.trial()"
    for table in ("pg_temp.mine", "own.mine"):
        for call in calls:
            video = db.add()
            with db.worker.transaction():
                db.worker(f"INSERT INTO {table} VALUES (1)")
                db.worker("SELECT " + call.format(video))
                expect("not in the call", run_by(db.worker), [])
            expect("at its end, by itself", run_by(db.worker), [WORKER])
            # Also in one statement.
            db.worker(f"WITH w AS (INSERT INTO {table} VALUES (1) RETURNING a) SELECT {call.format(db.add())} FROM w")
            expect("in one statement", run_by(db.worker), [WORKER])
            db.root("DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.inbox; DELETE FROM videos")
    db.merge()
    # What the platform defers, also on a table of somebody it trusts.
    db.paste("CREATE TABLE totals (value int); GRANT ALL ON totals TO platform; CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too many'; END $$; "
             "CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON totals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuses()", SUPERUSER)
    db.platform("CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO totals VALUES (1); RETURN NULL; END $$; "
                "CREATE TRIGGER counts AFTER UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION counts()")
    claim = db.claim(db.add())
    expect("a result", db.complete(claim), "kept")
    db.platform("DROP TRIGGER counts ON videos")
    db.time_passes()
    db.look_after()
    expect("written then", db.picture(claim.video) is None, False)
    db.expect_idle()
    db.expect_life(quiet=False)
