"""RLS is forced on the owner later, who sees no row then: nothing is taken for gone, no object is deleted, and what helps is said."""

import habit
from habit import expect, picture


def holds(db):
    waits, made, works = db.add(), db.add(), db.add()
    claim = db.make(made)
    claim_of_another = db.claim(works)
    db.merge()
    expect("a storyboard", db.worker("SELECT thumbnails.request_storyboard(%s)", made), "queued")
    key = picture(claim)[1]
    expect("no orphan", db.worker.all("SELECT thumbnails.list_orphans(ARRAY[%s])", key), [])
    db.platform("CREATE POLICY own ON videos FOR INSERT WITH CHECK (true); ALTER TABLE videos ENABLE ROW LEVEL SECURITY; ALTER TABLE videos FORCE ROW LEVEL SECURITY")
    expect("the platform's writes go on", db.platform.error("INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/late.mp4')"), None)
    for call in ("merge(100)", f"claim('{waits}', 30)", "claim_next(30)", f"list_orphans(ARRAY['{key}'])", "sweep(false)"):
        expect(call, db.worker.error(f"SELECT thumbnails.{call}"), "55000")
    expect("the result", db.complete(claim_of_another), "kept")
    what_helps = "ALTER TABLE public.videos NO FORCE ROW LEVEL SECURITY"
    expect("the check", what_helps in db.worker("SELECT thumbnails.trial()"), True)
    expect("the report", what_helps in db.worker("SELECT thumbnails.look()")["processProblems"][0], True)
    db.platform(what_helps)
    db.time_passes()
    db.look_after()
    expect("the kept result", db.picture(works), picture(claim_of_another)[0])
    late = db.platform("SELECT id FROM videos WHERE video_url = 'http://x/late.mp4'")
    expect("made", [video for video in db.work_off() if video != made], [waits, late])
    expect("set aside", db.root.all("SELECT text FROM thumbnails.set_aside"), [])
    expect("no orphan", db.worker.all("SELECT thumbnails.list_orphans(ARRAY[%s])", key), [])
    habit.expect("the trial", db.worker("SELECT thumbnails.trial()"), None)
