"""The database's processes, restarts, promotions and pinned transactions."""

import signal
import time

from fault import FAULTS, Repeated, fault, kill, stopped
from machine import eventually

BACKENDS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename = 'handlers' ORDER BY random()"


def backends(w):
    """Process ids of the server processes of handlers and relay, in random order."""
    connection = w.database.connect()
    cursor = connection.cursor()
    cursor.execute(BACKENDS)
    pids = [pid for (pid,) in cursor.fetchall()]
    connection.close()
    return pids


@fault("database")
def backend_killed(w, random):
    """SIGKILL of one server process: PostgreSQL ends all of them and recovers."""
    kill(backends(w)[:1], signal.SIGKILL)
    time.sleep(0.2)
    w.database.wait_until_writable()
    yield 0


@fault("database")
def backend_stopped(w, random):
    """SIGSTOP of two server processes, for longer than a worker waits for an answer."""
    with stopped(backends(w)[:2]):
        yield 12


@fault("database")
def backends_terminated(w, random):
    """Ten server processes a second are ended."""
    connection = w.database.connect()
    cursor = connection.cursor()
    try:
        with Repeated(0.1, lambda: cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({BACKENDS} LIMIT 1) AS one")) as killer:
            begin = time.monotonic()
            yield 60 if w.is_long and w.is_alone else 10
            seconds = time.monotonic() - begin
        w.check("ten server processes a second were ended", killer.count >= 8 * seconds)
    finally:
        connection.close()
    if w.is_alone:
        w.is_mended()
        w.check_rate("from 5 s after backends were ended", time.time() + 5, 10)


@fault("database")
def postmaster_killed(w, random):
    """SIGKILL of the postmaster alone."""
    w.database.restart(signal.SIGKILL)
    yield 0


@fault("database")
def postgresql_stopped(w, random):
    """All of the server's processes stop: connections stay, and no answer comes."""
    with stopped(w.network.processes(w.database.primary, "postgres")):
        yield 8


@fault("database")
def database_restarted(w, random):
    """A fast restart."""
    w.database.restart(signal.SIGINT)
    yield 0
    if w.is_alone:
        w.is_mended()
        w.check_rate("from 5 s after a restart of the database", time.time() + 5, 10)


@fault("database")
def idle_connections(w, random):
    """Three hundred connections that do nothing."""
    idle = [w.database.connect(w.database.primary) for _ in range(300)]
    try:
        opened = time.time()
        yield 15
        if w.is_alone:
            w.check_rate("from 5 s after 300 idle connections came, and with them", opened + 5, 10)
    finally:
        for connection in idle:
            connection.close()


@fault("database")
def promotion(w, random):
    """The primary's processes are killed at once; its standby is promoted, and gets a new standby."""
    lost, at = w.database.primary, time.time()
    kill(w.network.processes(lost, "postgres"), signal.SIGKILL)
    w.database.postmasters[lost].wait()
    moment = w.database.promote()
    yield 0
    w.after_promotion(moment, at)
    w.database.rejoin(lost)


@fault("database")
def role_flip(w, random):
    """The primary takes no more writes, and keeps its connections; the other is promoted."""
    lost, at = w.database.primary, time.time()
    w.database.set(lost, "default_transaction_read_only", "on")
    eventually("the old primary takes no writes", lambda: w.database.answers("SHOW default_transaction_read_only", "on", lost))
    time.sleep(0.5)
    moment = w.database.promote()
    yield 0
    w.after_promotion(moment, at)
    w.database.rejoin(lost)


@fault("rows")
def pinned_transaction(w, random):
    """A transaction holds rows of videos, and what all others have deleted since, for as long as the fault lasts."""
    connection = w.database.connect()
    connection.autocommit = False
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM videos WHERE thumbnail_generation_status IN ('pending', 'processing') ORDER BY created_at DESC LIMIT 5 "
                   "FOR UPDATE SKIP LOCKED")
    try:
        yield 120 if w.is_long and w.is_alone else 12
    finally:
        # The server may have ended it meanwhile, where other things go wrong, too.
        connection.close()


# Results of those rows are kept, and tried again after 10 s, doubling: 160 s the last time where it is long.
FAULTS["pinned-transaction"].patience = 80
