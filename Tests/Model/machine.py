"""One video and a few workers, driven through the real SQL functions of the state machine."""

VIDEO = "00000000-0000-4000-8000-0000000000aa"
ROW = ("thumbnail_generation_status", "thumbnail_generation_attempts", "thumbnail_generation_releases", "thumbnail_generation_claim_token",
       "thumbnail_generation_error_code", "thumbnail_url", "thumbnail_generation_error")


class Violation(Exception):
    """Something happened that must never happen."""


class Machine:
    """`workers[w]` is the token worker w believes to hold, or None. `accepted` says that a result was accepted since the last
    restart by hand."""

    def __init__(self, connection, workers):
        self.db = connection.cursor()
        self.workers = [None] * workers
        self.accepted = False
        self.highest = 0

    def query(self, sql, *parameters):
        self.db.execute(sql, parameters)
        return self.db.fetchone() if self.db.description else None

    def reset(self):
        self.query("DELETE FROM videos WHERE id = %s", VIDEO)
        self.query("DELETE FROM thumbnails.events WHERE video_id = %s", VIDEO)
        self.query("DELETE FROM thumbnails.breakers")
        self.query("INSERT INTO videos (id, status, video_url) VALUES (%s, 'completed', 'http://x/v.mp4')", VIDEO)
        self.workers = [None] * len(self.workers)
        self.accepted = False

    def row(self):
        return self.query(f"""SELECT {', '.join(ROW)}, thumbnail_generation_lease_until > clock_timestamp(),
            thumbnail_generation_next_attempt_at <= clock_timestamp(), thumbnail_generation_next_attempt_at IS NULL,
            EXISTS (SELECT FROM thumbnail_webhooks WHERE video_id = id) FROM videos WHERE id = %s""", VIDEO)

    def step(self, action):
        """Does one action and checks what must hold whatever came before."""
        name, worker = action
        before = self.row()
        getattr(self, name)(worker, before)
        after = self.row()
        if after[1] is not None and not 0 <= after[1] <= 3:
            raise Violation(f"{after[1]} attempts")
        if (after[3] is not None) != (after[0] == "processing"):
            raise Violation(f"{after[0]} with token {after[3]}")
        if after[0] == "completed" and (after[5] is None or after[6] is not None):
            raise Violation("completed without a URL, or with an error text")
        if after[0] == "failed" and after[6] is None:
            raise Violation("failed without a reason")

    def claim(self, worker, before, regenerate=False):
        outcome, token = self.query("SELECT outcome, token FROM thumbnails.claim(%s, 30, NULL, %s)", VIDEO, regenerate)
        if outcome != "claimed":
            return
        if before[0] == "processing" and before[7]:
            raise Violation("a live lease was taken over")
        if token <= self.highest:
            raise Violation("a token went back")
        self.highest = token
        self.workers[worker] = token
        if regenerate:
            self.accepted = False

    def regenerate(self, worker, before):
        self.claim(worker, before, regenerate=True)

    def renew(self, worker, before):
        if self.workers[worker] is None:
            return
        held = self.query("SELECT thumbnails.renew(%s, %s, 30)", VIDEO, self.workers[worker])[0]
        if held != (before[0] == "processing" and before[3] == self.workers[worker]):
            raise Violation("a lease was renewed by somebody else, or refused to its holder")

    def complete(self, worker, before):
        if self.workers[worker] is None:
            return
        token = self.workers[worker]
        outcome = self.query("SELECT thumbnails.complete(%s, %s, %s, %s, '{}')", VIDEO, token, f"http://p/{token}.jpg",
                             f"thumbnails/{VIDEO}/00-{token}.jpg")[0]
        if outcome == "ok":
            if before[0] != "processing" or before[3] != token:
                raise Violation("a stale result was accepted")
            if self.accepted:
                raise Violation("two results were accepted")
            self.accepted = True

    def end(self, worker, before, sql, *parameters):
        if self.workers[worker] is None:
            return
        outcome = self.query(f"SELECT outcome FROM {sql}", VIDEO, self.workers[worker], *parameters)[0]
        if outcome == "ok" and (before[0] != "processing" or before[3] != self.workers[worker]):
            raise Violation("a stale failure was accepted")

    def fail(self, worker, before):
        self.end(worker, before, "thumbnails.fail(%s, %s, 'source', 'the origin answered 500', true)")

    def refuse(self, worker, before):
        self.end(worker, before, "thumbnails.fail(%s, %s, 'media', 'no video stream', false)")

    def release(self, worker, before):
        self.end(worker, before, "thumbnails.release(%s, %s, 'shutdown', 'told to stop')")

    def expire(self, _, before):
        self.query("""UPDATE videos SET thumbnail_generation_lease_until = clock_timestamp() - interval '1 s'
            WHERE id = %s AND thumbnail_generation_claim_token IS NOT NULL""", VIDEO)

    def wait(self, _, before):
        self.query("""UPDATE videos SET thumbnail_generation_next_attempt_at = clock_timestamp() - interval '1 s'
            WHERE id = %s AND thumbnail_generation_next_attempt_at IS NOT NULL""", VIDEO)

    def sweep(self, _, before):
        self.query("SELECT auto_retry_stuck_thumbnails()")

    def lose_webhook(self, _, before):
        self.query("DELETE FROM thumbnail_webhooks WHERE video_id = %s", VIDEO)

    def manual(self, _, before):
        answer = self.query("SELECT manually_trigger_thumbnail_generation(%s)", VIDEO)[0]
        if answer["success"]:
            self.accepted = False


def actions(workers):
    return [(name, w) for w in range(workers) for name in ("claim", "regenerate", "renew", "complete", "fail", "refuse", "release")] + \
        [(name, None) for name in ("expire", "wait", "sweep", "lose_webhook", "manual")]


def prepare(connection):
    cursor = connection.cursor()
    cursor.execute("""INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
        ON CONFLICT (key) DO NOTHING""")


def forget_tokens(connection):
    """Takes the token out of every guarded write: the checks above must notice."""
    cursor = connection.cursor()
    for name in ("complete", "fail", "release"):
        cursor.execute("SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname = %s", (name,))
        text = cursor.fetchone()[0]
        for guard in ("AND thumbnail_generation_claim_token = p_token", "AND u.thumbnail_generation_claim_token = p_token"):
            text = text.replace(guard, "")
        cursor.execute(text)
