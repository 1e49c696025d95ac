"""An origin that serves one folder with byte ranges, counts what it sends, and can be as far away as wanted.

GET /.count answers {"bytes", "requests"} since the last time and starts over. Seconds of delay before each answer and after
each accepted connection: the DELAY argument.
"""

import http.server
import json
import os
import sys
import threading
import time

folder, delay = sys.argv[1], float(sys.argv[2])
count = {"bytes": 0, "requests": 0}
lock = threading.Lock()


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    # Head and body are two writes: without this the second may wait 40 ms for the first to be acknowledged.
    disable_nagle_algorithm = True

    def setup(self):
        time.sleep(delay)
        super().setup()

    def log_message(self, *_):
        pass

    def do_GET(self):
        global count
        if self.path == "/.count":
            with lock:
                body = json.dumps(count).encode()
                count = {"bytes": 0, "requests": 0}
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        time.sleep(delay)
        with lock:
            count["requests"] += 1
        path = os.path.join(folder, os.path.basename(self.path))
        size = os.path.getsize(path)
        start, end, status = 0, size - 1, 200
        asked = self.headers.get("Range", "")
        if asked.startswith("bytes="):
            first, _, last = asked[6:].partition("-")
            start, end, status = int(first), min(int(last or end), end), 206
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "video/mp4")
        self.send_header("ETag", '"bench"')
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end}/{size}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        with open(path, "rb") as file:
            file.seek(start)
            left = end - start + 1
            while left > 0:
                part = file.read(min(65536, left))
                if not part:
                    break
                try:
                    sent = self.connection.send(part)
                    while sent < len(part):
                        sent += self.connection.send(part[sent:])
                except OSError:
                    self.close_connection = True
                    break
                with lock:
                    count["bytes"] += len(part)
                left -= len(part)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
