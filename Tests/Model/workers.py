"""What workers do with the one video, and what must hold of every answer they get.

An action is two functions: the statement (None where the worker has nothing to say) and what its answer means. `before` is the state the
statement met, or None where other transactions were under way and nobody can know it.
"""

from look import VIDEO


class Violation(Exception):
    """Something happened that must never happen."""


class Workers:
    """`tokens[w]` is what worker w believes to hold, or None. `accepted` says that a result was accepted since the last restart."""

    def __init__(self, count):
        self.tokens = [None] * count
        self.accepted = False
        self.highest = 0

    def _holds(self, before, token):
        return before.state == "processing" and before.token == token

    def claim(self, worker, regenerate=False):
        return "SELECT outcome, token FROM thumbnails.claim(%s, 3600, NULL, %s)", (VIDEO, regenerate)

    def claimed(self, worker, answer, before):
        outcome, token = answer
        if outcome != "claimed":
            return
        if before and before.state == "processing" and before.live:
            raise Violation("a live lease was taken over")
        if before and before.breaker in ("open", "probing"):
            raise Violation("a claim passed a closed door")
        # Claims of sessions that overlap may come to be known in another order than that of their tokens.
        if before and token <= self.highest:
            raise Violation("a token went back")
        self.highest = max(token, self.highest)
        self.tokens[worker] = token

    def regenerate(self, worker):
        return self.claim(worker, regenerate=True)

    regenerated = claimed

    def renew(self, worker):
        return self._guarded(worker, "SELECT thumbnails.renew(%s, %s, 3600)")

    def renewed(self, worker, answer, before):
        if before and answer[0] != self._holds(before, self.tokens[worker]):
            raise Violation("a lease was renewed by somebody else, or refused to its holder")

    def complete(self, worker):
        token = self.tokens[worker]
        return self._guarded(worker, "SELECT thumbnails.complete(%s, %s, %s, %s, '{}')", f"http://p/{token}.jpg",
                             f"thumbnails/{VIDEO}/00-{token}.jpg")

    def completed(self, worker, answer, before):
        if answer[0] == "ok":
            if before and not self._holds(before, self.tokens[worker]):
                raise Violation("a stale result was accepted")
            if before and self.accepted:
                raise Violation("two results were accepted")
            self.accepted = True

    def fail(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'source', 'the origin answered 500', true)")

    def refuse(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.fail(%s, %s, 'media', 'no video stream', false)")

    def give_back(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.release(%s, %s, 'shutdown', 'told to stop')")

    def store_refuses(self, worker):
        return self._guarded(worker, "SELECT outcome FROM thumbnails.release(%s, %s, 'storage', 'the store answered 503')")

    def failed(self, worker, answer, before):
        if before and answer[0] == "ok" and not self._holds(before, self.tokens[worker]):
            raise Violation("a stale failure was accepted")

    def _guarded(self, worker, sql, *more):
        token = self.tokens[worker]
        return None if token is None else (sql, (VIDEO, token, *more))


MEANINGS = {"claim": "claimed", "regenerate": "regenerated", "renew": "renewed", "complete": "completed", "fail": "failed",
            "refuse": "failed", "give_back": "failed", "store_refuses": "failed"}
