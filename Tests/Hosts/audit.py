"""The auditor: reads the rows, the queue, thumbnails.events and the store's listing, and says what cannot be right.

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
#: Classes of failure that are for good at once. After any other a video has all its attempts.
PERMANENT = ("media", "forbidden")
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


class World:
    """What there is to audit, read in one transaction of the connection (which may have planted something).

    `read_keys`: the store's listing. `fetch`: the bytes behind a public URL, or None. `acknowledged`: ids of the videos whose INSERT the database
    acknowledged. `completions`: (video, token) of results that were acknowledged to a worker. `expected`: by id, how a video has to end:
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
        elif row.state == "failed" and not row.has_job:
            if not row.error or not row.code:
                yield f"{row.id}: failed without a reason"
        elif row.state == "failed":
            yield f"{row.id}: failed, and to be tried again"
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
        # A note, such as that pg_net refused the webhook, moves nothing and may come first.
        for place, event in enumerate(event for event in events if event.after is not None):
            if event.token is None and place > 0:
                yield f"{video}: from {event.before} to {event.after} without a claim"


def only_lost_hints_are_found(world):
    """What notices a video is its hint. The net under that is for the hints that were lost, and holds each of them."""
    for video, events in world.history.items():
        if video not in world.lost_hints and any(event.is_find for event in events):
            yield f"{video}: had to be found, and its hint was not lost"
    for video in world.lost_hints & set(world.rows):
        if not any(event.is_find for event in world.history.get(video, ())):
            yield f"{video}: its hint was lost, and nobody found it"


def counted_attempts(events):
    """How many attempts count at the end, and at most."""
    counted = most = last = 0
    for event in events:
        if event.is_claim:
            counted, last = counted + 1, event.attempt
            most = max(most, counted)
        elif event.is_give_back and event.attempt < last:
            counted -= 1
    return counted, most


def attempts_are_counted(world):
    for video, events in world.history.items():
        _, most = counted_attempts(events)
        if most > MAX_ATTEMPTS:
            yield f"{video}: {most} counted attempts"
    for row in world.rows.values():
        if (row.attempts or 0) > MAX_ATTEMPTS:
            yield f"{row.id}: attempts say {row.attempts}"


def nobody_is_given_up_early(world):
    for row in world.rows.values():
        if row.state == "failed" and not row.has_job and row.code not in PERMANENT:
            counted, _ = counted_attempts(world.history.get(row.id, ()))
            if counted < MAX_ATTEMPTS:
                yield f"{row.id}: failed for good as {row.code} after {counted} attempts"


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
                # What is kept is its claim's still.
                is_open = event.is_refusal


def what_is_kept_is_written(world):
    """A result the platform refuses costs no attempt, is not made again, and is the next that the row gets."""
    for video, events in world.history.items():
        claim = kept = None
        for event in events:
            if event.is_claim:
                if kept:
                    yield f"{video}: claim {event.token} came while the result of claim {kept.token} was kept"
                claim, kept = event, None
            elif event.is_refusal:
                if claim is None or event.attempt != claim.attempt:
                    yield f"{video}: its attempt {claim and claim.attempt} became {event.attempt} when the platform refused the result"
                kept = event
            elif kept and event.after is not None:
                if event.token != kept.token or event.is_give_back or event.after == "completed" and event.kind != "kept":
                    yield f"{video}: the result of claim {kept.token} was kept, and {event.after} was written by {event.token} ({event.kind})"
                elif event.attempt != kept.attempt:
                    yield f"{video}: kept as attempt {kept.attempt}, written as attempt {event.attempt}"
                kept = None
            elif event.kind == "kept":
                yield f"{video}: claim {event.token} was written as a kept result, which it was not"
        if kept:
            yield f"{video}: the result of claim {kept.token} is kept, and nobody has written it"


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
    for video, token in world.watch.past:
        yield f"{video}: at work by claim {token} past its lease for two sweeps"
    for job in world.jobs:
        if job.lease_is_over:
            yield f"{job.video}: at work by claim {job.token} past its lease"


def nobody_is_forgotten(world):
    for video, state in world.watch.forgotten:
        yield f"{video}: {state} for two sweeps, with neither a job nor a hint"
    for (video,) in world.watch.parked:
        yield f"{video}: parked for two sweeps, and no job of its uploader is admitted"


def nothing_is_left_to_do(world):
    for job in world.jobs:
        yield f"{job.video}: a job ({job.kind}, lane {job.lane}) is left"
    for video, reason in world.inbox:
        yield f"{video}: a hint ({reason}) is left"
    for video, reason, text in world.set_aside:
        yield f"{video}: a hint ({reason}) was put aside: {text}"


RULES = [no_row_is_lost, every_video_has_ended, each_video_ends_as_it_should, the_history_ends_where_the_row_is, nobody_starts_a_video_anew,
         only_lost_hints_are_found, attempts_are_counted, nobody_is_given_up_early, the_result_is_the_rows, no_stale_write_is_accepted,
         what_is_kept_is_written, each_video_has_one_result, no_acknowledged_completion_is_lost, every_url_serves_its_bytes,
         one_object_is_left_for_each, nothing_stays_past_its_lease, nobody_is_forgotten, nothing_is_left_to_do]


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
