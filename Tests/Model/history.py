"""What the history of one video must look like, whoever wrote it and however their transactions overlapped.

The number of an event is drawn while its writer has the job locked or has just made it, so the order of the numbers is the order in which the
job changed. What is written without the lock says nothing of the job: refusals (no states at all), and what others made of the row.
"""

from workers import expect

# Of what (re)starts a job. Others' doings are of class `external`, or of that in the row.
RESTARTS = {None, "manual", "configuration"}


def check_history(events):
    """`events`: (from, to, token, class) by number. Who accepted what: a dictionary of tokens to the state each claim ended in."""
    holder, highest, ends, kept, since_restart = None, 0, {}, None, 0
    for number, (before, after, token, kind) in enumerate(events):
        where = f"event {number} of {events}"
        if after is None:
            expect(token is None or ends.get(token) != "completed", f"a claim's result was accepted and then refused: {where}")
        elif after == "processing" and token is not None:
            expect(token > highest, f"a token went back: {where}")
            holder = highest = token
        elif after == "pending" and kind == "platform" and token is not None:
            # Kept; or what is kept was refused once more, for another reason.
            if before == "pending":
                expect(token == kept, f"another claim's result is kept: {where}")
            else:
                expect(token == holder, f"a claim that was over ended the job's work: {where}")
                ends[token], holder, kept = "kept", None, token
        elif token is not None:
            expect(token == (kept if before == "pending" else holder), f"a claim that was over ended the job's work: {where}")
            ends[token], holder, kept = after, None, None
            since_restart += after == "completed"
            expect(since_restart < 2, f"two results were accepted: {where}")
        elif after == "pending" and kind in RESTARTS:
            holder, since_restart = None, 0
    return ends
