"""The auditor: reads the rows, the queue, thumbnails.events and the store's listing, and says what cannot be right.

It shares nothing with the handlers but the contract. Each rule is a function of a `Evidence` that yields sentences; no sentence, no violation.
What it takes for granted of the run: nobody starts a video anew, so a video has one result at most.
"""

import concurrent.futures
import hashlib

from evidence import KEY

MAX_ATTEMPTS = 3
#: Classes of failure that are for good at once. After any other a video has all its attempts.
PERMANENT = ("media", "forbidden")


def no_row_is_lost(evidence):
    for video in evidence.acknowledged:
        if video not in evidence.rows:
            yield f"{video}: its INSERT was acknowledged and it is gone"


def every_video_has_ended(evidence):
    for row in evidence.rows.values():
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


def each_video_ends_as_it_should(evidence):
    for row in evidence.rows.values():
        wanted = evidence.expected.get(row.id)
        if wanted is None:
            continue
        if row.state == "failed" and row.code != wanted and row.code not in evidence.excused:
            yield f"{row.id}: failed as {row.code} ({row.error}), and should be {wanted}"
        if row.state == "completed" and wanted != "completed":
            yield f"{row.id}: completed, and should have failed as {wanted}"


def the_history_ends_where_the_row_is(evidence):
    for row in evidence.rows.values():
        states = [event.after for event in evidence.history.get(row.id, ()) if event.after]
        if not states or states[-1] != row.state:
            yield f"{row.id}: is {row.state}, and its history ends with {states[-1:] or 'nothing'}"


def nobody_starts_a_video_anew(evidence):
    for video, events in evidence.history.items():
        # A note, such as that pg_net refused the webhook, moves nothing and may come first.
        for place, event in enumerate(event for event in events if event.after is not None):
            if event.token is None and place > 0:
                yield f"{video}: from {event.before} to {event.after} without a claim"


def only_lost_hints_are_found(evidence):
    """What notices a video is its hint. The net under that is for the hints that were lost, and holds each of them."""
    for video, events in evidence.history.items():
        if video not in evidence.lost_hints and any(event.is_find for event in events):
            yield f"{video}: had to be found, and its hint was not lost"
    for video in evidence.lost_hints & set(evidence.rows):
        if not any(event.is_find for event in evidence.history.get(video, ())):
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


def attempts_are_counted(evidence):
    for video, events in evidence.history.items():
        _, most = counted_attempts(events)
        if most > MAX_ATTEMPTS:
            yield f"{video}: {most} counted attempts"
    for row in evidence.rows.values():
        if (row.attempts or 0) > MAX_ATTEMPTS:
            yield f"{row.id}: attempts say {row.attempts}"


def nobody_is_given_up_early(evidence):
    for row in evidence.rows.values():
        if row.state == "failed" and not row.has_job and row.code not in PERMANENT:
            counted, _ = counted_attempts(evidence.history.get(row.id, ()))
            if counted < MAX_ATTEMPTS:
                yield f"{row.id}: failed for good as {row.code} after {counted} attempts"


def the_result_is_the_rows(evidence):
    for row in evidence.completed():
        results = [event for event in evidence.history.get(row.id, ()) if event.after == "completed" and event.token is not None]
        if not results:
            yield f"{row.id}: completed, and no claim did it"
        elif row.token != results[-1].token:
            yield f"{row.id}: its URL is not that of claim {results[-1].token}: {row.url}"


def no_stale_write_is_accepted(evidence):
    for video, events in evidence.history.items():
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


def what_is_kept_is_written(evidence):
    """A result the platform refuses costs no attempt, is not made again, and is the next that the row gets."""
    for video, events in evidence.history.items():
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


def each_video_has_one_result(evidence):
    for video, events in evidence.history.items():
        if sum(event.after == "completed" for event in events) > 1:
            yield f"{video}: several results were accepted"


def no_acknowledged_completion_is_lost(evidence):
    known = {(video, event.token) for video, events in evidence.history.items() for event in events if event.after == "completed"}
    for video, token in evidence.completions:
        row = evidence.rows.get(video)
        if (video, token) not in known or row is None or row.state != "completed" or row.token != token:
            yield f"{video}: the completion by claim {token} was acknowledged and does not stand"


def every_url_serves_its_bytes(evidence):
    def look(row):
        match = KEY.search(row.url or "")
        body = evidence.fetch(row.url) if match else "no key of ours"
        if not isinstance(body, bytes):
            return f"{row.id}: nothing is served at {row.url}: {body}"
        if not hashlib.sha256(body).hexdigest().startswith(match[2]):
            return f"{row.id}: other bytes than those of its key are served"
        return None
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        yield from filter(None, pool.map(look, evidence.completed()))


def one_object_is_left_for_each(evidence):
    wanted = {KEY.search(row.url)[0] for row in evidence.completed() if KEY.search(row.url or "")}
    keys = set(evidence.keys)
    for key in sorted(keys - wanted):
        yield f"{key}: an object no row names"
    for key in sorted(wanted - keys):
        yield f"{key}: a row's object is missing in the listing"


def nothing_stays_past_its_lease(evidence):
    for video, token in evidence.watch.past:
        yield f"{video}: at work by claim {token} past its lease for two sweeps"
    for job in evidence.jobs:
        if job.lease_is_over:
            yield f"{job.video}: at work by claim {job.token} past its lease"


def nobody_is_forgotten(evidence):
    for video, state in evidence.watch.forgotten:
        yield f"{video}: {state} for two sweeps, with neither a job nor a hint"
    for (video,) in evidence.watch.parked:
        yield f"{video}: parked for two sweeps, and no job of its uploader is admitted"


def nothing_is_left_to_do(evidence):
    for job in evidence.jobs:
        yield f"{job.video}: a job ({job.kind}, lane {job.lane}) is left"
    for video, reason in evidence.inbox:
        yield f"{video}: a hint ({reason}) is left"
    for video, reason, text in evidence.set_aside:
        yield f"{video}: a hint ({reason}) was put aside: {text}"


RULES = [no_row_is_lost, every_video_has_ended, each_video_ends_as_it_should, the_history_ends_where_the_row_is, nobody_starts_a_video_anew,
         only_lost_hints_are_found, attempts_are_counted, nobody_is_given_up_early, the_result_is_the_rows, no_stale_write_is_accepted,
         what_is_kept_is_written, each_video_has_one_result, no_acknowledged_completion_is_lost, every_url_serves_its_bytes,
         one_object_is_left_for_each, nothing_stays_past_its_lease, nobody_is_forgotten, nothing_is_left_to_do]


def audit(evidence, rules=RULES):
    """Violations by the name of the rule."""
    return {rule.__name__: found for rule in rules if (found := list(rule(evidence)))}
