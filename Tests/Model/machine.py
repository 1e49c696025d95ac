"""One video, its workers and its surroundings, driven step by step through the real SQL functions of the state machine."""

from look import VIDEO, look
from surroundings import RESTARTS, STATEMENTS
from workers import MEANINGS, Violation, Workers


class Machine:
    def __init__(self, connection, workers):
        self.db = connection.cursor()
        self.workers = Workers(workers)

    def query(self, sql, *parameters):
        self.db.execute(sql, parameters or None)
        return self.db.fetchone() if self.db.description else None

    def reset(self):
        self.query(f"""DELETE FROM videos WHERE id = '{VIDEO}'; DELETE FROM thumbnails.events WHERE video_id = '{VIDEO}';
            DELETE FROM thumbnails.breakers; INSERT INTO videos (id, status, video_url) VALUES ('{VIDEO}', 'completed', 'http://x/a.mp4')""")
        highest = self.workers.highest
        self.workers = Workers(len(self.workers.tokens))
        self.workers.highest = highest
        return look(self.db)

    def step(self, action, before):
        """Does one action and checks what must hold whatever came before; the state it leaves."""
        name, worker = action
        if worker is None:
            self.query(STATEMENTS[name])
        else:
            statement = getattr(self.workers, name)(worker)
            if statement is None:
                return before
            getattr(self.workers, MEANINGS[name])(worker, self.query(statement[0], *statement[1]), before)
        after = look(self.db)
        if before.state == "completed" and after.state != "completed" or name == "recreate":
            if before.url is not None and name not in RESTARTS:
                raise Violation(f"a completed video was started again by {name}")
            self.workers.accepted = False
        check(after)
        return after


def check(state):
    """What holds of a row at every moment."""
    if state.attempts is not None and not 0 <= state.attempts <= 3:
        raise Violation(f"{state.attempts} attempts")
    if state.token is not None and state.state != "processing":
        raise Violation(f"{state.state} with token {state.token}")
    if state.state == "completed" and state.finished and (state.url is None or state.error is not None):
        raise Violation("completed without a URL, or with an error text")
    if state.state == "failed" and state.error is None:
        raise Violation("failed without a reason")


def actions(workers, names=None):
    """All there is to do, or what of it is named."""
    known = [(name, w) for w in range(workers) for name in MEANINGS] + [(name, None) for name in STATEMENTS]
    return [(name, w) for name, w in known if names is None or name in names]


def prepare(connection):
    cursor = connection.cursor()
    cursor.execute("""INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')
        ON CONFLICT (key) DO NOTHING""")


def forget_tokens(connection):
    """Takes the token out of every guarded write: the checks must notice."""
    cursor = connection.cursor()
    for name in ("complete", "fail", "release"):
        cursor.execute("SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname = %s", (name,))
        text = cursor.fetchone()[0]
        for guard in ("AND thumbnail_generation_claim_token = p_token", "AND u.thumbnail_generation_claim_token = p_token"):
            text = text.replace(guard, "")
        cursor.execute(text)
