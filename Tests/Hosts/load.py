"""A steady flow of finished videos, and a journal of what the database has acknowledged."""

import random
import threading
import time
import uuid

import psycopg2

GOOD = ["/one.mp4", "/two.mp4", "/three.mkv"]
#: Of each five videos one names no uploader; the others are of so few that each has several waiting whenever something goes wrong.
UPLOADERS = [None, *(str(uuid.UUID(int=number)) for number in range(1, 5))]
FORBIDDEN = "http://169.254.169.254/latest/meta-data"


class Video:
    """One INSERT. Times are this process's clock's."""

    __slots__ = ("id", "url", "expected", "uploader", "acknowledged_at", "finished_at")

    def __init__(self, url, expected, uploader):
        #: `expected`: `completed`, or the class with which it has to fail.
        self.id, self.url, self.expected, self.uploader = str(uuid.uuid4()), url, expected, uploader
        #: None where the answer to the COMMIT never came: the row may be there or not.
        self.acknowledged_at = None
        #: When it was first seen in a state from which nothing moves it.
        self.finished_at = None

    @property
    def is_good(self):
        return self.expected == "completed"


class Load:
    """Inserts `rate` videos a second until it is stopped, and looks ten times a second which are finished."""

    def __init__(self, database, origin, rate, seed):
        self.database, self.origin, self.rate, self.seed = database, origin, rate, seed
        self.videos = []
        self.is_running = True
        self.refused = 0
        self.lock = threading.Lock()
        self.open = {}
        #: What ended one of the threads before its time.
        self.error = None
        self.threads = [threading.Thread(target=self.guarded, args=(work,), daemon=True) for work in (self.insert_all, self.watch)]
        for thread in self.threads:
            thread.start()

    def guarded(self, work):
        try:
            work()
        except Exception as error:  # reported by whoever ends the run
            self.error = error

    def draw(self, number):
        """The video of that number: always the same of one seed."""
        choice = random.Random(f"{self.seed}/{number}")
        kind, uploader = choice.random(), choice.choice(UPLOADERS)
        if kind < 0.03:
            return Video(f"{self.origin}/gone.mp4?{number}", "source", uploader)
        if kind < 0.05:
            return Video(f"{self.origin}/not-a-video.mp4?{number}", "media", uploader)
        if kind < 0.07:
            return Video(FORBIDDEN, "forbidden", uploader)
        return Video(f"{self.origin}{choice.choice(GOOD)}?{number}", "completed", uploader)

    def insert_all(self):
        connection = None
        start, count = time.monotonic(), 0
        while self.is_running:
            wait = start + count / self.rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            elif wait < -1:
                # The database was away: those are not made up for, they are other people's videos.
                start, count = time.monotonic(), 0
            count += 1
            try:
                if connection is None:
                    connection = self.database.connect()
                video = self.draw(len(self.videos))
                with self.lock:
                    self.videos.append(video)
                    self.open[video.id] = video
                connection.cursor().execute(self.INSERT, (video.id, video.url, video.uploader))
                video.acknowledged_at = time.time()
            except psycopg2.Error:
                self.refused += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.1)
        if connection is not None:
            connection.close()

    INSERT = "INSERT INTO videos (id, title, status, video_url, user_id) VALUES (%s, 'load', 'completed', %s, %s)"

    FINAL = """SELECT id::text FROM videos v WHERE id = ANY (%s::uuid[])
        AND (thumbnail_generation_status = 'completed'
             OR thumbnail_generation_status = 'failed' AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id))"""

    def watch(self):
        connection = None
        while True:
            time.sleep(0.1)
            with self.lock:
                ids = list(self.open)
            if not ids and not self.is_running:
                return
            try:
                if connection is None:
                    connection = self.database.connect()
                cursor = connection.cursor()
                cursor.execute(self.FINAL, (ids,))
                now = time.time()
                with self.lock:
                    for (video,) in cursor.fetchall():
                        self.open.pop(video).finished_at = now
            except psycopg2.Error:
                if connection is not None:
                    connection.close()
                connection = None

    def unfinished(self, before=None):
        """Videos the database has acknowledged that are not finished. Before a moment: only good ones, for the others are to fail three times."""
        with self.lock:
            return [v for v in self.open.values() if v.acknowledged_at and (before is None or v.acknowledged_at < before and v.is_good)]

    def settle(self, seconds, before=None):
        """Waits until those are finished; those that are not in time are given back."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.unfinished(before):
                return []
            time.sleep(0.1)
        return self.unfinished(before)

    def share(self, begin, end):
        """Of the videos due to come between two moments, the share that came; and how many good ones were finished for each that came."""
        came = [v for v in self.videos if v.acknowledged_at and begin <= v.acknowledged_at < end]
        went = [v for v in self.videos if v.is_good and v.finished_at and begin <= v.finished_at < end]
        return len(came) / (self.rate * (end - begin)), len(went) / max(1, sum(v.is_good for v in came))

    def stop(self):
        self.is_running = False
        self.threads[0].join()
