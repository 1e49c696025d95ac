"""A row shows another video's picture, for it is a copy, or was merged with a duplicate, or two have been exchanged: an object that is shown stays, and
goes when nobody shows it any more. If the row then gets another video, what was copied is made anew, and what was chosen stays."""

from habit import expect, picture

COPY = ("INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata) "
        "SELECT status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_metadata FROM videos WHERE id = %s RETURNING id")


def gets_another_video(db):
    original, chosen = db.make(db.add()), db.add(thumbnail_url="http://user.example/p.jpg")
    copy, renamed = db.platform(COPY, original.video), db.make(db.add()).video
    new = db.platform("UPDATE videos SET id = gen_random_uuid() WHERE id = %s RETURNING id", renamed)
    db.platform("UPDATE videos SET thumbnail_url = %s WHERE id = %s", picture(original)[0], chosen)
    given = db.add(thumbnail_url=picture(original)[0])
    expect("nothing is made", db.work_off(), [])
    for number, merges in enumerate((True, False)):
        db.platform("UPDATE videos SET video_url = 'http://x/other' || %s || '.mp4' WHERE id <> %s", number, original.video)
        expect("what waits", [db.state(video)[0] for video in (copy, new, chosen, given)], ["pending", "pending", "completed", "completed"])
        second = db.platform(COPY, copy)
        if merges:
            db.merge()
        expect("made anew", sorted(db.work_off()), sorted((copy, new, second)))
        expect("the original's object stays", picture(original)[1] in db.collected(), False)
        db.platform("DELETE FROM videos WHERE id = %s", second)
    expect("what was chosen stays", {db.picture(chosen), db.picture(given)}, {picture(original)[0]})
    db.platform("DELETE FROM videos")
    db.merge()
    db.collected()


def holds(db):
    gets_another_video(db)
    db.root("DELETE FROM thumbnails.object_deletions")
    db.root("DELETE FROM thumbnails.borrowed")

    def shown():
        return [key for key in db.collected() if db.root("SELECT true FROM videos WHERE strpos(thumbnail_url, %s) > 0 LIMIT 1", key)]

    original = db.make(db.add())
    copy = db.platform(COPY, original.video)
    duplicate, master = db.make(db.add()), db.add("processing")
    db.platform("UPDATE videos SET status = 'completed', thumbnail_url = %s WHERE id = %s", picture(duplicate)[0], master)
    unfinished = db.add("processing")
    db.platform("UPDATE videos SET thumbnail_url = %s WHERE id = %s", picture(duplicate)[0], unfinished)
    swapped = [db.make(db.add()).video, db.make(db.add()).video]
    db.platform("UPDATE videos AS v SET thumbnail_url = o.thumbnail_url FROM videos AS o WHERE v.id = ANY (%s::uuid[]) AND o.id = ANY (%s::uuid[]) AND o.id <> v.id",
                swapped, swapped)
    expect("nothing is made", db.work_off(), [])
    db.platform("DELETE FROM videos WHERE id IN (%s, %s)", original.video, duplicate.video)
    db.merge()
    expect("four are put down", len(db.put_down()), 4)
    expect("of those shown", shown(), [])
    expect("a listing of the store", db.worker.all("SELECT thumbnails.list_orphans(ARRAY[%s, %s])", picture(original)[1], picture(duplicate)[1]), [])

    db.platform("DELETE FROM videos WHERE id = %s", copy)
    db.platform("UPDATE videos SET thumbnail_url = 'http://user.example/p.jpg' WHERE id = %s", master)
    db.merge()
    expect("shown by one that is not finished", db.collected(), [picture(original)[1]])
    db.platform("DELETE FROM videos WHERE id = %s", unfinished)
    expect("when nobody shows them", db.collected(), sorted([picture(original)[1], picture(duplicate)[1]]))
    db.worker("SELECT thumbnails.forget_objects(%s)", [picture(original)[1], picture(duplicate)[1]])
    expect("what is remembered", db.root("SELECT count(*) FROM thumbnails.borrowed"), 2)
    db.expect_idle()
    db.expect_quiet()
