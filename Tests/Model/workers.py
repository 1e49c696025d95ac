"""What workers do with their claims, and what must hold of every answer they get.

An action is two functions: the statement (None where the worker has nothing to say) and what its answer means. `before` and `after` are the
states around the statement, or None where other transactions were under way and nobody can know them.
"""

from collections import namedtuple

from look import Board, MOST_ATTEMPTS, VIDEO, VIDEOS, is_live, is_same_picture, is_same_source, lacks, object_key

# `ended` is what its holder was told of the claim: None, completed, failed, pending or kept.
Claim = namedtuple("Claim", "video kind source token ended")
# What the platform's trigger lets us write: pictures, and states.
TAKES_PICTURES, TAKES_STATES = {"takes"}, {"takes", "refuses", "keeps"}


class Violation(Exception):
    """Something happened that must never happen."""


def expect(condition, text):
    if not condition:
        raise Violation(text)


class Workers:
    """`claims[w]` is what worker w believes to hold, or None."""

    def __init__(self, count):
        self.claims = [None] * count
        self.highest = 0
        self.accepted = 0

    # Claims.

    def claim(self, _, more=""):
        return f"""SELECT outcome, v.id, 'thumbnail', token, attempt, video_url
                     FROM (SELECT %s::uuid AS id) v, thumbnails.claim(v.id, 3600{more})""", (VIDEO,)

    def claim_shaped(self, _):
        return self.claim(_, ", '9:16'")

    def regenerate(self, _):
        return self.claim(_, ", NULL, true")

    def claim_next(self, _):
        return "SELECT outcome, video_id, kind, token, attempt, video_url FROM thumbnails.claim_next(3600)", ()

    def claimed(self, worker, answer, before, after, name):
        outcome, video, kind, token, attempt, source = answer
        if outcome != "claimed":
            if after and outcome == "none":
                expect(not after.enabled or not any(due_now(v) or v.hints for v in after.videos), "claim_next said `none` while something was due")
            return
        number = VIDEOS.index(video)
        if before:
            # On its way to what is due, claim_next merges and ends jobs that turn out to be none, and admits others of their tenant.
            admits = name != "claim_next" or any(v.hints or v.job and not now.job for v, now in zip(before.videos, after.videos))
            self._claimed(before.videos[number], after.videos[number], token, attempt, kind, name, admits)
            expect(kind == "storyboard" or before.platform not in TAKES_STATES or after.videos[number].state == "processing",
                   "a claim is not to be seen in the row")
            expect(before.breaker not in ("open", "probing"), "a claim passed a closed door")
            # Claims of sessions that overlap may come to be known in another order than that of their tokens.
            expect(token > self.highest, "a token went back")
        self.highest = max(token, self.highest)
        self.claims[worker] = Claim(number, kind, source, token, None)

    @staticmethod
    def _claimed(before, after, token, attempt, kind, name, admits):
        if kind == "storyboard":
            # (Merging on the way may make one, of another video than the row's storyboard.)
            expect(before.story is None and before.hints or before.story is not None and (before.story.token is None or before.story.due == "now"),
                   "a live lease was taken over")
            # On its way it merges, and ends jobs that turn out to be none.
            expect(after[:11] == before[:11] or before.hints or before.job is not None and before.job.due == "now",
                   "the claim of a storyboard changed the video or its job")
            return
        job, now = before.job, after.job
        is_over = not is_same_source(job.source, before.source) or before.source is None or is_outside(before) if job else True
        expect(not is_live(job) or before.hints and is_over,
               "a live lease was taken over")
        expect(now is not None and now.token == token and now.due == "later" and now.attempts == attempt, "the claim is not in the job")
        expect(now.source == after.source and now.picture == after.picture, "the claim is not of the video as it stands")
        expect(now.result is None and not now.again, "a claim was given while a finished result is kept, or before what restarts the video was heeded")
        if name == "regenerate":
            expect(attempt == 1 and now.regenerate, "a new picture that was asked for does not start its attempts anew")
        elif job is not None:
            allowed = {job.attempts + 1} if is_same_source(job.source, before.source) else {1}
            if before.hints or job.again:
                allowed.add(1)
            expect(attempt in allowed, f"attempt {attempt} came after {job.attempts}")
            expect(job.result is None or not is_same_source(job.source, before.source) or before.hints,
                   "a finished result was thrown away for a claim")
            expect(job.due == "now" or before.hints or job.due == "parked" and admits, "a job was claimed before its time")
        expect(job is not None or before.hints or name != "claim_next", "claim_next made a job that nobody has hinted at")

    # What becomes of a claim.

    def renew(self, worker):
        return self._guarded(worker, "SELECT thumbnails.renew(%s, %s, 3600)")

    def renewed(self, worker, answer, before, after, name):
        if before:
            claim = self.claims[worker]
            expect(answer[0] == holds(before, claim), "a lease was renewed by somebody else, or refused to its holder")
            expect(not answer[0] or held(after, claim).due == "later", "a renewed lease is no longer than before")

    def complete(self, worker):
        claim = self.claims[worker]
        # Where there was no URL there is no picture.
        if claim is None or claim.kind == "storyboard" or claim.source is None:
            return None
        return self._guarded(worker, "SELECT thumbnails.complete(%s, %s, %s, %s, '{}')", url(claim), object_key(url(claim)))

    def completed(self, worker, answer, before, after, name):
        claim, answer = self.claims[worker], answer[0]
        if before:
            video, now = before.videos[claim.video], after.videos[claim.video]
            expected = self._expected(video, claim, before.platform in TAKES_PICTURES)
            if not holds(before, claim):
                expect(answer != "ok", "a stale result was accepted")
                is_kept = video.job is not None and (video.job.result or {}).get("token") == claim.token and video.job.result["state"] == "completed"
                expect((answer == "kept") == is_kept or answer == "already", f"a late result was answered {answer}")
                expect(answer != "already" or claim.ended in ("completed", "kept"), "a result was called accepted that never was")
            else:
                expect(answer == expected, f"a result was answered {answer}, and should have been {expected}")
                self._settled(answer, video, now, claim, "completed")
        self._ends(worker, answer, "completed")
        self.accepted += answer == "ok"

    def go_on(self, worker):
        claim = self.claims[worker]
        if claim is None or claim.kind == "storyboard" or claim.source is None:
            return None
        return self._guarded(worker, """SELECT answer, outcome, video_id, kind, token, attempt, video_url
            FROM thumbnails.complete_and_next(%s, %s, %s, %s, '{}', 86400, '', 3600)""", url(claim), object_key(url(claim)))

    def went_on(self, worker, answer, before, after, name):
        claim, told = self.claims[worker], answer[0]
        if before:
            is_held = holds(before, claim)
            expect(is_held or told != "ok", "a stale result was accepted")
            expected = self._expected(before.videos[claim.video], claim, before.platform in TAKES_PICTURES)
            expect(not is_held or told == expected, f"a result was answered {told}, and should have been {expected}")
        self._ends(worker, told, "completed")
        self.accepted += told == "ok"
        self.claimed(worker, answer[1:], None, None, name)

    def complete_storyboard(self, worker):
        claim = self.claims[worker]
        if claim is None or claim.kind != "storyboard":
            return None
        return self._guarded(worker, "SELECT thumbnails.complete_storyboard(%s, %s, %s, %s, 86400)",
                             f'{{"url": "http://p/{board_key(claim)}"}}', board_key(claim))

    def handed_in(self, worker, answer, before, after, name):
        claim, answer = self.claims[worker], answer[0]
        if before:
            video, now = before.videos[claim.video], after.videos[claim.video]
            story, is_held = video.story, holds(before, claim)
            expected = "already" if not is_held and video.board is not None and video.board.token == claim.token \
                else "fenced" if not is_held or not video.there or not is_same_source(video.source, story.source) \
                else "ok" if before.platform in TAKES_STATES else "refused"
            expect(answer == expected, f"a storyboard was answered {answer}, and should have been {expected}")
            expect(now[:11] == video[:11], "a storyboard changed the video or its thumbnail's job")
            expect(now.board == (Board(claim.token, board_key(claim)) if answer == "ok" else video.board), "the storyboard of the row is another one's")
            if not is_held:
                expect(now.story == story, "a late storyboard changed another claim's job")
            elif answer == "refused" and story.attempts < MOST_ATTEMPTS:
                expect(now.story is not None and now.story.token is None and now.story.due in ("soon", "later") and now.story.attempts == story.attempts,
                       "a storyboard that was refused is not tried again")
            elif video.there and video.source is not None and not is_same_source(video.source, story.source):
                expect(now.story is not None and now.story.token is None and now.story.due == "now" and now.story.source == video.source
                       and now.story.attempts == 0, "a storyboard of another video does not start anew with that")
            else:
                expect(now.story is None, "a storyboard has ended, and its job goes on")
        self._ends(worker, answer, "completed")

    def fail(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'source', 'the origin answered 500', true)")

    def refuse(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'media', 'no video stream', false)")

    def give_back(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'shutdown', 'told to stop', NULL)")

    def store_refuses(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'storage', 'the store answered 503', NULL)")

    def failed(self, worker, answer, before, after, name):
        claim, answer = self.claims[worker], answer[0]
        state = "failed" if name in ("fail", "refuse") else "pending"
        if before:
            video, now = before.videos[claim.video], after.videos[claim.video]
            if not holds(before, claim):
                expect(answer not in ("ok",), "a stale failure was accepted")
            elif claim.kind == "storyboard":
                expect(now[:11] == video[:11], f"a storyboard's {name} changed the video or its thumbnail's job")
            else:
                self._failed(answer, video, now, claim, name, before.platform)
        self._ends(worker, answer, state)

    def _failed(self, answer, video, now, claim, name, platform):
        # The tenth time counts if anything was completed lately, which this world does not remember.
        job, counts = video.job, name == "store_refuses" and (video.job.releases + 1) % 10 == 0 and (now.job is None or now.job.attempts != video.job.attempts - 1)
        if name == "refuse" or name == "fail" and job.again or job.attempts == MOST_ATTEMPTS and (name == "fail" or counts):
            expected = self._expected(video, claim, job.again or platform in TAKES_STATES)
            expect(answer == expected, f"a last failure was answered {answer}, and should have been {expected}")
            if job.again and answer == "ok":
                expect(starts_again(now.job), "a video does not start again, though what restarts it came while it was being tried")
                expect(platform not in TAKES_STATES or now.state == "pending" and now.error is not None, f"{name} is not to be seen in the row")
            else:
                self._settled(answer, video, now, claim, "failed")
            return
        expect(answer == "ok", f"a failure was answered {answer}")
        expect(now.job is not None and now.job.token is None and now.job.due != "parked", "a failed attempt left no job that waits for the next")
        expect(now.job.attempts == job.attempts - (name == "give_back" or name == "store_refuses" and not counts),
               f"{name} of attempt {job.attempts} left {now.job.attempts}")
        if is_outside(video):
            expect(now.state == video.state and now.error == video.error, f"{name} wrote {now.state} over a picture from outside")
        elif platform in TAKES_STATES and video.there:
            expect(now.state == ("failed" if name == "fail" else "pending") and now.error is not None, f"{name} is not to be seen in the row")

    @staticmethod
    def _expected(video, claim, takes):
        """What the holder of the claim must be told of a result."""
        if not video.there or not is_same_source(video.source, video.job.source if video.job else None) or is_outside(video):
            return "fenced"
        return "ok" if takes else "kept"

    @staticmethod
    def _settled(answer, video, now, claim, state):
        job = video.job
        if answer == "ok":
            expect(now.job is None, "a result was accepted and its job goes on")
            expect(now.state == state, f"a result was accepted, and the row says {now.state}")
            expect(now.attempts == job.attempts, f"attempt {job.attempts} ended, and the row says {now.attempts}")
            expect(now.picture == (url(claim) if state == "completed" else video.picture), "a result was accepted, and the row shows another picture")
            expect((now.error is None) == (state == "completed"), "a result was accepted, and the row's error text does not fit")
        elif answer == "kept":
            expect(now.job is not None and now.job.result is not None and now.job.result["state"] == state, "a kept result is nowhere")
            expect(now.job.token is None and now.job.due in ("soon", "later") and now.job.attempts == job.attempts, "a kept result is no job that waits")
            expect(now.picture == video.picture, "a refused result changed the picture")
        elif video.there and not is_same_source(video.source, job.source):
            expect(now.job is not None and now.job.token is None and now.job.attempts == 0, "the other video did not start anew")
            expect(now.picture == video.picture, "a picture of another video was shown")
        else:
            expect(now.job is None, "there is nothing to do, and the job goes on")
            # A state that others wrote over their own picture was the job's affair: with its end the row says what is to be seen.
            expect(now.picture == video.picture and now.state in (video.state, "completed" if is_outside(video) else video.state), "a refused result changed the row")

    def _ends(self, worker, answer, state):
        if answer in ("ok", "kept"):
            self.claims[worker] = self.claims[worker]._replace(ended="kept" if answer == "kept" else state)

    def _guarded(self, worker, sql, *more):
        claim = self.claims[worker]
        return None if claim is None else (sql, (VIDEOS[claim.video], claim.token, *more))


