"""One connection whose statements may have to wait for another one's transaction, or are held between two statements of a function."""

import select

import psycopg2
import psycopg2.extensions

from pauses import LOCKS


class Session:
    """At most one statement a transaction, as everything here works, but the transaction may stay open."""

    def __init__(self, observer):
        self.connection = psycopg2.connect("", async_=True)
        self._finish()
        self.cursor = self.connection.cursor()
        self.observer = observer
        self.state = "idle"  # idle, waiting (for a lock, or held), open (done, not committed)
        self.answer = None
        self.is_armed = False

    def _poll(self, seconds):
        """Whether the statement under way has ended."""
        state = self.connection.poll()
        if state == psycopg2.extensions.POLL_OK:
            return True
        wanted = ([self.connection], []) if state == psycopg2.extensions.POLL_READ else ([], [self.connection])
        select.select(*wanted, [], seconds)
        return self.connection.poll() == psycopg2.extensions.POLL_OK

    def _finish(self):
        while not self._poll(5):
            pass

    def _lock(self, function):
        self.observer.execute(f"SELECT {function}({LOCKS}, %s)", (self.connection.info.backend_pid,))

    def begin(self, sql, parameters, pause_at=0):
        """Starts a transaction of this one statement, to be held at that pause; afterwards it is done (`open`) or waits (`waiting`)."""
        if pause_at:
            self._lock("pg_advisory_lock")
            self.is_armed = True
        self.cursor.execute(f"BEGIN; SET LOCAL model.pause_at = {pause_at}; SET LOCAL model.passed = 0")
        self._finish()
        self.cursor.execute(sql, parameters or None)
        self.state = "waiting"
        self.advance()

    def advance(self):
        """Looks again: until the statement is done, or certainly waits."""
        while self.state == "waiting":
            if self._poll(0.002):
                self.answer = self.cursor.fetchone() if self.cursor.description else None
                self.state = "open"
                self.let_go()
            else:
                self.observer.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", (self.connection.info.backend_pid,))
                if self.observer.fetchone()[0]:
                    return

    def let_go(self):
        """Holds it no longer."""
        if self.is_armed:
            self._lock("pg_advisory_unlock")
            self.is_armed = False

    def end(self, how):
        self.cursor.execute(how)
        self._finish()
        self.state = "idle"
