"""Processes of ours and of nginx that die or stand still."""

import signal

from fault import Repeated, fault, kill, stopped, workers


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
