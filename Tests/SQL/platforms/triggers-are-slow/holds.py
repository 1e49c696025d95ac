"""A trigger takes long at every write (it asks another server), and what was finished has to be shown on many rows at once: the whole would take longer
than `statement_timeout` allows."""

from habit import expect

SLOW = True
MANY = """INSERT INTO videos (status, video_url)
          SELECT 'processing', CASE WHEN n > 40 THEN 'http://x/' || n || '.mp4' END FROM generate_series(1, 80) AS n"""


def holds(db):
    db.platform(MANY)
    db.worker("SET statement_timeout = '2s'")
    db.merge()
    expect("waiting", db.root("SELECT count(*) FROM thumbnails.jobs"), 40)
    while db.root("SELECT count(*) FROM thumbnails.set_aside"):
        db.root("UPDATE thumbnails.set_aside SET at = at - interval '1 min'")
        db.look_after()
        db.merge()
    expect("without a URL", db.root("SELECT count(*) FROM videos WHERE thumbnail_generation_error = 'Video URL is null'"), 40)
    # Started anew by hand: some in one call, the others in the next ones.
    db.root("DELETE FROM thumbnails.jobs")
    calls = [db.worker("SELECT batch_trigger_thumbnail_generation(1000) ->> 'processed'") for _ in range(8)]
    expect("each in its time", (sum(map(int, calls)), 0 < int(calls[0]) < 40), (40, True))
    # And what people cancel and start again.
    for action in ("cancel", "retry"):
        before, done, calls = None, 0, 0
        while calls == 0 or done < 40 and calls < 40:
            answer = db.worker(f"SELECT thumbnails.act('{action}', '{{\"host\": \"x\"}}', 1000, %s, 'a person')", before)
            before, done, calls = answer["before"], done + answer["processed"], calls + 1
            expect("what is left", answer["remaining"], 40 - done)
        expect(f"{action}: in several calls", (done, calls > 1), (40, True))
    db.worker("SET statement_timeout = 0")
    expect("at the end", len(db.work_off()), 40)
