"""What the history of one video must look like, whoever wrote it and however their transactions overlapped.

The number of an event is drawn while its writer has the row locked, so the order of the numbers is the order in which the row changed. The
exception is a refusal (no states at all), which is written without the lock.
"""

from workers import Violation


def check_history(events):
    """`events`: (from, to, token, class) by number. Who accepted what: a dictionary of tokens to the state each claim ended in."""
    holder, highest, ends, since_restart = None, 0, {}, 0
    for number, (before, after, token, kind) in enumerate(events):
        where = f"event {number} of {events}"
        if after is None:
            if token in ends and ends[token] == "completed":
                raise Violation(f"a claim's result was accepted and then refused: {where}")
        elif after == "processing" and token is not None:
            if token <= highest:
                raise Violation(f"a token went back: {where}")
            holder = highest = token
        elif token is not None:
            if token != holder:
                raise Violation(f"a claim that was over ended the row's work: {where}")
            ends[token], holder = after, None
            since_restart += after == "completed"
            if since_restart > 1:
                raise Violation(f"two results were accepted: {where}")
        elif after == "processing" and kind == "manual":
            pass  # A trigger by hand while a worker has the row: its attempts count anew, nothing else.
        else:
            holder = None
            since_restart = 0
    return ends
