"""A steady flow of finished videos, and a journal of what the database has acknowledged."""

import random
import threading
import time
import uuid

import psycopg2

#: What becomes of a video by its path: a thumbnail, or a failure for good with the class.
GOOD = ["/one.mp4", "/two.mp4", "/three.mkv"]
BAD = {"/gone.mp4": "source", "/not-a-video.mp4": "media"}
FORBIDDEN = "http://169.254.169.254/latest/meta-data"


class Video:
    __slots__ = ("id", "url", "expected", "asked_at", "acknowledged_at", "finished_at")

    def __init__(self, url, expected):
        self.id, self.url, self.expected = str(uuid.uuid4()), url, expected
        self.asked_at = time.time()
        #: nil where the answer to the COMMIT never came: the row may be there or not.
        self.acknowledged_at = None
        #: When it was first seen in a state from which nothing moves it, by the clock of this process.
        self.finished_at = None


class Load:
    """Inserts `rate` videos a second until it is stopped; looks four times a second which are finished."""

    def __init__(self, database, origin, rate, seed):
        self.database, self.origin, self.rate = database, origin, rate
        self.random = random.Random(seed)
        self.videos = []
        self.is_running = True
        self.errors = 0
        self.lock = threading.Lock()
        self.open = {}
        self.threads = [threading.Thread(target=self.insert_all, daemon=True), threading.Thread(target=self.watch, daemon=True)]
        for thread in self.threads:
            thread.start()

    def draw(self):
        number = self.random.random()
        if number < 0.03:
            return Video(f"{self.origin}/gone.mp4?{len(self.videos)}", "source")
        if number < 0.05:
            return Video(f"{self.origin}/not-a-video.mp4?{len(self.videos)}", "media")
        if number < 0.07:
            return Video(FORBIDDEN, "forbidden")
        return Video(f"{self.origin}{self.random.choice(GOOD)}?{len(self.videos)}", "completed")

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
            video = None
            try:
                if connection is None:
                    connection = self.database.connect()
                video = self.draw()
                with self.lock:
                    self.videos.append(video)
                    self.open[video.id] = video
                connection.cursor().execute("INSERT INTO videos (id, title, status, video_url) VALUES (%s, 'load', 'completed', %s)", (video.id, video.url))
                video.acknowledged_at = time.time()
            except psycopg2.Error:
                self.errors += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.1)
        if connection is not None:
            connection.close()

    FINAL = """SELECT id::text FROM videos WHERE id = ANY (%s::uuid[])
        AND (thumbnail_generation_status = 'completed' OR thumbnail_generation_status = 'failed' AND thumbnail_generation_next_attempt_at IS NULL)"""

    def watch(self):
        connection = None
        while True:
            with self.lock:
                ids = list(self.open)
            if not ids:
                if not self.is_running:
                    return
                time.sleep(0.1)
                continue
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
            time.sleep(0.1)

    def unfinished(self, before=None):
        """Videos the database has acknowledged that are not finished. Before a moment: only good ones, for the others are to fail three times."""
        with self.lock:
            return [v for v in self.open.values() if v.acknowledged_at and (before is None or v.acknowledged_at < before and v.expected == "completed")]

    def settle(self, seconds, before=None):
        """Waits until those are finished; those that are not in time are given back."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.unfinished(before):
                return []
            time.sleep(0.1)
        return self.unfinished(before)

    def stop(self):
        self.is_running = False
        self.threads[0].join()
