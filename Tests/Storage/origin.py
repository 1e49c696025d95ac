"""Serves the files of a folder with Range support on a free loopback port: origin.py PORT_FILE FOLDER.

/slow/SECONDS/FILE: the whole file, without ranges, the last byte after so many seconds.
"""

import http.server
import os
import re
import sys
import time

PORT_FILE, FOLDER = sys.argv[1:3]


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = os.path.join(FOLDER, os.path.basename(self.path))
        if not os.path.isfile(path):
            return self.send_error(404)
        with open(path, "rb") as file:
            data = file.read()
        slow = re.fullmatch(r"/slow/([\d.]+)/.*", self.path)
        if slow:
            return self.drip(data, float(slow[1]))
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if span:
            first, last = int(span[1]), min(int(span[2] or len(data)), len(data) - 1)
            if first >= len(data):
                return self.send_error(416)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            data = data[first:last + 1]
        else:
            self.send_response(200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def drip(self, data, seconds):
        start = time.monotonic()
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        pieces = max(1, round(seconds * 4))
        size = -(-len(data) // pieces)
        for number in range(pieces):
            time.sleep(max(0, start + seconds * (number + 1) / pieces - time.monotonic()))
            self.wfile.write(data[number * size:(number + 1) * size])

    do_HEAD = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
server.daemon_threads = True
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
