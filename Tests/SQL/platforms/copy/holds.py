"""Rows that come and go by COPY, in every state."""

import io

from habit import expect

ROWS = """00000000-0000-4000-8000-000000000001,completed,http://x/1.mp4,
00000000-0000-4000-8000-000000000002,processing,http://x/2.mp4,
00000000-0000-4000-8000-000000000003,completed,http://x/3.mp4,http://user.example/3.jpg
00000000-0000-4000-8000-000000000004,completed,,
00000000-0000-4000-8000-000000000005,completed,http://x/5.mp4,"data:image/svg+xml,x"
"""
STATES = "SELECT thumbnail_generation_status FROM videos ORDER BY id"


def copy(db, sql, rows):
    with db.platform.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY videos {sql}", rows)
    return rows


def holds(db):
    copy(db, "(id, status, video_url, thumbnail_url) FROM STDIN CSV", io.StringIO(ROWS))
    db.merge()
    expect("states", db.platform.all(STATES), ["pending", None, "completed", "failed", "pending"])
    expect("made", [video[-1] for video in db.work_off()], ["1", "5"])
    # Out and in again, as a tool does that moves a table: nothing is made twice.
    rows = copy(db, "TO STDOUT", io.StringIO())
    with db.platform.transaction():
        db.platform("DELETE FROM videos")
        copy(db, "FROM STDIN", io.StringIO(rows.getvalue()))
    expect("moved", db.work_off(), [])
    expect("nothing that is named is collected", db.collected(), [])
    expect("states", db.platform.all(STATES), ["completed", None, "completed", "failed", "completed"])
    db.expect_idle()
    # More than a hundred at once wait behind a fresh one.
    copy(db, "(status, video_url) FROM STDIN", io.StringIO("completed\thttp://x/many.mp4\n" * 150))
    fresh = db.add()
    made = db.work_off()
    expect("made", (len(made), made[0]), (151, fresh))
    db.expect_life()
