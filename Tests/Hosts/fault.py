"""What goes wrong. Each fault is a context: it is there while the context is open, and mended when it ends.

A fault gets the `World` of the run and a seeded source of random choices, and yields the seconds it is to last. What it measures or checks
of itself it does after `w.is_mended()`, and only where it is alone (`w.is_alone`).
"""

import contextlib
import os
import signal
import threading

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
