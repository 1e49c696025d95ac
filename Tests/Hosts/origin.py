"""The host the videos come from: origin.py ADDRESS PORT FOLDER CONTROL_FILE DELAY.

Serves FOLDER with byte ranges. DELAY: seconds before each answer. CONTROL_FILE holds a word: `ok`, `slow` (a kilobyte in a tenth of a
second), `reset` (RST after half the bytes), `changed` (each answer is of another file than the one before), `down` (503), `silent` (no answer
for ten seconds). Two paths always fail: /gone.mp4 (404) and /not-a-video.mp4.
"""

import http.server
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Support"))
sys.dont_write_bytecode = True
from leaving import LeavingHandler  # noqa: E402 (found by the lines above)

ADDRESS, FOLDER, CONTROL = sys.argv[1], sys.argv[3], sys.argv[4]
PORT, DELAY = int(sys.argv[2]), float(sys.argv[5])
contents = {}
for name in os.listdir(FOLDER):
    with open(os.path.join(FOLDER, name), "rb") as file:
        contents["/" + name] = file.read()
versions = list(contents.values())
contents["/not-a-video.mp4"] = b"This is not a video. " * 500


def word():
    with open(CONTROL) as file:
        return file.read().strip() or "ok"


class Origin(LeavingHandler):
    protocol_version = "HTTP/1.1"
    turn = 0

    def log_message(self, *_):
        pass

    def refuse(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        time.sleep(DELAY)
        control = word()
        body = contents.get(self.path.split("?")[0])
        if body is None:
            return self.refuse(404)
        if control == "down":
            return self.refuse(503)
        if control == "silent":
            time.sleep(10)
        tag = '"one"'
        if control == "changed" and body in versions:
            Origin.turn += 1
            tag, body = f'"{Origin.turn}"', versions[Origin.turn % len(versions)]
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
        if control == "reset":
            self.wfile.write(part[: len(part) // 2])
            # A linger time of zero makes close() send RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif control == "slow":
            for at in range(0, len(part), 1024):
                self.wfile.write(part[at : at + 1024])
                time.sleep(0.1)
                if word() != "slow":
                    self.wfile.write(part[at + 1024 :])
                    break
        else:
            self.wfile.write(part)


server = http.server.ThreadingHTTPServer((ADDRESS, PORT), Origin)
server.daemon_threads = True
server.serve_forever()
