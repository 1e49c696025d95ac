"""No user_id, no created_at, no title, no updated_at."""

from habit import expect


def holds(db):
    expect("the sweep", db.sweep()["retriedCount"], 1)
    expect("made", len(db.work_off()), 1)
    db.expect_life()
    db.expect_idle()
    # They may come later.
    db.platform("ALTER TABLE videos ADD COLUMN user_id bigint, ADD COLUMN created_at date DEFAULT '2024-01-01', ADD COLUMN title varchar(9)")
    db.migrate(anew=True)
    db.expect_life(user_id=7)
