"""Sessions, those of a pool that workers share among them, hold temporary tables named like the platform's and ours, and functions."""

from habit import expect


def holds(db):
    for session in (db.platform, db.worker):
        session("CREATE TEMP TABLE videos (x integer); CREATE TEMP TABLE log (x integer); CREATE TEMP TABLE jobs (x integer); CREATE TEMP TABLE inbox (x integer); "
                "CREATE TEMP TABLE system_config (x integer); CREATE TEMP VIEW seen AS SELECT 1 AS id; CREATE TEMP TABLE pg_trigger (x integer); "
                "CREATE TEMP TABLE pg_class (x integer)")
    db.platform("SET search_path = public, pg_temp")
    db.expect_life()
    expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
    expect("theirs", db.worker("SELECT (SELECT count(*) FROM pg_temp.videos) + (SELECT count(*) FROM pg_temp.log)"), 0)
    db.expect_idle()
