"""An origin that does everything wrong, one path a fault, over http and https; and a target nobody may ever connect to.

hostile.py VIDEO LOG CERTIFICATES: serves until it is killed. Every connection to the target is a line in LOG/contacts, every request one in
LOG/requests: path, range, connection.
"""

import gzip
import http.server
import io
import os
import socket
import ssl
import struct
import sys
import threading
import time

video = open(sys.argv[1], "rb").read()
log, certificates = sys.argv[2], sys.argv[3]
seen = {}
lock = threading.Lock()
# Ten megabytes of nothing in ten kilobytes.
buffer = io.BytesIO()
with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
    file.write(b"\0" * 10_000_000)
bomb = buffer.getvalue()


def note(name, text):
    with lock, open(os.path.join(log, name), "a") as lines:
        lines.write(text + "\n")


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def asked(self):
        text = self.headers.get("Range", "")
        if not text.startswith("bytes="):
            return 0, len(video) - 1
        first, _, last = text[6:].partition("-")
        return int(first), min(int(last or len(video) - 1), len(video) - 1)

    def head(self, status, *fields):
        self.send_response_only(status)
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()

    def part(self, total=None, tag='"one"', start=None, length=None):
        """The head of an honest 206, and the bytes it promises."""
        first, last = self.asked()
        shown = first if start is None else start
        body = video[first:last + 1]
        self.head(206, ("Content-Type", "video/mp4"), ("ETag", tag), ("Content-Length", str(len(body) if length is None else length)),
                  ("Content-Range", f"bytes {shown}-{shown + len(body) - 1}/{len(video) if total is None else total}"))
        return body

    def reset(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def do_GET(self):
        path = self.path.split("?")[0]
        with lock:
            count = seen[self.path] = seen.get(self.path, 0) + 1
        note("requests", f"{path} {self.headers.get('Range', '-')} {self.client_address[1]}")
        try:
            getattr(self, "get_" + path.strip("/").split("/")[0].replace("-", "_"), self.get_unknown)(count)
        except (OSError, ValueError):
            self.close_connection = True

    def get_unknown(self, count):
        self.head(404, ("Content-Length", "0"))

    def get_good(self, count):
        self.wfile.write(self.part())

    def get_drip(self, count):
        for byte in self.part():
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.2)

    def get_stall(self, count):
        self.part()
        time.sleep(60)

    def get_silent(self, count):
        time.sleep(60)

    def get_reset(self, count):
        self.wfile.write(self.part()[:1000])
        self.reset()

    def get_reset_once(self, count):
        body = self.part()
        self.wfile.write(body if count > 1 else body[:70000])
        if count == 1:
            self.reset()

    def get_too_short(self, count):
        # More promised than sent, the connection closed in good order.
        self.wfile.write(self.part(length=10_000_000))
        self.close_connection = True

    def get_endless(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Transfer-Encoding", "chunked"))
        while True:
            self.wfile.write(b"10000\r\n" + b"\0" * 65536 + b"\r\n")

    def get_endless_range(self, count):
        first, last = self.asked()
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), ("Transfer-Encoding", "chunked"))
        while True:
            self.wfile.write(b"10000\r\n" + b"\0" * 65536 + b"\r\n")

    def get_chunked(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Transfer-Encoding", "chunked"))
        for start in range(0, len(video), 5000):
            piece = video[start:start + 5000]
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def get_unknown_length(self, count):
        self.wfile.write(self.part(total="*"))

    def get_whole(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Length", str(len(video))))
        self.wfile.write(video)

    def get_wrong_range(self, count):
        self.wfile.write(self.part(start=77))

    def get_no_content_range(self, count):
        body = video[:1000]
        self.head(206, ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_multipart(self, count):
        body = b"--x\r\nContent-Range: bytes 0-9/100\r\n\r\n0123456789\r\n--x--\r\n"
        self.head(206, ("Content-Type", "multipart/byteranges; boundary=x"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_huge_size(self, count):
        self.wfile.write(self.part(total=str(2**63 - 1)))

    def get_huge_length(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Length", str(2**63 - 1)))
        while True:
            self.wfile.write(b"\0" * 65536)

    def get_replaced(self, count):
        self.wfile.write(self.part(tag=f'"{count}"'))

    def get_shrinking(self, count):
        self.wfile.write(self.part(total=len(video) - count))

    def get_gzip(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(bomb))))
        self.wfile.write(bomb)

    # Not hostile, only as origins are: what curl and browsers are content with.

    def get_compressed(self, count):
        body = gzip.compress(video, 1)
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_capped(self, count):
        # /capped/5000: never more than so many bytes at once.
        first, last = self.asked()
        body = video[first:min(last + 1, first + int(self.path.rsplit("/", 1)[1]))]
        self.head(206, ("Content-Range", f"bytes {first}-{first + len(body) - 1}/{len(video)}"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_to_the_end(self, count):
        first, _ = self.asked()
        body = video[first:]
        self.head(206, ("Content-Range", f"bytes {first}-{len(video) - 1}/{len(video)}"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_strict(self, count):
        # An end that lies behind the file's is refused.
        last = self.headers.get("Range", "").partition("-")[2]
        if last and int(last) >= len(video):
            self.head(416, ("Content-Range", f"bytes */{len(video)}"), ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_no_ranges(self, count):
        if self.headers.get("Range"):
            self.head(416, ("Content-Length", "0"))
        else:
            self.get_whole(count)

    def get_missed(self, count):
        # A cache that has lost the file once.
        self.get_whole(count) if count == 2 else self.get_good(count)

    def get_once(self, count):
        # A link that is good for one request.
        if self.path == "/once":
            self.head(302, ("Location", f"/once/{count}"), ("Content-Length", "0"))
        elif count > 1:
            self.head(403, ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_cookie(self, count):
        if "k=v" in self.headers.get("Cookie", ""):
            self.get_good(count)
        else:
            self.head(302, ("Location", self.path), ("Set-Cookie", "k=v; HttpOnly"), ("Content-Length", "0"))

    def get_elsewhere(self, count):
        # Sets a cookie and sends to another host, which may not be shown it.
        self.head(302, ("Location", "http://elsewhere.test/no-cookie"), ("Set-Cookie", "k=v; Domain=test"), ("Content-Length", "0"))

    def get_no_cookie(self, count):
        if self.headers.get("Cookie"):
            self.head(400, ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_browsers(self, count):
        if self.headers.get("User-Agent", "").startswith("Mozilla/"):
            self.get_good(count)
        else:
            self.head(403, ("Content-Length", "0"))

    def get_embedded(self, count):
        if self.headers.get("Referer"):
            self.get_good(count)
        else:
            self.head(403, ("Content-Length", "0"))

    def get_odd(self, count):
        # /odd leads to a place whose name is not escaped.
        if self.path == "/odd":
            self.wfile.write("HTTP/1.1 302 Found\r\nLocation: /odd/视频 (1)[x]|z'.mp4?a b=c;d \r\nContent-Length: 0\r\n\r\n".encode())
        else:
            self.get_good(count)

    def get_text(self, count):
        body = {"hls": b"#EXTM3U\nlow.m3u8\n", "dash": b'<?xml version="1.0"?><MPD></MPD>', "json": b'{"error":403}',
                "zip": b"PK\3\4" + bytes(100)}[self.path.rsplit("/", 1)[1]]
        self.head(200, ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_headers(self, count):
        self.wfile.write(b"HTTP/1.1 206 Partial Content\r\n")
        for number in range(200_000):
            self.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 100))

    def get_no_http(self, count):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 10)
        self.close_connection = True

    def get_busy_once(self, count):
        if count == 1:
            self.head(429, ("Retry-After", "1"), ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_error_twice(self, count):
        if count < 3:
            self.head(503, ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_status(self, count):
        self.head(int(self.path.split("?")[0].rsplit("/", 1)[1]), ("Content-Length", "0"))

    def get_loop(self, count):
        self.head(302, ("Location", "/loop"), ("Content-Length", "0"))

    def get_hop(self, count):
        # /hop/3: so many redirects to the good one.
        left = int(self.path.rsplit("/", 1)[1])
        self.head(302, ("Location", f"/hop/{left - 1}" if left > 1 else "/good"), ("Content-Length", "0"))

    def get_to(self, count):
        # /to?URL
        self.head(302, ("Location", self.path.split("?", 1)[1]), ("Content-Length", "0"))


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
