"""Hosts that are cut off or lost."""

import contextlib
import time

from fault import fault
from held_result import result_that_waits


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
        found = w.wait_for(lambda: w.logs.moments("auto-generate-thumbnail", '"message":"completed"', begin, host.name), bool)
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
    with result_that_waits(w) as worker:
        at = time.time()
        with cut_off(w, host):
            yield 12
    w.is_mended()
    dropped = "the database connection is dropped"
    for who, moments in (("a worker that waits for an answer", w.logs.moments("auto-generate-thumbnail", dropped, at, process=worker())),
                         ("the relay", w.logs.moments("webhook-relay", dropped, at))):
        w.check(f"{who} notices a silent database", moments)
        if moments:
            w.note(f"a silent database is noticed by {who}, s", moments[0] - at)
            w.check(f"{who} notices a silent database within 7 s, not {moments[0] - at:.1f}", moments[0] - at <= 7)


@fault("store")
def store_cut_off(w, random):
    """The store's host is silent."""
    with cut_off(w, "store"):
        yield 8
