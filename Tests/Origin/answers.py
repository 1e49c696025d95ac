"""What an origin answers with: the video it has, the ranges it is asked for, and a log of who asked."""

import http.server
import os
import socket
import struct
import sys
import threading

video = open(sys.argv[1], "rb").read()
log = sys.argv[2]
seen = {}
lock = threading.Lock()


def note(name, text):
    with lock, open(os.path.join(log, name), "a") as lines:
        lines.write(text + "\n")


class Answers(http.server.BaseHTTPRequestHandler):
    """The behaviour of a path is the method that its first part names."""

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

    def get_whole(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Length", str(len(video))))
        self.wfile.write(video)
