"""Stands between the handler and the store: verifies the signature of every request and plays faults.

proxy.py PORT_FILE LOG_FILE FAULT_FILE STORE_PORT REGION CONDITIONS. CONDITIONS is `yes` to add what Debian's OpenStack
Swift lacks and R2 and AWS have, a PUT with `If-None-Match: *`, or `no` to leave requests as they are. The key id and the secret come from KEY_ID and SECRET.
FAULT_FILE holds `<fault> <times>`; the next that many PUTs of objects suffer it (`always`: all). LISTEN is the address to listen on, loopback unless said. LOG_FILE gets a JSON line a request.
"""

import datetime
import http.client
import http.server
import json
import os
import socket
import struct
import sys
import threading
import time

import sigv4
from leaving import LeavingHandler

PORT_FILE, LOG_FILE, FAULT_FILE, STORE_PORT, REGION, CONDITIONS = sys.argv[1:7]
KEY, SECRET = os.environ["KEY_ID"], os.environ["SECRET"]
# The second is what the store itself calls the user.
KEYS = {KEY: SECRET, "test:tester": SECRET}
lock = threading.Lock()
STATUSES = {"internal": (500, "InternalError"), "too-many": (429, "TooManyRequests"), "conflict": (409, "OperationAborted"),
            "expired": (400, "ExpiredToken"), "request-timeout": (400, "RequestTimeout")}


def take_fault():
    """Takes one use of the fault that is asked for."""
    with lock:
        try:
            with open(FAULT_FILE) as file:
                name, times = file.read().split()
        except (FileNotFoundError, ValueError):
            return ""
        if times == "always":
            return name
        if int(times) <= 0:
            return ""
        with open(FAULT_FILE, "w") as file:
            file.write(f"{name} {int(times) - 1}\n")
        return name


class Proxy(LeavingHandler):
    protocol_version = "HTTP/1.1"
    fault = ""

    def log_message(self, *_):
        pass

    def note(self, **fields):
        with lock, open(LOG_FILE, "a") as file:
            file.write(json.dumps({"method": self.command, "path": self.path, **fields}) + "\n")

    def forward(self, fields, body, method=None):
        connection = http.client.HTTPConnection("127.0.0.1", int(STORE_PORT), timeout=60)
        try:
            # The Host header is signed: it goes on as it came.
            connection.putrequest(method or self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in fields:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except OSError:
            return 502, [], b""
        finally:
            connection.close()

    def answer(self, status, fields, body):
        self.send_response_only(status)
        has_length = False
        for name, value in fields:
            if name.lower() in ("connection", "transfer-encoding"):
                continue
            has_length = has_length or name.lower() == "content-length"
            self.send_header(name, value)
        if not has_length and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def reset(self):
        # A linger time of zero makes close() send RST.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()

    def resigned(self, fields, body, moment=None, is_right=True):
        """The request without its condition, signed anew; with a wrong secret where the first signature was wrong."""
        extra = [(name, value) for name, value in fields if name.lower() in ("content-type", "cache-control")]
        match = sigv4.AUTHORIZATION.match(self.headers.get("Authorization", ""))
        key, region = (match["key"], match["region"]) if match else ("none", REGION)
        signed = sigv4.sign(self.command, self.path, self.headers["Host"], body, key, SECRET if is_right else "wrong",
                            region, extra, moment)
        return [*signed, ("Content-Length", str(len(body)))]

    def exists(self):
        fields = sigv4.sign("HEAD", self.path, self.headers["Host"], b"", KEY, SECRET, REGION)
        return self.forward(fields, b"", "HEAD")[0] == 200

    def handle_request(self):
        fault = take_fault() if self.command == "PUT" else ""
        if fault == "reset-mid":
            self.rfile.read(1000)
            self.note(fault=fault)
            return self.reset()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = self.headers.items()
        verdict = sigv4.fault(self.command, self.path, fields, body, KEYS, REGION)
        self.note(verdict=verdict, fault=fault, peer=self.client_address[1], headers={name.lower(): value for name, value in fields
                                                         if name.lower() != "authorization"})
        if fault == "slow-down":
            text = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
            return self.answer(503, [("Content-Type", "application/xml"), ("Retry-After", "1")], text)
        if fault in STATUSES:
            status, code = STATUSES[fault]
            return self.answer(status, [("Content-Type", "application/xml")], f"<Error><Code>{code}</Code></Error>".encode())
        if fault == "redirect":
            return self.answer(307, [("Location", "http://127.0.0.1:1/elsewhere")], b"<Error><Code>TemporaryRedirect</Code></Error>")
        if fault == "huge-error":
            return self.answer(503, [("Content-Type", "text/plain")], b"x" * 10_000_000)
        if fault == "slow":
            return self.drip()
        if fault == "hang":
            return self.hang()
        if fault == "late":
            time.sleep(0.5)
        if CONDITIONS == "yes" and self.headers.get("If-None-Match") == "*":
            if verdict is None and self.exists():
                self.note(stored=412)
                return self.answer(412, [], b"<Error><Code>PreconditionFailed</Code></Error>")
            # A time that is off goes on to the store, which has its own opinion of it.
            is_off = verdict == "the date is off"
            fields = self.resigned(fields, body, self.headers["x-amz-date"] if is_off else None, is_right=verdict is None or is_off)
        if fault.startswith("corrupt"):
            body = bytes([body[0] ^ 1]) + body[1:]
            if fault != "corrupt":
                fields = self.resigned(fields, body)
        if fault == "skew":
            hour = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
            fields = self.resigned(fields, body, hour.strftime("%Y%m%dT%H%M%SZ"))
        status, answer_fields, answer_body = self.forward(fields, body)
        self.note(stored=status)
        if fault == "reset-after":
            return self.reset()
        if fault == "hang-after":
            return self.hang()
        if fault == "412-after":
            return self.answer(412, [], b"<Error><Code>PreconditionFailed</Code></Error>")
        if fault in ("no-etag", "corrupt-resigned-no-etag"):
            answer_fields = [field for field in answer_fields if field[0].lower() != "etag"]
        return self.answer(status, answer_fields, answer_body)

    def drip(self):
        """An error of ten kilobytes, a kilobyte a second."""
        self.send_response_only(503)
        self.send_header("Content-Length", "10240")
        self.end_headers()
        for _ in range(10):
            self.wfile.write(b"x" * 1024)
            self.wfile.flush()
            time.sleep(1)

    def hang(self):
        """Until the other side has enough of it."""
        while self.connection.recv(1024):
            time.sleep(0.1)
        self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_request


server = http.server.ThreadingHTTPServer((os.environ.get("LISTEN", "127.0.0.1"), 0), Proxy)
server.daemon_threads = True
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
