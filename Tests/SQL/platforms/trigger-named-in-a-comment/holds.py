"""A trigger of the platform's that only mentions auto-generate-thumbnail in a comment stays; the original's go, and that is said."""

from habit import expect


def holds(db):
    expect("those left", db.platforms_triggers(), ["count_views"])
    for name in ("trigger_auto_generate_thumbnail", "trigger_auto_generate_thumbnail_insert"):
        expect("it is said", f"removed from videos: TRIGGER {name} (auto_generate_thumbnail_on_complete())" in db.notices, True)
    expect("their function is not ours to remove", db.platform("SELECT to_regproc('auto_generate_thumbnail_on_complete') IS NOT NULL"), True)
    db.expect_life(title="a")
