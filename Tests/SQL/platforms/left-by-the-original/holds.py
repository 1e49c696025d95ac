"""What the original left is replaced, and everything of the platform's that the migration removes or changes is printed by its name."""

from habit import expect

CHANGED = "SELECT f.what FROM found AS f WHERE NOT EXISTS (SELECT FROM objects AS o WHERE o.what = f.what AND o.definition = f.definition)"
REMOVED = {"CONSTRAINT status_word", "FUNCTION auto_retry_stuck_thumbnails()", "FUNCTION batch_trigger_thumbnail_generation(integer)",
           "FUNCTION manually_trigger_thumbnail_generation(uuid)", "TRIGGER trigger_auto_generate_thumbnail",
           "VIEW public.thumbnail_generation_failures", "VIEW public.thumbnail_generation_health"}


def holds(db):
    changed = set(db.root.all(CHANGED))
    expect("what is not as it was", changed, REMOVED)
    expect("what is not said", {what for what in changed if what not in db.notices}, set())
    db.expect_life()
    db.expect_idle()
    said = db.migrate(anew=True)
    expect("the next run removes nothing", "removed" in said, False)