def url(claim):
    """Where the picture is; which of the two videos it was made of can be seen in it."""
    return f"http://p/thumbnails/{VIDEOS[claim.video]}/0123456789abcdef-{claim.token}.jpg?of={'b' if claim.source and '/b' in claim.source else 'a'}"


def board_key(claim):
    """The main object of a storyboard that this claim makes."""
    return f"thumbnails/{VIDEOS[claim.video]}/fedcba9876543210-{claim.token}.vtt"


def held(world, claim):
    """The job a claim is of, whoever has it."""
    video = world.videos[claim.video]
    return video.job if claim.kind == "thumbnail" else video.story


def holds(world, claim):
    job = held(world, claim)
    return job is not None and job.token == claim.token


def is_outside(video):
    """Whether the row got a picture since its job was claimed, from somebody else."""
    return video.there and video.job is not None and not lacks(video.picture) and not is_same_picture(video.picture, video.job.picture)


def starts_again(job):
    return job is not None and job.token is None and job.result is None and job.attempts == 0 and not job.again and job.due in ("soon", "later")


def due_now(video):
    return video.job is not None and video.job.due == "now" and video.job.lane < 9 or video.story is not None and video.story.due == "now"


MEANINGS = {"claim": "claimed", "claim_shaped": "claimed", "claim_next": "claimed", "regenerate": "claimed", "renew": "renewed",
            "complete": "completed", "complete_storyboard": "handed_in", "go_on": "went_on", "fail": "failed", "refuse": "failed", "give_back": "failed", "store_refuses": "failed"}
CLAIMS = [name for name, meaning in MEANINGS.items() if meaning == "claimed"]
