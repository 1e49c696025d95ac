"""What only somebody sees who looks more than once."""


class Watch:
    """Told after each answered sweep, remembers what was wrong at one and is, in the same way, at the next.

    Past their lease: left out are jobs that another transaction holds locked just then, for nobody can take those over, and the time while a
    breaker is open, when nobody shall. Forgotten: what lacks its picture and is in nobody's hands. Parked: what waits for a job of its
    uploader to end, where none is at work or about to be (one that waits for its next attempt, or for the platform, holds up nobody).
    """

    PAST = """SELECT video_id::text, token FROM thumbnails.jobs WHERE token IS NOT NULL AND due_at < clock_timestamp()
        FOR NO KEY UPDATE SKIP LOCKED"""

    FORGOTTEN = """SELECT v.id::text, v.thumbnail_generation_status FROM videos v
        WHERE v.status = 'completed' AND thumbnails.lacks(v.thumbnail_url)
          AND NOT (v.thumbnail_generation_status IS NOT DISTINCT FROM 'failed' AND v.thumbnail_generation_error_code IS NOT NULL)
          AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id)
          AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id)"""

    PARKED = """SELECT p.video_id::text FROM thumbnails.jobs p
        WHERE p.due_at = 'infinity'
          AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.tenant = p.tenant AND j.lane < 9 AND j.due_at < 'infinity'
                                                        AND (j.token IS NOT NULL OR j.due_at <= clock_timestamp() + interval '1 second'))"""

    def __init__(self):
        self.past, self.forgotten, self.parked = set(), set(), set()
        self.before = {"past": set(), "forgotten": set(), "parked": set()}

    def after_sweep(self, connection):
        cursor = connection.cursor()
        cursor.execute("SELECT EXISTS (SELECT FROM thumbnails.breakers WHERE open_until IS NOT NULL)")
        is_paused = cursor.fetchone()[0]
        for name, sql in (("past", self.PAST), ("forgotten", self.FORGOTTEN), ("parked", self.PARKED)):
            now = set()
            if not (is_paused and name == "past"):
                cursor.execute(sql)
                now = set(cursor.fetchall())
            getattr(self, name).update(now & self.before[name])
            self.before[name] = now
