"""Rows hold the file itself and a transcript, megabytes each: nothing that is not needed is read, whatever its size."""

from habit import expect

SLOW = True


def holds(db):
    # As hexadecimal digits it is longer than a text of jsonb may be.
    video = db.platform("INSERT INTO videos (status, video_url, file, transcript) VALUES ('completed', 'http://x/1.mp4', "
                        "convert_to(repeat('0123456789abcdef', 9000000), 'UTF8'), to_jsonb(repeat('word ', 1000000))) RETURNING id")
    db.root(f'ALTER DATABASE "{db.name}" SET temp_file_limit = \'20MB\'')
    db.worker = db.session("handlers")
    expect("made", db.work_off(), [video])
    db.root("UPDATE thumbnails.positions SET swept_to = NULL")
    db.platform("UPDATE videos SET thumbnail_url = NULL")
    db.worker("SELECT public.auto_retry_stuck_thumbnails()")
    expect("made again", db.work_off(), [video])
    db.expect_reports()
    db.expect_quiet()
    db.expect_idle()
