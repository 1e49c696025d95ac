"""What goes wrong. Each fault is a context: it is there while the context is open, and mended when it ends.

A fault gets the `World` of the run (hosts, database, store, load) and a seeded source of random choices; it yields the seconds it is to last.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time

from machine import eventually

FAULTS = {}


def fault(function):
    FAULTS[function.__name__.replace("_", "-")] = contextlib.contextmanager(function)
    return function


def kill(processes, how):
    for process in processes:
        try:
            os.kill(process, how)
        except ProcessLookupError:
            pass


def workers(w, host=None):
    """Process ids of the workers of a host, or of all."""
    hosts = [host] if host else w.hosts
    return [process for one in hosts for process in w.network.processes(one.name, "auto-generate-thumbnail")]


class Repeated(threading.Thread):
    """Does something over and over, until the context ends."""

    def __init__(self, seconds, action):
        super().__init__(daemon=True)
        self.seconds, self.action, self.is_over, self.count, self.error = seconds, action, threading.Event(), 0, None

    def run(self):
        try:
            while not self.is_over.wait(self.seconds):
                self.action()
                self.count += 1
        except Exception as error:  # shown to whoever opened the context
            self.error = error

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join()
        if self.error:
            raise self.error


# Processes ------------------------------------------------------------------------------------------------------------------------


@fault
def workers_killed(w, random):
    """A worker is killed every half second."""
    def one():
        alive = workers(w)
        if alive:
            kill([random.choice(alive)], signal.SIGKILL)
    with Repeated(0.5, one):
        yield 5


@fault
def workers_stopped(w, random):
    """Two workers stop for longer than their lease and go on, with claims that are somebody else's by then."""
    chosen = random.sample(workers(w), 2)
    kill(chosen, signal.SIGSTOP)
    try:
        yield w.lease_seconds + 2
    finally:
        kill(chosen, signal.SIGCONT)


@fault
def relay_killed(w, random):
    kill(w.network.processes("front", "webhook-relay"), signal.SIGKILL)
    yield 0


@fault
def relay_stopped(w, random):
    stopped = w.network.processes("front", "webhook-relay")
    kill(stopped, signal.SIGSTOP)
    try:
        yield 4
    finally:
        kill(stopped, signal.SIGCONT)


@fault
def nginx_killed(w, random):
    """All of it, as systemd does with what is left of a unit."""
    kill(w.network.processes("front", "nginx"), signal.SIGKILL)
    yield 0


@fault
def nginx_stopped(w, random):
    stopped = w.network.processes("front", "nginx")
    kill(stopped, signal.SIGSTOP)
    try:
        yield 4
    finally:
        kill(stopped, signal.SIGCONT)


# The database ---------------------------------------------------------------------------------------------------------------------


def backends(w, condition="true"):
    return f"""SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename = 'handlers' AND {condition}"""


@fault
def backend_killed(w, random):
    """SIGKILL of one server process: PostgreSQL restarts all of them."""
    connection = w.database.connect()
    cursor = connection.cursor()
    cursor.execute(backends(w))
    pids = [pid for (pid,) in cursor.fetchall()]
    connection.close()
    kill([random.choice(pids)], signal.SIGKILL)
    yield 0
    w.database.wait_until_writable()


