"""An origin of videos: a path, a behaviour.

origin.py [OPTIONS] FILES: each file under its name, a folder's all, as they are when they are asked for. The first one is the video that the
behaviours below are of. Prints its port, and the target's where there is one. GET /.count answers {"bytes", "requests"} since the last time.

  --address A --port P   where it listens; a free port of 127.0.0.1
  --port-file F          tells its port by this file instead
  --delay S              seconds before each answer
  --distance S           the same, and before each connection is taken
  --forbidden LOG        makes a target that must never be contacted: every connection to it is a line in LOG
  --control F            F holds a word: `ok`, `slow` (a kilobyte in a tenth of a second), `reset` (RST after half the bytes), `changed` (each
                         answer is of another file than the one before), `down` (503), `silent` (no answer for ten seconds)
"""

import argparse
import http.server
import json
import mmap
import os
import re
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True
from leaving import LeavingHandler  # noqa: E402 (nothing is written beside it)

seen = {}
count = {"bytes": 0, "requests": 0}
lock = threading.Lock()


def watch(listener, log):
    while True:
        connection, _ = listener.accept()
        with open(log, "a") as lines:
            lines.write("contacted\n")
        connection.close()


def read(path):
    """What of it is sent is read: some are of many gigabytes."""
    with open(path, "rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def files():
    """Paths by name."""
    folders = [file for file in options.files if os.path.isdir(file)]
    named = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))]
    return {os.path.basename(path): path for path in [*named, *options.files] if os.path.isfile(path)}


def word():
    if not options.control:
        return "ok"
    with open(options.control) as file:
        return file.read().strip() or "ok"


