"""Every change is copied into an audit table, ours too, whole."""

from habit import expect


def holds(db):
    db.expect_life()
    video = db.add()
    db.make(video)
    changes = db.platform.all("SELECT old ->> 'thumbnail_generation_status', new ->> 'thumbnail_generation_status', by_whom "
                              "FROM audit WHERE new ->> 'id' = %s ORDER BY id", video)
    expect("what the audit has", changes,
           [(None, "pending", "platform"), ("pending", "processing", "platform"), ("processing", "completed", "platform")])
    db.expect_idle()