@fault
def backends_terminated(w, random):
    """Ten server processes a second are ended."""
    connection = w.database.connect()
    cursor = connection.cursor()
    with Repeated(0.1, lambda: cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({backends(w)} ORDER BY random() LIMIT 1) AS one")):
        yield 60 if w.is_long else 10
    connection.close()


@fault
def postmaster_killed(w, random):
    w.database.restart(signal.SIGKILL)
    yield 0


@fault
def postgresql_stopped(w, random):
    """The server's processes stop: connections stay, and no answer comes."""
    stopped = w.network.processes(w.database.primary, "postgres")
    kill(stopped, signal.SIGSTOP)
    try:
        yield 8
    finally:
        kill(stopped, signal.SIGCONT)


@fault
def database_restarted(w, random):
    w.database.restart(signal.SIGINT)
    yield 0


@fault
def idle_connections(w, random):
    """Three hundred connections that do nothing."""
    idle = [w.database.connect(w.database.primary) for _ in range(300)]
    try:
        yield 8
    finally:
        for connection in idle:
            connection.close()


@fault
def promotion(w, random):
    """The primary's processes are killed at once; its standby is promoted, and gets a new standby."""
    lost = w.database.primary
    at = time.time()
    kill(w.network.processes(lost, "postgres"), signal.SIGKILL)
    w.database.postmasters[lost].wait()
    moment = w.database.promote()
    yield 0
    w.after_promotion(moment)
    w.note("death of the primary to the promoted one's first claim, s", w.first_claim(at) - at)
    w.database.rejoin(lost)


@fault
def role_flip(w, random):
    """The primary takes no more writes, and keeps its connections; the other is promoted."""
    lost = w.database.primary
    w.database.set(lost, "default_transaction_read_only", "on")
    eventually("the old primary takes no writes", lambda: w.database.answers("SHOW default_transaction_read_only", "on", lost))
    time.sleep(0.5)
    moment = w.database.promote()
    yield 0
    w.after_promotion(moment)
    w.database.rejoin(lost)


@fault
def pinned_transaction(w, random):
    """A transaction holds rows of videos, and what all others have deleted since, for as long as the fault lasts."""
    connection = w.database.connect()
    connection.autocommit = False
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM videos WHERE thumbnail_generation_status IN ('pending', 'processing') ORDER BY created_at DESC LIMIT 5 FOR UPDATE SKIP LOCKED")
    try:
        yield 120 if w.is_long else 12
    finally:
        connection.rollback()
        connection.close()


@fault
def wire_cut_after_commit(w, random):
    """The database commits a result and the answer is lost: the worker must find out that it counted."""
    begin = time.time()
    w.cut_wire(10)
    yield 0
    eventually("ten answers are lost", lambda: w.wire_cuts_left() == 0, 60)
    found = w.wait_for("each worker finds out", lambda: w.logged("auto-generate-thumbnail", '"outcome":"already"', begin), lambda lines: len(lines) >= 10)
    w.check("each unknown COMMIT is resolved", len(found) >= 10)


# The network ----------------------------------------------------------------------------------------------------------------------


@fault
def handler_host_lost(w, random):
    """A host loses its power: silence, nothing of it goes on. It comes back and starts anew."""
    host = random.choice(w.hosts)
    w.network.cut(host.name)
    host.kill_all()
    try:
        yield 8
    finally:
        w.network.join(host.name)
        w.start(host)


@fault
def handler_host_cut_off(w, random):
    """A host is alone for longer than a lease, and comes back with claims that are not its own any more."""
    host = random.choice(w.hosts)
    w.network.cut(host.name)
    try:
        yield w.lease_seconds + 6
    finally:
        w.network.join(host.name)


@fault
def database_cut_off(w, random):
    """The primary's host is silent. Who waits for an answer, who sends, and who only listens notices it."""
    host = w.database.primary
    with w.a_result_that_waits():
        w.network.cut(host)
        at = time.time()
        try:
            yield 12
        finally:
            w.network.join(host)
    dropped = "the database connection is dropped"
    # Whoever had a statement under way when the silence began; what was begun later is noticed later.
    handlers = [moment - at for moment in w.logged("auto-generate-thumbnail", dropped) if at < moment < at + 9]
    relay = [moment - at for moment in w.logged("webhook-relay", dropped) if at < moment]
    w.note("a silent database is noticed by workers that wait for it or send, s", max(handlers, default=99))
    w.note("a silent database is noticed by the relay, s", min(relay, default=99))
    w.check("workers notice a silent database within 7 s", max(handlers, default=99) <= 7.5)
    w.check("the relay notices a silent database within 7 s", min(relay, default=99) <= 7.5)


@fault
def store_cut_off(w, random):
    w.network.cut("store")
    try:
        yield 8
    finally:
        w.network.join("store")


# Store, origin, disk, clock -------------------------------------------------------------------------------------------------------


def store_fault(name, word, seconds=6):
    def plays(w, random):
        w.store.play(word)
        try:
            yield seconds
        finally:
            w.store.play("none", 0)
    plays.__name__ = name
    fault(plays)


for name, word in (("store_500", "internal"), ("store_503", "slow-down"), ("store_reset", "reset-mid"), ("store_reset_after_storing", "reset-after"),
                   ("store_silent", "hang"), ("store_slow", "slow"), ("store_corrupts", "corrupt-resigned")):
    store_fault(name, word)


def origin_fault(name, word, seconds=6):
    def plays(w, random):
        w.control_origin(word)
        try:
            yield seconds
        finally:
            w.control_origin("ok")
    plays.__name__ = name
    fault(plays)


for name in ("slow", "reset", "changed", "down", "silent"):
    origin_fault("origin_" + name, name)


@fault
def disk_full(w, random):
    """No byte is left where handlers and nginx put temporary files."""
    fillers = [host.tmp + "/filler" for host in [*w.hosts, w.front]]
    for filler in fillers:
        subprocess.run(["dd", "if=/dev/zero", "of=" + filler, "bs=4k"], capture_output=True)
    try:
        yield 6
    finally:
        for filler in fillers:
            os.remove(filler)


@fault
def local_store_full(w, random):
    """No byte is left in the folder that all hosts store in."""
    w.store.fill()
    try:
        yield 6
    finally:
        w.store.make_room()


@fault
def clock_of_workers_steps(w, random):
    """The clock of a host goes an hour ahead, then an hour back."""
    for step in ("+3600", "-3600"):
        w.set_clock(w.worker_clock, step)
        time.sleep(3)
    yield 1
    w.set_clock(w.worker_clock, "+0")


@fault
def clock_of_database_steps(w, random):
    """The clock of the database's hosts goes ten seconds ahead, and back."""
    w.set_clock(w.database.clock, "+10")
    yield 3
    w.set_clock(w.database.clock, "+0")


# Upgrades -------------------------------------------------------------------------------------------------------------------------


@fault
def rolling_upgrade(w, random):
    """Host after host goes from the old programs to the new ones, with both at work meanwhile; then back, as one who regrets it."""
    for folder in (w.old_bin, w.bin):
        for host in [*w.hosts, w.front]:
            host.install(folder)
            host.control("restart", "all") if host is not w.front else host.control("restart", "webhook-relay")
            time.sleep(1)
    yield 0