class Origin(LeavingHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    # Head and body are two writes: without this the second may wait 40 ms for the first to be acknowledged.
    disable_nagle_algorithm = True
    turn = 0

    def setup(self):
        time.sleep(options.distance)
        super().setup()

    def log_message(self, *_):
        pass

    def answer(self, status, headers=(), body=b"", counted=True):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if counted:
            self.send(body)
        else:
            self.wfile.write(body)

    def head(self, body, tag='"one"'):
        """The head of an honest answer, and the bytes it promises."""
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, end = (int(span[1]), min(int(span[2] or len(body)), len(body) - 1)) if span else (0, len(body) - 1)
        if start >= len(body):
            self.answer(416, [("Content-Range", f"bytes */{len(body)}")])
            return b""
        self.send_response(206 if span else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "video/mp4")
        self.send_header("ETag", tag)
        if span:
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(body)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        return body[start : end + 1]

    def send(self, part, size=65536, pause=0.0):
        """What has really gone is counted: most callers leave early."""
        for at in range(0, len(part), size):
            piece = part[at : at + size]
            while piece and self.command != "HEAD":
                sent = self.connection.send(piece)
                piece = piece[sent:]
                with lock:
                    count["bytes"] += sent
            time.sleep(pause)

    def whole(self, body, seconds):
        """Without ranges, the last byte so many seconds after the request."""
        start, pieces = time.monotonic(), max(10, round(seconds * 4))
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for n in range(pieces):
            time.sleep(max(0, start + seconds * (n + 1) / pieces - time.monotonic()))
            self.send(body[len(body) * n // pieces : len(body) * (n + 1) // pieces])

    def do_GET(self):
        global count
        if self.path == "/.count":
            with lock:
                told, count = json.dumps(count), {"bytes": 0, "requests": 0}
            return self.answer(200, body=told.encode(), counted=False)
        with lock:
            count["requests"] += 1
            turn = seen[self.path] = seen.get(self.path, 0) + 1
        time.sleep(options.delay or options.distance)
        path = self.path.split("?")[0]
        known = files()
        slow = re.fullmatch(r"/slow/([\d.]+)/(.*)", path)
        if slow and slow[2] in known:
            self.whole(read(known[slow[2]]), float(slow[1]))
        elif path[1:] in known:
            self.controlled(read(known[path[1:]]), [read(known[name]) for name in known] if options.control else [])
        elif path == "/not-a-video.mp4":
            self.controlled(b"This is not a video. " * 500, [])
        elif behaviour := getattr(self, "get_" + path[1:].removesuffix(".mp4").replace("-", "_"), None):
            behaviour(read(next(iter(known.values()))), turn)
        else:
            self.answer(404)

    do_HEAD = do_GET

    def controlled(self, body, versions):
        control = word()
        if control == "down":
            return self.answer(503)
        if control == "silent":
            time.sleep(10)
        tag = '"one"'
        if control == "changed" and versions:
            Origin.turn += 1
            tag, body = f'"{Origin.turn}"', versions[Origin.turn % len(versions)]
        part = self.head(body, tag)
        if control == "reset":
            self.send(part[: len(part) // 2])
            # A linger time of zero makes close() send RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif control == "slow":
            for at in range(0, len(part), 1024):
                self.send(part[at : at + 1024], pause=0.1)
                if word() != "slow":
                    return self.send(part[at + 1024 :])
        else:
            self.send(part)

    # What /NAME.mp4 does, with the video and for the how manieth time it is asked.

    def get_late(self, video, turn):
        """Each request is answered so many milliseconds late."""
        time.sleep(float(self.path.split("ms=")[1].split("&")[0]) / 1000)
        self.send(self.head(video))

    def get_gated(self, video, turn):
        """Not before a file beside the target's log says so, and then each request 0.4 s late."""
        while not os.path.exists(options.forbidden + ".open"):
            time.sleep(0.05)
        time.sleep(0.4)
        self.send(self.head(video))

    def get_stall(self, video, turn):
        self.send(self.head(video)[:100])
        time.sleep(600)

    def get_stall_once(self, video, turn):
        if turn == 1:
            self.get_stall(video, turn)
        self.send(self.head(video))

    def get_slow(self, video, turn):
        time.sleep(1)
        self.send(self.head(video))

    def get_held(self, video, turn):
        """What is decoded waits for it, within a lease."""
        part = self.head(video)
        time.sleep(0 if self.headers.get("Range", "").startswith("bytes=0-") else 1.2)
        self.send(part)

    def get_drip(self, video, turn):
        """A job of many leases that gets on all the time."""
        part = self.head(video)
        self.send(part, 512, 22 * 512 / len(part) if turn == 1 else 0)

    def get_trickle(self, video, turn):
        """2 KB a second, to the end or until nobody wants it any more."""
        self.send(self.head(video), 512, 0.25)

    def get_shave(self, video, turn):
        self.whole(video, float(self.path.split("total=")[1]))

    def get_down(self, video, turn):
        """Until a file beside the target's log says that it is up."""
        if os.path.exists(options.forbidden + ".up"):
            self.send(self.head(video))
        else:
            self.answer(500)

    def get_poison(self, video, turn):
        """A box of no meaning, which the faults of the tests know."""
        mark = b"poisoned-video"
        self.send(self.head(bytes(video) + (8 + len(mark)).to_bytes(4, "big") + b"free" + mark))

    def get_changing(self, video, turn):
        self.send(self.head(video, f'"{turn}"'))

    def get_no_ranges(self, video, turn):
        self.answer(200, [("Content-Type", "video/mp4")], video)

    def get_flaky(self, video, turn):
        part = self.head(video)
        if turn % 2 == 1:
            self.close_connection = True
        else:
            self.send(part)

    def get_to_private(self, video, turn):
        self.answer(302, [("Location", f"http://127.0.0.1:{target.getsockname()[1]}/secret.mp4")])

    def get_to_file(self, video, turn):
        self.answer(302, [("Location", "file:///etc/passwd")])

    def get_loop(self, video, turn):
        self.answer(302, [("Location", "/loop.mp4")])

    def get_gone(self, video, turn):
        self.answer(410)

    def get_denied(self, video, turn):
        self.answer(403)

    def get_broken(self, video, turn):
        self.answer(500)


parser = argparse.ArgumentParser()
parser.add_argument("files", nargs="+")
parser.add_argument("--address", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--port-file")
parser.add_argument("--delay", type=float, default=0)
parser.add_argument("--distance", type=float, default=0)
parser.add_argument("--forbidden")
parser.add_argument("--control")
options = parser.parse_args()
ports = []
if options.forbidden:
    target = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=watch, args=(target, options.forbidden), daemon=True).start()
    ports = [target.getsockname()[1]]
server = http.server.ThreadingHTTPServer((options.address, options.port), Origin)
server.daemon_threads = True
if options.port_file:
    with open(options.port_file + ".new", "w") as file:
        file.write(str(server.server_port))
    os.rename(options.port_file + ".new", options.port_file)
else:
    # In one piece, also with PYTHONUNBUFFERED: whoever waits reads as soon as anything is there.
    sys.stdout.write(" ".join(map(str, [server.server_port, *ports])) + "\n")
    sys.stdout.flush()
server.serve_forever()
