"""The auditor: reads the rows, thumbnails.events and the store's listing, and says what cannot be right.

It shares nothing with the handlers but the contract. Each rule is a function of a `World` that yields sentences; no sentence, no violation.
What it takes for granted of the run: nobody starts a video anew, so a video has one result at most.
"""

import concurrent.futures
import hashlib
import http.client
import json
import re
import urllib.request

MAX_ATTEMPTS = 3
KEY = re.compile(r"thumbnails/([0-9a-f-]{36})/([0-9a-f]+)-(\d+)\.(jpg|webp)$")


class Row:
    """What a video's row says at the end."""

    COLUMNS = """id::text, thumbnail_generation_status, thumbnail_url, thumbnail_generation_error, thumbnail_generation_error_code,
        thumbnail_generation_attempts, thumbnail_generation_next_attempt_at, thumbnail_generation_lease_until < clock_timestamp()"""

    def __init__(self, values):
        self.id, self.state, self.url, self.error, self.code, self.attempts, self.next_attempt, self.lease_is_over = values

    @property
    def token(self):
        """The claim whose object the URL names; None where it names none of this video's."""
        match = KEY.search(self.url or "")
        return int(match[3]) if match and match[1] == self.id else None


class Event:
    """A line of the history."""

    def __init__(self, values):
        self.video, self.before, self.after, self.token, self.attempt = values

    @property
    def is_claim(self):
        return self.after == "processing" and self.token is not None

    @property
    def is_result(self):
        """A write of the claim it names."""
        return self.after in ("completed", "failed", "pending") and self.token is not None


class World:
    """What there is to audit, read in one transaction of the connection (which may have planted something).

    `read_keys`: the store's listing. `fetch`: the bytes behind a public URL, or None. `acknowledged`: ids of the videos whose INSERT the database
    acknowledged. `completions`: (video, token) of results that were acknowledged to a worker. `expected`: by id, how a video has to end:
    `completed`, or the class of its failure. `excused`: classes with which any may fail, for a fault of the run makes such failures.
    `stuck`: what a `LeaseWatch` has found.
    """

    def __init__(self, connection, read_keys, fetch, acknowledged=(), completions=(), expected=None, excused=(), stuck=()):
        cursor = connection.cursor()
        cursor.execute(f"SELECT {Row.COLUMNS} FROM videos")
        self.rows = {row.id: row for row in map(Row, cursor.fetchall())}
        cursor.execute("SELECT video_id::text, from_status, to_status, token, attempt FROM thumbnails.events ORDER BY id")
        self.history = {}
        for event in map(Event, cursor.fetchall()):
            self.history.setdefault(event.video, []).append(event)
        cursor.execute("SELECT video_id::text FROM thumbnail_webhooks")
        self.webhooks = {video for (video,) in cursor.fetchall()}
        self.keys, self.fetch = read_keys(), fetch
        self.acknowledged, self.completions, self.stuck = acknowledged, completions, stuck
        self.expected, self.excused = expected or {}, excused

    def completed(self):
        return [row for row in self.rows.values() if row.state == "completed"]


def no_row_is_lost(world):
    for video in world.acknowledged:
        if video not in world.rows:
            yield f"{video}: its INSERT was acknowledged and it is gone"


def every_video_has_ended(world):
    for row in world.rows.values():
        if row.state == "completed":
            if not row.url:
                yield f"{row.id}: completed without a thumbnail"
            if row.error:
                yield f"{row.id}: completed with the error of an earlier attempt"
        elif row.state == "failed" and row.next_attempt is None:
            if not row.error or not row.code:
                yield f"{row.id}: failed without a reason"
        else:
            yield f"{row.id}: still {row.state}"


def each_video_ends_as_it_should(world):
    for row in world.rows.values():
        wanted = world.expected.get(row.id)
        if wanted is None:
            continue
        if row.state == "failed" and row.code != wanted and row.code not in world.excused:
            yield f"{row.id}: failed as {row.code} ({row.error}), and should be {wanted}"
        if row.state == "completed" and wanted != "completed":
            yield f"{row.id}: completed, and should have failed as {wanted}"


def the_history_ends_where_the_row_is(world):
    for row in world.rows.values():
        states = [event.after for event in world.history.get(row.id, ()) if event.after]
        if not states or states[-1] != row.state:
            yield f"{row.id}: is {row.state}, and its history ends with {states[-1:] or 'nothing'}"


def nobody_starts_a_video_anew(world):
    for video, events in world.history.items():
        for place, event in enumerate(events):
            if event.token is None and event.after is not None and place > 0:
                yield f"{video}: from {event.before} to {event.after} without a claim"


