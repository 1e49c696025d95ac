"""What goes wrong. Each fault is a context: it is there while the context is open, and mended when it ends.

A fault gets the `World` of the run and a seeded source of random choices, and yields the seconds it is to last. What it measures or checks
of itself it does after `w.is_mended()`, and only where it is alone (`w.is_alone`).
"""

import contextlib
import os
import signal
import subprocess
import threading
import time

import psycopg2

from machine import eventually

FAULTS = {}


class Fault:
    #: Seconds more than usual that what it held up may take to be finished.
    patience = 0

    def __init__(self, function, group):
        self.name = function.__name__.replace("_", "-")
        self.doc = " ".join((function.__doc__ or "").split())
        #: What it takes hold of: two of one group cannot be at once.
        self.group = group
        self.open = contextlib.contextmanager(function)


#: Where workers or their claims go under, an attempt may end without a result, three of them as `worker lost`.
LOSING = ("handlers", "database", "wire")


def fault(group, classes=()):
    """`classes`: with which videos may fail for good because of it, whatever should have become of them."""
    def register(function):
        found = Fault(function, group)
        found.classes = [*classes, *(["lost"] if group in LOSING else [])]
        FAULTS[found.name] = found
        return function
    return register


def kill(processes, how):
    for process in processes:
        try:
            os.kill(process, how)
        except ProcessLookupError:
            pass


def workers(w):
    """Process ids of the workers of all hosts."""
    return [process for host in w.hosts for process in w.network.processes(host.name, "auto-generate-thumbnail")]


