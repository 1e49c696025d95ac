"""What there is to audit, and how it is read."""

import http.client
import json
import re
import urllib.request

from watch import Watch

KEY = re.compile(r"thumbnails/([0-9a-f-]{36})/([0-9a-f]+)-(\d+)\.(jpg|webp)$")


class Row:
    """What a video's row says at the end."""

    COLUMNS = """id::text, thumbnail_generation_status, thumbnail_url, thumbnail_generation_error, thumbnail_generation_error_code,
        thumbnail_generation_attempts, EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = videos.id)"""

    def __init__(self, values):
        self.id, self.state, self.url, self.error, self.code, self.attempts, self.has_job = values

    @property
    def token(self):
        """The claim whose object the URL names; None where it names none of this video's."""
        match = KEY.search(self.url or "")
        return int(match[3]) if match and match[1] == self.id else None


class Event:
    """A line of the history."""

    COLUMNS = "video_id::text, from_status, to_status, token, attempt, class, text"

    def __init__(self, values):
        self.video, self.before, self.after, self.token, self.attempt, self.kind, self.text = values

    @property
    def is_claim(self):
        return self.after == "processing" and self.token is not None

    @property
    def is_result(self):
        """A write of the claim it names."""
        return self.after in ("completed", "failed", "pending") and self.token is not None

    @property
    def is_refusal(self):
        """The platform refused the result of the claim it names: it is kept, and nobody but SQL has anything to do with it."""
        return self.after == "pending" and self.token is not None and self.kind == "platform"

    @property
    def is_give_back(self):
        """The claim it names gave its job back."""
        return self.after == "pending" and self.token is not None and not self.is_refusal

    @property
    def is_find(self):
        """Nobody had noticed the video: its hint was lost."""
        return self.after == "pending" and self.text in ("found by the sweep", "found by a claim")


class Job:
    """What the queue has of a video."""

    COLUMNS = "video_id::text, kind, lane, token, token IS NOT NULL AND due_at <= clock_timestamp()"

    def __init__(self, values):
        self.video, self.kind, self.lane, self.token, self.lease_is_over = values


class Evidence:
    """What there is to audit, read in one transaction of the connection (which may have planted something).

    `read_keys`: the store's listing. `fetch`: the bytes behind a public URL, or a text that says why there are none. `acknowledged`: ids of
    the videos whose INSERT the database acknowledged. `completions`: (video, token) of results that were acknowledged to a worker. `expected`: by id, how a video has to end:
    `completed`, or the class of its failure. `excused`: classes with which any may fail, for a fault of the run makes such failures.
    `lost_hints`: ids of the videos whose hints the run has taken away. `watch`: the `Watch` of the run.
    """

    def __init__(self, connection, read_keys, fetch, acknowledged=(), completions=(), expected=None, excused=(), lost_hints=(), watch=None):
        cursor = connection.cursor()
        cursor.execute(f"SELECT {Row.COLUMNS} FROM videos")
        self.rows = {row.id: row for row in map(Row, cursor.fetchall())}
        cursor.execute(f"SELECT {Event.COLUMNS} FROM thumbnails.events ORDER BY id")
        self.history = {}
        for event in map(Event, cursor.fetchall()):
            self.history.setdefault(event.video, []).append(event)
        cursor.execute(f"SELECT {Job.COLUMNS} FROM thumbnails.jobs")
        self.jobs = [Job(values) for values in cursor.fetchall()]
        cursor.execute("SELECT video_id::text, reason FROM thumbnails.inbox ORDER BY id")
        self.inbox = cursor.fetchall()
        cursor.execute("SELECT video_id::text, reason, text FROM thumbnails.set_aside WHERE sqlstate <> ''")
        self.set_aside = cursor.fetchall()
        self.keys, self.fetch = read_keys(), fetch
        self.acknowledged, self.completions, self.lost_hints, self.watch = acknowledged, completions, set(lost_hints), watch or Watch()
        self.expected, self.excused = expected or {}, excused

    def completed(self):
        return [row for row in self.rows.values() if row.state == "completed"]


def fetch(url):
    """What anybody gets at a public URL; a text that says why, where nothing is served."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()
    except (OSError, http.client.HTTPException) as problem:
        return str(problem) or type(problem).__name__


def completions_in_logs(paths):
    """(video, token) of each line with which a worker says that its result was accepted."""
    for path in paths:
        with open(path, errors="replace") as file:
            for line in file:
                if '"completed"' not in line:
                    continue
                try:
                    said = json.loads(line)
                except ValueError:
                    # Cut short by a SIGKILL.
                    continue
                if said.get("message") == "completed" and said.get("service") == "auto-generate-thumbnail":
                    yield said["videoId"], said["claimToken"]
