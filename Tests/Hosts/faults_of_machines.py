"""Store, origin, disk, clock, and upgrades."""

import os
import subprocess
import time

from fault import fault


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
