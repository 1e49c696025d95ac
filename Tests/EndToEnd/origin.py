"""An origin that misbehaves on request, and a target that must never be contacted.

origin.py FILE FORBIDDEN_LOG: prints the origin's port and the target's port, then serves FILE until it is killed. Every
connection to the target is a line in FORBIDDEN_LOG.
"""

import http.server
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Support"))
sys.dont_write_bytecode = True
from leaving import LeavingHandler  # noqa: E402 (found by the lines above)

video = open(sys.argv[1], "rb").read()
seen = {}


def watch(listener, log):
    while True:
        connection, _ = listener.accept()
        with open(log, "a") as lines:
            lines.write("contacted\n")
        connection.close()


class Origin(LeavingHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def ranged(self, body, tag='"one"'):
        start, end = 0, len(body) - 1
        asked = self.headers.get("Range", "")
        if asked.startswith("bytes="):
            first, _, last = asked[6:].partition("-")
            start, end = int(first), min(int(last or end), end)
        part = body[start : end + 1]
        self.send_response(206)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(body)}")
        self.send_header("Content-Length", str(len(part)))
        self.send_header("ETag", tag)
        self.end_headers()
        return part

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        count = seen[self.path] = seen.get(self.path, 0) + 1
        forbidden = f"http://127.0.0.1:{target.getsockname()[1]}/secret.mp4"
        if path == "/video.mp4":
            self.wfile.write(self.ranged(video))
        elif path == "/board.ts":
            # A suite has put it beside the video.
            with open(os.path.join(os.path.dirname(sys.argv[1]), "board.ts"), "rb") as file:
                self.wfile.write(self.ranged(file.read()))
        elif path == "/late.mp4":
            # Each request is answered so many milliseconds late.
            time.sleep(float(self.path.split("ms=")[1].split("&")[0]) / 1000)
            self.wfile.write(self.ranged(video))
        elif path == "/stall.mp4" or (path == "/stall-once.mp4" and count == 1):
            self.wfile.write(self.ranged(video)[:100])
            time.sleep(600)
        elif path == "/stall-once.mp4":
            self.wfile.write(self.ranged(video))
        elif path == "/slow.mp4":
            time.sleep(1)
            self.wfile.write(self.ranged(video))
        elif path == "/held.mp4":
            # What is decoded waits for it, within a lease.
            part = self.ranged(video)
            time.sleep(0 if self.headers.get("Range", "").startswith("bytes=0-") else 1.2)
            self.wfile.write(part)
        elif path == "/drip.mp4":
            # A job of many leases that gets on all the time.
            part = self.ranged(video)
            for start in range(0, len(part), 512):
                self.wfile.write(part[start : start + 512])
                self.wfile.flush()
                time.sleep(22 * 512 / len(part) if count == 1 else 0)
        elif path == "/trickle.mp4":
            # 2 KB a second, to the end or until nobody wants it any more.
            part = self.ranged(video)
            for start in range(0, len(part), 512):
                self.wfile.write(part[start : start + 512])
                self.wfile.flush()
                time.sleep(0.25)
        elif path == "/shave.mp4":
            # Without ranges, the last byte so many seconds after the request.
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(video)))
            self.end_headers()
            pieces, seconds = 10, float(self.path.split("total=")[1])
            for n in range(pieces):
                time.sleep(seconds / pieces)
                self.wfile.write(video[len(video) * n // pieces : len(video) * (n + 1) // pieces])
                self.wfile.flush()
        elif path == "/down.mp4" and not os.path.exists(sys.argv[2] + ".up"):
            self.answer(500)
        elif path == "/down.mp4":
            self.wfile.write(self.ranged(video))
        elif path == "/poison.mp4":
            # A box of no meaning, which the faults of the tests know.
            mark = b"poisoned-video"
            self.wfile.write(self.ranged(video + (8 + len(mark)).to_bytes(4, "big") + b"free" + mark))
        elif path == "/changing.mp4":
            self.wfile.write(self.ranged(video, f'"{count}"'))
        elif path == "/no-ranges.mp4":
            self.answer(200, [("Content-Type", "video/mp4")], video)
        elif path == "/flaky.mp4" and count % 2 == 1:
            self.ranged(video)
            self.close_connection = True
        elif path == "/flaky.mp4":
            self.wfile.write(self.ranged(video))
        elif path == "/to-private.mp4":
            self.answer(302, [("Location", forbidden)])
        elif path == "/to-file.mp4":
            self.answer(302, [("Location", "file:///etc/passwd")])
        elif path == "/loop.mp4":
            self.answer(302, [("Location", "/loop.mp4")])
        elif path == "/gone.mp4":
            self.answer(410)
        elif path == "/denied.mp4":
            self.answer(403)
        elif path == "/broken.mp4":
            self.answer(500)
        else:
            self.answer(404)


target = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=watch, args=(target, sys.argv[2]), daemon=True).start()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
server.daemon_threads = True
print(server.server_address[1], target.getsockname()[1], flush=True)
server.serve_forever()
