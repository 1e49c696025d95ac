"""An origin that does everything wrong, one path a fault, over http and https; and a target nobody may ever connect to.

hostile.py VIDEO LOG CERTIFICATES: serves until it is killed. Every connection to the target is a line in LOG/contacts, every request one in
LOG/requests: path, range, connection.
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

certificates = sys.argv[3]


class Origin(Faults, Usual):
    """All of them."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


def serve(port, certificate=None):
    server = Server(("0.0.0.0", port), Origin)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(certificates, certificate + ".pem"), os.path.join(certificates, certificate + ".key"))
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


serve(80)
serve(443, "good")
serve(444, "wrong-name")
serve(445, "self-signed")
serve(446, "expired")
threading.Thread(target=watch, args=(socket.AF_INET, "0.0.0.0"), daemon=True).start()
threading.Thread(target=watch, args=(socket.AF_INET6, "::"), daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
