"""Database Webhooks made in Supabase's dashboard survive: also one that posts to auto-generate-thumbnail, which understands their envelope."""

from habit import expect

WEBHOOKS = ["make thumbnails", "notify search"]
POSTED = """SELECT url, body #>> '{record,id}' FROM supabase_functions.hooks
             WHERE body ->> 'type' = 'UPDATE' AND body #>> '{record,status}' = 'completed' AND body #>> '{old_record,status}' = 'processing'
             ORDER BY url"""


def holds(db):
    expect("both are there", db.platforms_triggers(), WEBHOOKS)
    db.migrate(anew=True)
    expect("after another run, too", db.platforms_triggers(), WEBHOOKS)
    video = db.add("processing")
    db.finish(video)
    expect("they post", db.platform.all(POSTED),
           [("http://platform.example/functions/v1/auto-generate-thumbnail", video), ("http://platform.example/functions/v1/index-video", video)])
    db.make(video)
    expect("a late one of them does no work", db.claim(video).outcome, "completed")
    db.expect_life()
