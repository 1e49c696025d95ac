"""Infinite and absurd times in all columns, before the migration and after it."""

from habit import expect


def holds(db):
    db.expect_reports()
    db.merge()
    lacking = db.platform("SELECT count(*) FROM videos WHERE thumbnail_url IS NULL")
    expect("the sweep finds all", db.sweep()["retriedCount"], lacking)
    db.expect_reports()
    expect("all are made", len(db.work_off()), lacking)
    expect("all are completed", set(db.platform.all("SELECT thumbnail_generation_status FROM videos")), {"completed", None})
    db.expect_reports()
    # Of another program's work, while there is a job.
    for time in ("infinity", "-infinity", "4713-01-01 BC", "294276-12-31"):
        video = db.add(created_at=time)
        db.merge()
        db.platform("""UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = %s,
                       thumbnail_generation_last_attempt_at = %s, updated_at = %s WHERE id = %s""", time, time, time, video)
        db.merge()
        db.expect_reports()
        db.sweep()
        db.look_after()
        db.platform("SELECT batch_trigger_thumbnail_generation(10)")
        db.worker("SELECT thumbnails.act('retry', '{}', 10, NULL, NULL)")
        db.time_passes()
        db.make(video)
    db.expect_life()
    db.expect_idle()
