#!/usr/bin/python3
"""The auditor: reads the rows, thumbnails.events and the store's listing, and says what cannot be right.

It shares nothing with the handlers but the contract. Each rule is a function of a `World` that yields sentences; no sentence, no violation.
"""

import concurrent.futures
import hashlib
import json
import re
import urllib.error
import urllib.request

MAX_ATTEMPTS = 3
KEY = re.compile(r"thumbnails/([0-9a-f-]{36})/([0-9a-f]+)-(\d+)\.(jpg|webp)$")


class Row:
    def __init__(self, values):
        (self.id, self.state, self.url, self.error, self.code, self.attempts, self.next_attempt, self.token, self.lease, self.lease_is_over) = values


class Event:
    def __init__(self, values):
        self.id, self.video, self.before, self.after, self.token, self.attempt, self.failure_class = values

    @property
    def is_claim(self):
        return self.after == "processing" and self.token is not None

    @property
    def is_result(self):
        """A write of the claim it names."""
        return self.before == "processing" and self.after in ("completed", "failed", "pending") and self.token is not None


class World:
    """What there is to audit, read in one transaction of the connection (which may have planted something).

    `acknowledged`: ids of the videos whose INSERT the database acknowledged. `completions`: (video, token) of results that were acknowledged to
    a worker. `read_keys`: the store's listing. `fetch`: the bytes behind a public URL, or None.
    """

    def __init__(self, connection, read_keys, fetch, acknowledged=(), completions=(), stuck=()):
        cursor = connection.cursor()
        cursor.execute("""SELECT id::text, thumbnail_generation_status, thumbnail_url, thumbnail_generation_error, thumbnail_generation_error_code,
            thumbnail_generation_attempts, thumbnail_generation_next_attempt_at, thumbnail_generation_claim_token, thumbnail_generation_lease_until,
            thumbnail_generation_lease_until < clock_timestamp() FROM videos""")
        self.rows = {row.id: row for row in map(Row, cursor.fetchall())}
        cursor.execute("SELECT id, video_id::text, from_status, to_status, token, attempt, class FROM thumbnails.events ORDER BY id")
        self.events = [Event(values) for values in cursor.fetchall()]
        cursor.execute("SELECT video_id::text FROM thumbnail_webhooks")
        self.webhooks = {video for (video,) in cursor.fetchall()}
        self.history = {}
        for event in self.events:
            self.history.setdefault(event.video, []).append(event)
        self.keys, self.fetch = read_keys(), fetch
        self.acknowledged, self.completions, self.stuck = acknowledged, completions, stuck

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


def attempts_are_counted(world):
    for video, events in world.history.items():
        counted = most = 0
        for event in events:
            if event.is_claim:
                counted += 1
                last = event.attempt
                most = max(most, counted)
            elif event.is_result and event.after == "pending" and event.attempt < last:
                counted -= 1
            elif event.token is None:
                # Started anew by somebody.
                counted = 0
        if most > MAX_ATTEMPTS:
            yield f"{video}: {most} counted attempts"
    for row in world.rows.values():
        if (row.attempts or 0) > MAX_ATTEMPTS:
            yield f"{row.id}: attempts say {row.attempts}"


def the_result_is_the_rows(world):
    for row in world.completed():
        results = [event for event in world.history.get(row.id, ()) if event.after == "completed" and event.token is not None]
        match = KEY.search(row.url or "")
        if not results:
            yield f"{row.id}: completed, and no claim did it"
        elif not match or match[1] != row.id or int(match[3]) != results[-1].token:
            yield f"{row.id}: its URL is not that of claim {results[-1].token}: {row.url}"


def no_stale_write_is_accepted(world):
    for video, events in world.history.items():
        current = None
        for event in events:
            if event.is_claim:
                if current is not None and event.token <= current:
                    yield f"{video}: claim {event.token} came after claim {current}"
                current, is_open = event.token, True
            elif event.is_result:
                if event.token != current or not is_open:
                    yield f"{video}: a write of claim {event.token} to {event.after} was accepted while the row was {'claim ' + str(current) if is_open else 'nobody'}'s"
                is_open = False


def each_video_has_one_result(world):
    for video, events in world.history.items():
        has_result = False
        for event in events:
            if event.after == "completed":
                if has_result:
                    yield f"{video}: two results were accepted"
                has_result = True
            elif event.token is None:
                has_result = False


def no_acknowledged_completion_is_lost(world):
    known = {(event.video, event.token) for event in world.events if event.after == "completed"}
    for video, token in world.completions:
        if (video, token) not in known:
            yield f"{video}: the completion by claim {token} was acknowledged and is gone"


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


RULES = [no_row_is_lost, every_video_has_ended, attempts_are_counted, the_result_is_the_rows, no_stale_write_is_accepted, each_video_has_one_result,
         no_acknowledged_completion_is_lost, every_url_serves_its_bytes, one_object_is_left_for_each, nothing_stays_past_its_lease, nothing_is_announced_any_more]


def audit(world, rules=RULES):
    """Violations by the name of the rule."""
    return {rule.__name__: found for rule in rules if (found := list(rule(world)))}


def fetch(url):
    """What anybody gets at a public URL; None where nothing is served."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()
    except (urllib.error.URLError, TimeoutError):
        return None


class LeaseWatch:
    """Told after each answered sweep, remembers who was past the lease at one and is, with the same claim, at the next.

    Rows that another transaction holds locked just then are left out: nobody can take those over.
    """

    def __init__(self):
        self.before, self.stuck = set(), set()

    def after_sweep(self, connection):
        cursor = connection.cursor()
        cursor.execute("""SELECT id::text, thumbnail_generation_claim_token FROM videos
            WHERE thumbnail_generation_status = 'processing' AND thumbnail_generation_lease_until < clock_timestamp()
            FOR NO KEY UPDATE SKIP LOCKED""")
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
