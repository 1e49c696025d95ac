"""Paths of origins that are not hostile, only as origins are: what curl and browsers are content with, and what is over when it is asked again."""

import gzip
import sys
import time

from answers import Answers, video


class Usual(Answers):
    free = [0.0]

    def get_compressed(self, count):
        body = gzip.compress(video, 1)
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_matroska(self, count):
        with open(sys.argv[1].replace(".mp4", ".mkv"), "rb") as file:
            body = file.read()
        self.head(200, ("Content-Type", "video/x-matroska"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_each_anew(self, count):
        self.close_connection = True
        self.wfile.write(self.part())

    def get_capped(self, count):
        # /capped/5000: never more than so many bytes at once.
        first, last = self.asked()
        body = video[first:min(last + 1, first + int(self.path.rsplit("/", 1)[1]))]
        self.head(206, ("Content-Range", f"bytes {first}-{first + len(body) - 1}/{len(video)}"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_identity(self, count):
        # A coding that is none, which RFC 9112 no longer knows. The connection stays.
        first, last = self.asked()
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), ("Transfer-Encoding", "identity"), ("Content-Length", str(last + 1 - first)))
        self.wfile.write(video[first:last + 1])

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

    def get_latin(self, count):
        # /latin leads to a place whose name is in the encoding of old.
        if self.path == "/latin":
            self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /latin/vid\xe9o.mp4\r\nContent-Length: 0\r\n\r\n")
        elif self.path.endswith("/vid%E9o.mp4"):
            self.get_good(count)
        else:
            self.get_unknown(count)

    def get_quoted(self, count):
        # Strict servers take no line with characters that no URL holds.
        self.head(400, ("Content-Length", "0")) if set(self.path) & set('"<>\\^`{|}') else self.get_good(count)

    def get_expired(self, count):
        body = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
        self.head(403, ("Content-Type", "application/xml"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_digits(self, count):
        # As a lesson much copied has it: all digits of the range are its start, and without a range nothing is sent.
        digits = "".join(filter(str.isdigit, self.headers.get("Range", "")))
        if not digits:
            return self.head(400, ("Content-Length", "0"))
        body = video[int(digits):int(digits) + 1000000]
        self.head(206, ("Content-Range", f"bytes {digits}-{int(digits) + len(body) - 1}/{len(video)}"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_text(self, count):
        body = {"hls": b"#EXTM3U\nlow.m3u8\n", "dash": b'<?xml version="1.0"?><MPD></MPD>', "json": b'{"error":403}',
                "zip": b"PK\3\4" + bytes(100)}[self.path.rsplit("/", 1)[1]]
        self.head(200, ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_busy_once(self, count):
        if count == 1:
            self.head(429, ("Retry-After", "1"), ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_limited(self, count):
        # nginx's `limit_req` with `rate=1r/s`, whose 503 does not say for how long.
        now = time.monotonic()
        if now < self.free[0]:
            return self.head(503, ("Content-Length", "0"))
        self.free[0] = now + 1
        self.get_good(count)

    def get_error_twice(self, count):
        if count < 3:
            self.head(503, ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_status(self, count):
        self.head(int(self.path.split("?")[0].rsplit("/", 1)[1]), ("Content-Length", "0"))

    def get_hop(self, count):
        # /hop/3: so many redirects to the good one.
        left = int(self.path.rsplit("/", 1)[1])
        self.head(302, ("Location", f"/hop/{left - 1}" if left > 1 else "/good"), ("Content-Length", "0"))

    def get_to(self, count):
        # /to?URL
        self.head(302, ("Location", self.path.split("?", 1)[1]), ("Content-Length", "0"))
