"""An origin that does everything wrong, one path a fault, over http and https; and a target nobody may ever connect to.

hostile.py VIDEO LOG CERTIFICATES PUBLIC SILENT: serves until it is killed. Every connection to the target is a line in LOG/contacts, every request one in
LOG/requests: path, range, connection. SILENT is an address of this machine at whose port 83 nobody answers.
"""

import http.server
import os
import socket
import ssl
import sys
import threading

sys.dont_write_bytecode = True
from answers import note  # noqa: E402 (nothing is written beside it)
from faults import Faults  # noqa: E402
from usual import Usual  # noqa: E402

certificates, public, silent = sys.argv[3:6]


class Origin(Faults, Usual):
    """All of them."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


class Refusing(Server):
    """Closes no connection before the client does, for then the client would lose what was said last: why it is refused."""

    def shutdown_request(self, request):
        try:
            while socket.socket.recv(request, 4096):
                pass
        except OSError:
            pass
        super().shutdown_request(request)


def serve(port, certificate=None, address="0.0.0.0", asks=False):
    server = (Refusing if asks else Server)((address, port), Origin)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(certificates, certificate + ".pem"), os.path.join(certificates, certificate + ".key"))
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(os.path.join(certificates, "ca.pem"))
        # The handshake in the connection's own thread: one that fails must not hold up the others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def watch(family, address):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind((address, 81))
    listener.listen(64)
    while True:
        connection, peer = listener.accept()
        note("contacts", str(peer))
        connection.close()


def hang_up(port):
    """Whoever says something is left without a word."""
    listener = socket.create_server(("0.0.0.0", port))
    while True:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.close()


def say_nothing(address):
    """Who connects gets no answer at all: nobody takes connections, and the queue is full."""
    listener = socket.socket()
    listener.bind((address, 83))
    listener.listen(0)
    waiting = []
    while True:
        waiting.append(socket.socket())
        waiting[-1].settimeout(0.5)
        try:
            waiting[-1].connect((address, 83))
        except TimeoutError:
            return listener, waiting


unanswered = say_nothing(silent)
serve(83, address=public)
serve(80)
serve(443, "good")
serve(444, "wrong-name")
serve(445, "self-signed")
serve(446, "expired")
serve(447, "good", asks=True)
threading.Thread(target=hang_up, args=(448,), daemon=True).start()
threading.Thread(target=watch, args=(socket.AF_INET, "0.0.0.0"), daemon=True).start()
threading.Thread(target=watch, args=(socket.AF_INET6, "::"), daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