@contextlib.contextmanager
def stopped(processes):
    kill(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        kill(processes, signal.SIGCONT)


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
        # What it waits for may be another fault's to give back.
        self.join(10)
        if self.error:
            raise self.error


# Processes ------------------------------------------------------------------------------------------------------------------------


@fault("handlers")
def workers_killed(w, random):
    """A worker is killed every half second."""
    def one():
        alive = workers(w)
        if alive:
            kill([random.choice(alive)], signal.SIGKILL)
    with Repeated(0.5, one) as killer:
        yield 5
    w.check("workers were killed", killer.count >= 5)


@fault("handlers")
def workers_stopped(w, random):
    """Two workers stop for longer than their lease and go on, with claims that are somebody else's by then."""
    with stopped(random.sample(workers(w), 2)):
        yield w.lease_seconds + 2


@fault("relay")
def relay_killed(w, random):
    """SIGKILL of the relay, with its posts under way."""
    kill(w.network.processes("front", "webhook-relay"), signal.SIGKILL)
    yield 0


@fault("relay")
def relay_stopped(w, random):
    """The relay stops and goes on."""
    with stopped(w.network.processes("front", "webhook-relay")):
        yield 4


@fault("pg_net")
def pg_net_crashed(w, random):
    """pg_net's worker dies in the middle of its posts, and its queue is empty when it comes back."""
    kill(w.network.processes("front", "pg-net"), signal.SIGKILL)
    w.database.ask("TRUNCATE net.http_request_queue")
    yield 0


@fault("pg_net")
def pg_net_stopped(w, random):
    """pg_net's worker stops and goes on."""
    with stopped(w.network.processes("front", "pg-net")):
        yield 4


@fault("nginx")
def nginx_killed(w, random):
    """SIGKILL of all of nginx, as systemd does with what is left of a unit."""
    kill(w.network.processes("front", "nginx"), signal.SIGKILL)
    yield 0


@fault("nginx")
def nginx_stopped(w, random):
    """nginx stops and goes on."""
    with stopped(w.network.processes("front", "nginx")):
        yield 4


# The database ---------------------------------------------------------------------------------------------------------------------

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


# The platform, and its hold on our tables -----------------------------------------------------------------------------------------

REFUSAL = "the archive is being moved"


@fault("platform")
def platform_refuses(w, random):
    """A trigger of the platform's raises at every thumbnail: the results are kept, and written once it takes them."""
    begin = time.time()
    # It ends by itself, for the database may be away by then.
    w.database.ask(f"INSERT INTO platform_says VALUES ('{REFUSAL}', clock_timestamp() + interval '6 s')")
    yield 6
    if w.is_alone:
        w.is_mended()
        refused = w.database.ask("SELECT count(DISTINCT video_id) FROM thumbnails.events WHERE class = 'platform' AND to_status = 'pending' "
                                 f"AND at >= to_timestamp({begin}) AND strpos(text, '{REFUSAL}') > 0")
        w.note("results the platform refused, which were kept", refused)
        # Eight videos a second come.
        w.check(f"the platform refused results, and they were kept ({refused})", refused >= 10)


def table_locked(name, table):
    def plays(w, random):
        connection = w.database.connect()
        connection.autocommit = False
        cursor = connection.cursor()
        # The server ends it by itself, whatever becomes of this process.
        cursor.execute("SET idle_in_transaction_session_timeout = '3s'")
        cursor.execute("SET lock_timeout = '20s'")
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield 3.2
        finally:
            connection.close()
        if w.is_alone and w.is_long:
            w.is_mended()
            w.check_rate(f"from 5 s after {table} was locked", time.time() + 5, 10)
    plays.__name__ = name
    plays.__doc__ = f"A session locks all of {table} for three seconds, as whoever vacuums it full or changes it does."
    fault("queue")(plays)


table_locked("inbox_locked", "thumbnails.inbox")
table_locked("jobs_locked", "thumbnails.jobs")


@fault("rows")
def hints_lost(w, random):
    """Half of the hints of two seconds are deleted before anybody has merged them: the next sweep finds their videos."""
    connection = w.database.connect()
    connection.autocommit = False
    cursor = connection.cursor()
    try:
        # Nobody merges meanwhile.
        cursor.execute("SELECT FROM thumbnails.locks WHERE name = 'merge' FOR UPDATE")
        time.sleep(2)
        cursor.execute("SELECT video_id::text FROM thumbnails.inbox WHERE reason = 'finished' ORDER BY id")
        lost = [video for (video,) in cursor.fetchall() if random.random() < 0.5]
        cursor.execute("DELETE FROM thumbnails.inbox WHERE video_id = ANY (%s::uuid[])", (lost,))
        # The sweep leaves alone for ten minutes what is new.
        cursor.execute("UPDATE videos SET created_at = created_at - interval '11 minutes' WHERE id = ANY (%s::uuid[])", (lost,))
        connection.commit()
        w.lost_hints |= set(lost)
    finally:
        connection.close()
    yield 0
    if w.is_alone:
        w.is_mended()
        eventually("a sweep is answered", w.sweep, 60, 0.2)
        found = w.wait_for(lambda: w.database.ask("SELECT count(DISTINCT video_id) FROM thumbnails.events WHERE text = 'found by the sweep' "
                                                  "AND video_id = ANY ('{" + ",".join(lost) + "}')"), lambda count: count == len(lost), 2)
        w.check(f"hints were lost, and the next sweep found their videos ({found} of {len(lost)})", 0 < found == len(lost))


@fault("rows")
def mass_update(w, random):
    """The titles of the newest 500 videos are changed, again and again, by transactions that stay open for most of a second."""
    def change():
        try:
            connection = w.database.connect()
        except psycopg2.Error:
            # Something else has taken the database away.
            return
        try:
            connection.autocommit = False
            cursor = connection.cursor()
            cursor.execute("UPDATE videos SET title = 'changed' WHERE id IN (SELECT id FROM videos ORDER BY created_at DESC LIMIT 500)")
            time.sleep(0.7)
            connection.commit()
            committed.append(cursor.rowcount)
        except psycopg2.Error:
            if w.is_alone:
                raise
        finally:
            connection.close()
    committed = []
    with Repeated(0.3, change):
        yield 8
    if w.is_alone:
        w.check(f"the platform's updates come through ({committed})", len(committed) >= 5)


@fault("wire")
def wire_cut_after_commit(w, random):
    """The database commits a result and the answer is lost: the worker must find out that it counted."""
    begin = time.time()
    w.cut_wire(10)
    try:
        yield 0 if w.is_alone else 10
        if not w.is_alone:
            return
        eventually("ten answers are lost", lambda: w.wire_cuts_left() == 0, 60)
        w.is_mended()
        found = w.wait_for(lambda: w.logged("auto-generate-thumbnail", '"outcome":"already"', begin), lambda lines: len(lines) >= 10)
        w.check(f"each unknown COMMIT is resolved ({len(found)} of 10)", len(found) >= 10)
    finally:
        w.cut_wire(0)


# The network ----------------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def cut_off(w, name):
    w.network.cut(name)
    try:
        yield
    finally:
        w.network.join(name)


@fault("handlers")
def handler_host_lost(w, random):
    """A host loses its power: silence, nothing of it goes on. The relay alone finds others for its work. It comes back and starts anew."""
    host = random.choice(w.hosts)
    if w.is_alone:
        w.sweeps_rest = True
        # Every worker has something in hand.
        w.control_origin("silent")
        time.sleep(0.9)
    at = time.time()
    try:
        with cut_off(w, host.name):
            host.kill_all()
            if w.is_alone:
                w.control_origin("ok")
            yield 15 if w.is_alone else 8
            if w.is_alone:
                # Its leases ended after three seconds; the posts to it hang.
                waiting = w.database.ask("SELECT count(*) FROM thumbnails.jobs "
                                         "WHERE token IS NOT NULL AND due_at < clock_timestamp() - interval '6 s'")
                taken = w.database.ask("SELECT count(*) FROM thumbnails.events "
                                       f"WHERE to_status = 'processing' AND class = 'lost' AND at > to_timestamp({at})")
                w.check(f"others take over from a host that is gone: {taken}, and {waiting} wait for it still", taken > 0 and waiting == 0)
    finally:
        w.sweeps_rest = False
    begin = time.time()
    w.start(host)
    if w.is_alone:
        w.is_mended()
        found = w.wait_for(lambda: w.logged("auto-generate-thumbnail", '"message":"completed"', begin, host.name), bool)
        w.check(f"{host.name} works again", found)


@fault("handlers")
def handler_host_cut_off(w, random):
    """A host is alone for longer than a lease, and comes back with claims that are not its own any more."""
    with cut_off(w, random.choice(w.hosts).name):
        yield w.lease_seconds + 6


@fault("database")
def database_cut_off(w, random):
    """The primary's host is silent. A worker that waits for an answer and the relay, which listens and sends, notice it."""
    host = w.database.primary
    if not w.is_alone:
        with cut_off(w, host):
            yield 12
        return
    with w.a_result_that_waits() as worker:
        at = time.time()
        with cut_off(w, host):
            yield 12
    w.is_mended()
    dropped = "the database connection is dropped"
    for who, moments in (("a worker that waits for an answer", w.logged("auto-generate-thumbnail", dropped, at, process=worker())),
                         ("the relay", w.logged("webhook-relay", dropped, at))):
        w.check(f"{who} notices a silent database", moments)
        if moments:
            w.note(f"a silent database is noticed by {who}, s", moments[0] - at)
            w.check(f"{who} notices a silent database within 7 s, not {moments[0] - at:.1f}", moments[0] - at <= 7)


@fault("store")
def store_cut_off(w, random):
    """The store's host is silent."""
    with cut_off(w, "store"):
        yield 8


# Store, origin, disk, clock -------------------------------------------------------------------------------------------------------


def store_fault(name, word, doc):
    def plays(w, random):
        w.store.play(word)
        try:
            yield 6
        finally:
            w.store.play("none")
    plays.__name__, plays.__doc__ = name, doc
    fault("store")(plays)


store_fault("store_500", "internal", "The store answers 500.")
store_fault("store_503", "slow-down", "The store answers 503 SlowDown.")
store_fault("store_reset", "reset-mid", "The store resets connections in the midst of the object.")
store_fault("store_reset_after_storing", "reset-after", "The store stores, and resets instead of answering.")
store_fault("store_silent", "hang", "The store takes the object and never answers.")
store_fault("store_slow", "late", "The store takes its time to answer.")
store_fault("store_slow_error", "slow", "The store answers an error, a kilobyte a second.")
store_fault("store_corrupts", "corrupt-resigned", "The store stores other bytes than it was sent.")


def origin_fault(name, doc):
    def plays(w, random):
        w.control_origin(name)
        try:
            yield 6
        finally:
            w.control_origin("ok")
    plays.__name__, plays.__doc__ = "origin_" + name, doc
    # Three attempts may fall into it.
    fault("origin", ["source", "media"] if name == "changed" else ["source"])(plays)


origin_fault("slow", "The origin sends ten kilobytes a second.")
origin_fault("reset", "The origin resets connections in the midst of the file.")
origin_fault("changed", "The origin's file becomes another one between any two requests.")
origin_fault("down", "The origin answers 503.")
origin_fault("silent", "The origin takes ten seconds to answer.")


@fault("disk")
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


@fault("store")
def local_store_full(w, random):
    """No byte is left in the folder that all hosts store in."""
    w.store.fill()
    try:
        yield 6
    finally:
        w.store.make_room()


@fault("clock")
def clock_of_workers_steps(w, random):
    """The clock of a host goes an hour ahead, then an hour back."""
    try:
        w.set_clock(w.worker_clock, "+3600")
        time.sleep(3)
        w.set_clock(w.worker_clock, "-3600")
        yield 3
    finally:
        w.set_clock(w.worker_clock, "+0")


@fault("clock")
def clock_of_database_steps(w, random):
    """The clock of the database's hosts goes ten seconds ahead, and back."""
    try:
        w.set_clock(w.database.clock, "+10")
        yield 3
    finally:
        w.set_clock(w.database.clock, "+0")


# Upgrades -------------------------------------------------------------------------------------------------------------------------


@fault("handlers")
def rolling_upgrade(w, random):
    """Host after host goes back to the old programs and forward to the new ones, with both at work meanwhile."""
    for folder in (w.old_bin, w.bin):
        for host in [*w.hosts, w.front]:
            host.install(folder)
            handlers = ("auto-generate-thumbnail:*", "retry-stuck-thumbnails:*", "scheduled:*")
            if host is not w.front:
                host.restart(*handlers)
            elif w.front.has_relay:
                host.restart("webhook-relay")
            time.sleep(1)
    yield 0
