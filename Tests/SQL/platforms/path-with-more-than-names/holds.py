"""Who may write settings is not who migrates: a path in system_config is a list of names and nothing else."""

from habit import SUPERUSER, expect


def holds(db):
    db.root("SET ROLE service_role")
    db.root("INSERT INTO system_config (key, value) VALUES ('thumbnails_search_path', 'public; ALTER TABLE videos ADD COLUMN IF NOT EXISTS taken integer; SET search_path = public')")
    db.root("RESET ROLE")
    db.migrate(SUPERUSER, anew=True, fails=True)
    expect("what it has done", db.root("SELECT count(*) FROM pg_attribute WHERE attrelid = 'videos'::regclass AND attname = 'taken'"), 0)
    db.root("UPDATE system_config SET value = '\"$user\", \"Odd; name\", public' WHERE key = 'thumbnails_search_path'")
    db.migrate(SUPERUSER, anew=True)
    expect("the path", db.root.all("SELECT DISTINCT unnest(proconfig) FROM pg_proc WHERE proname IN ('write_state', 'write_picture', 'write_storyboard', 'write_in_trial') ORDER BY 1"),
           ["lock_timeout=100ms", "lock_timeout=500ms", 'search_path="$user", "Odd; name", public, pg_temp'])
    db.expect_life()
