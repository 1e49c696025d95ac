"""RLS, forced, with an owner that has BYPASSRLS: users write their own videos and see their own, workers see all."""

from habit import expect

MIGRATED_BY = "postgres"
MINE, OTHERS = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"
INSERT = "INSERT INTO videos (user_id, status, video_url) VALUES (%s, 'completed', 'http://x/v.mp4') RETURNING id"


def holds(db):
    user = db.session()
    user("SELECT set_config('request.jwt.claims', %s, false)", f'{{"sub": "{MINE}"}}')
    user("SET ROLE authenticated")
    mine, other = user(INSERT, MINE), db.root(INSERT, OTHERS)
    expect("somebody else's", user.error(INSERT, OTHERS), "42501")
    user("UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_attempts = 99, title = 'mine'")
    expect("their title, not our state", (db.root("SELECT title FROM videos WHERE id = %s", mine), db.state(mine)), ("mine", ("pending", None, 0)))
    expect("workers have all", sorted(db.work_off()), sorted((mine, other)))
    expect("a user sees their own", user.all("SELECT id FROM videos WHERE thumbnail_url LIKE 'https://cdn%%'"), [mine])
    user("DELETE FROM videos")
    db.root("DELETE FROM videos")
    db.merge()
    expect("objects", len(db.put_down()), 2)
    # The platform's own service passes by, as Supabase's does.
    db.platform = db.root
    db.expect_life()
    db.expect_idle()
