"""Paths that do wrong: too slow, too much, broken off, not what was asked for, or no HTTP."""

import gzip
import io
import time

from answers import Answers, video

# Ten megabytes of nothing in ten kilobytes.
buffer = io.BytesIO()
with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
    file.write(b"\0" * 10_000_000)
bomb = buffer.getvalue()


class Faults(Answers):
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

    def get_blank(self, count):
        self.head(200, ("Content-Length", "0"))

    def get_empty(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Length", "0"))

    def get_chunked_and_short(self, count):
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Length", str(len(video) - 5)), ("Transfer-Encoding", "chunked"))
        self.wfile.write(b"%x\r\n" % len(video) + video + b"\r\n0\r\n\r\n")

    def get_empty_range(self, count):
        if "Range" in self.headers:
            self.head(416, ("Content-Range", "bytes */0"), ("Content-Length", "0"))
        else:
            self.get_empty(count)

    def get_login_later(self, count):
        if count == 1:
            return self.get_good(count)
        page = b"<!doctype html><title>Log in</title>"
        self.head(200, ("Content-Type", "text/html"), ("Content-Length", str(len(page))))
        self.wfile.write(page)

    def get_gzip_tail(self, count):
        body = gzip.compress(video, 1) + b"more" * 1000
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_half_heads(self, count):
        self.wfile.write(b"HTTP/1.1 206 Partial Content\r\nContent-Le")
        self.close_connection = True

    def get_half_head(self, count):
        # The first answer ends within its head. Whoever asks in another way then gets nothing.
        if count == 1:
            self.get_half_heads(count)
        elif self.headers.get("Range", "-").endswith("-"):
            self.head(403, ("Content-Length", "0"))
        else:
            self.get_good(count)

    def get_trailers(self, count):
        first, last = self.asked()
        body = video[first:last + 1]
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), ("Transfer-Encoding", "chunked"))
        self.wfile.write(b"%x\r\n" % len(body) + body + b'\r\n0\r\nETag: "%d"\r\nContent-Range: bytes 0-1/2\r\n\r\n' % count)

    def get_too_short(self, count):
        # More promised than sent, the connection closed in good order.
        self.wfile.write(self.part(length=10_000_000))
        self.close_connection = True

    def get_unended(self, count):
        # /unended/none: all that was asked for, but a length that is too long, or no word of the end; and the connection stays open.
        first, last = self.asked()
        body = video[first:last + 1]
        told = self.path.rsplit("/", 1)[1]
        length = {"none": [], "long": [("Content-Length", str(len(video) + 1))], "chunked": [("Transfer-Encoding", "chunked")]}[told]
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), *length)
        self.wfile.write(b"%x\r\n" % len(body) + body + b"\r\n" if told == "chunked" else body)
        time.sleep(60)

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

    def get_wrong_range(self, count):
        self.wfile.write(self.part(start=77))

    def get_no_content_range(self, count, body=video[:1000]):
        self.head(206, ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def get_all_as_part(self, count):
        self.get_no_content_range(count, body=video)

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

    def get_headers(self, count):
        self.wfile.write(b"HTTP/1.1 206 Partial Content\r\n")
        for number in range(200_000):
            self.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 100))

    def get_long_line(self, count):
        self.wfile.write(b"HTTP/1.1 206 Partial Content\r\nX-Long: ")
        while True:
            self.wfile.write(b"x" * 65536)

    def get_extensions(self, count):
        # Chunks of one byte and a great deal beside it, which is no part of the body.
        first, last = self.asked()
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), ("Transfer-Encoding", "chunked"))
        while True:
            self.wfile.write(b"1;" + b"x" * 65536 + b"\r\n\0\r\n")

    def get_nothing(self, count):
        # Blocks of deflate without a byte in them.
        self.head(200, ("Content-Type", "video/mp4"), ("Content-Encoding", "gzip"))
        self.wfile.write(b"\x1f\x8b\x08" + bytes(7))
        while True:
            self.wfile.write(b"\0\0\0\xff\xff" * 13000)

    def get_trailer_flood(self, count):
        first, last = self.asked()
        self.head(206, ("Content-Range", f"bytes {first}-{last}/{len(video)}"), ("Transfer-Encoding", "chunked"))
        self.wfile.write(b"%x\r\n" % (last + 1 - first) + video[first:last + 1] + b"\r\n0\r\n")
        while True:
            self.wfile.write(b"X-A: " + b"x" * 1000 + b"\r\n")

    def get_no_http(self, count):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 10)
        self.close_connection = True

    def get_loop(self, count):
        self.head(302, ("Location", "/loop"), ("Content-Length", "0"))
