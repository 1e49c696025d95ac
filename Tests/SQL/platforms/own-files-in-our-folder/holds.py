"""The platform keeps pictures of its own in the folder that our objects are in, under names of its own: they are not ours to delete, and one that a row
shows is not ours to replace."""

from habit import expect

NAMES = ("1280-720.jpg", "2024-01-31.jpg", "5b2c3d4e-550e-4400-a29b-446655440000.jpg", "640-360.webp", "a1b2c3d4-480.webp", "poster.jpg",
         "0123456789abcdef0-1.jpg", "0123456789abcdef-wide.jpg")


def holds(db):
    video = db.add()
    db.make(video)
    keys = [f"thumbnails/{video}/{name}" for name in NAMES]
    lost = f"thumbnails/{video}/fedcba9876543210-1-480.webp"
    expect("what is an orphan", db.worker.all("SELECT thumbnails.list_orphans(%s)", [*keys, lost]), [lost])
    shown = db.add()
    db.platform("UPDATE videos SET thumbnail_url = %s WHERE id = %s", f"https://cdn.example/thumbnails/{shown}/1280-720.jpg", shown)
    db.merge()
    db.platform("UPDATE videos SET video_url = 'http://x/another.mp4' WHERE id = %s", shown)
    expect("nothing is made of it", db.work_off(), [])
    expect("it stays", db.platform("SELECT thumbnail_url FROM videos WHERE id = %s", shown), f"https://cdn.example/thumbnails/{shown}/1280-720.jpg")
    expect("and is put down by nobody", db.root("SELECT count(*) FROM thumbnails.object_deletions"), 0)
    db.expect_life()