def attempts_are_counted(world):
    for video, events in world.history.items():
        counted = most = last = 0
        for event in events:
            if event.is_claim:
                counted, last = counted + 1, event.attempt
                most = max(most, counted)
            elif event.is_result and event.after == "pending" and event.attempt < last:
                counted -= 1
        if most > MAX_ATTEMPTS:
            yield f"{video}: {most} counted attempts"
    for row in world.rows.values():
        if (row.attempts or 0) > MAX_ATTEMPTS:
            yield f"{row.id}: attempts say {row.attempts}"


def the_result_is_the_rows(world):
    for row in world.completed():
        results = [event for event in world.history.get(row.id, ()) if event.after == "completed" and event.token is not None]
        if not results:
            yield f"{row.id}: completed, and no claim did it"
        elif row.token != results[-1].token:
            yield f"{row.id}: its URL is not that of claim {results[-1].token}: {row.url}"


def no_stale_write_is_accepted(world):
    for video, events in world.history.items():
        current, is_open = None, False
        for event in events:
            if event.is_claim:
                if current is not None and event.token <= current:
                    yield f"{video}: claim {event.token} came after claim {current}"
                current, is_open = event.token, True
            elif event.after is not None:
                if event.is_result and (event.token != current or not is_open):
                    owner = f"claim {current}'s" if is_open else "nobody's"
                    yield f"{video}: a write of claim {event.token} to {event.after} was accepted while the row was {owner}"
                is_open = False


def each_video_has_one_result(world):
    for video, events in world.history.items():
        if sum(event.after == "completed" for event in events) > 1:
            yield f"{video}: several results were accepted"


def no_acknowledged_completion_is_lost(world):
    known = {(video, event.token) for video, events in world.history.items() for event in events if event.after == "completed"}
    for video, token in world.completions:
        row = world.rows.get(video)
        if (video, token) not in known or row is None or row.state != "completed" or row.token != token:
            yield f"{video}: the completion by claim {token} was acknowledged and does not stand"


def every_url_serves_its_bytes(world):
    def look(row):
        match = KEY.search(row.url or "")
        body = world.fetch(row.url) if match else None
        if body is None:
            return f"{row.id}: nothing is served at {row.url}"
        if not hashlib.sha256(body).hexdigest().startswith(match[2]):
            return f"{row.id}: other bytes than those of its key are served"
        return None
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        yield from filter(None, pool.map(look, world.completed()))


def one_object_is_left_for_each(world):
    wanted = {KEY.search(row.url)[0] for row in world.completed() if KEY.search(row.url or "")}
    keys = set(world.keys)
    for key in sorted(keys - wanted):
        yield f"{key}: an object no row names"
    for key in sorted(wanted - keys):
        yield f"{key}: a row's object is missing in the listing"


def nothing_stays_past_its_lease(world):
    for video, token in world.stuck:
        yield f"{video}: processing by claim {token} past its lease for two sweeps"
    for row in world.rows.values():
        if row.state == "processing" and row.lease_is_over:
            yield f"{row.id}: processing past its lease"


def nothing_is_announced_any_more(world):
    for video in world.webhooks:
        yield f"{video}: ended, and still announced"


RULES = [no_row_is_lost, every_video_has_ended, each_video_ends_as_it_should, the_history_ends_where_the_row_is, nobody_starts_a_video_anew,
         attempts_are_counted, the_result_is_the_rows, no_stale_write_is_accepted, each_video_has_one_result, no_acknowledged_completion_is_lost,
         every_url_serves_its_bytes, one_object_is_left_for_each, nothing_stays_past_its_lease, nothing_is_announced_any_more]


def audit(world, rules=RULES):
    """Violations by the name of the rule."""
    return {rule.__name__: found for rule in rules if (found := list(rule(world)))}


def fetch(url):
    """What anybody gets at a public URL; None where nothing is served."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()
    except (OSError, http.client.HTTPException):
        return None


class LeaseWatch:
    """Told after each answered sweep, remembers who was past the lease at one and is, with the same claim, at the next.

    Left out are rows that another transaction holds locked just then, for nobody can take those over, and the time while a breaker is open, when
    nobody shall.
    """

    PAST = """SELECT id::text, thumbnail_generation_claim_token FROM videos
        WHERE thumbnail_generation_status = 'processing' AND thumbnail_generation_lease_until < clock_timestamp()
        FOR NO KEY UPDATE SKIP LOCKED"""

    def __init__(self):
        self.before, self.stuck = set(), set()

    def after_sweep(self, connection):
        cursor = connection.cursor()
        cursor.execute("SELECT EXISTS (SELECT FROM thumbnails.breakers WHERE open_until IS NOT NULL)")
        if cursor.fetchone()[0]:
            self.before = set()
            return
        cursor.execute(self.PAST)
        now = set(cursor.fetchall())
        self.stuck |= now & self.before
        self.before = now


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
