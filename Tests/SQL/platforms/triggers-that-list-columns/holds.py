"""Triggers let only the columns change that they list. They refuse our pictures, and one that fires last the platform's own write, which changes our
state with it. They are named to whoever migrates, until they list our columns, too."""

from habit import expect

LISTED = ("'title', 'status', 'video_url', 'updated_at', 'thumbnail_url', 'thumbnail_metadata', 'thumbnail_generated_at', 'thumbnail_generation_status', "
          "'thumbnail_generation_error', 'thumbnail_generation_error_code', 'thumbnail_generation_attempts', 'thumbnail_generation_started_at', "
          "'thumbnail_generation_last_attempt_at'")


def named(said):
    return [line.split("do not list: ")[1].split(". Let")[0] for line in said.splitlines() if "that they do not list" in line]


def holds(db):
    expect("what is said", named(db.notices), ["of_users (of_users()), finished_ones (finished_ones())"])
    video = db.add("processing")
    user = db.session()
    user("SET app.member = 'x'")
    expect("a user finishes it", user.error("UPDATE videos SET status = 'completed'"), "P0001")
    db.finish(video)
    expect("its picture", db.complete(db.claim(video)), "kept")
    # What the sentence says to do.
    for name, old in (("of_users", "'title', 'status', 'video_url', 'updated_at'"), ("finished_ones", "'title', 'status'")):
        definition = db.root("SELECT pg_get_functiondef(%s::regproc)", name)
        db.platform(definition.replace(f"ARRAY[{old}]", f"ARRAY[{LISTED}]"))
    expect("what is said then", named(db.migrate(anew=True)), [])
    db.time_passes()
    db.look_after()
    expect("written", db.state(video), ("completed", None, 1))
    db.platform = user
    db.expect_life(quiet=False)
