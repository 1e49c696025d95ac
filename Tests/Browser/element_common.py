"""What the parts of test_element.py share."""

import base64
import http.server
import math
import os
import threading

from PIL import Image

from chromium_test import WORK

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 30)


def quadrants(width, height):
    """A picture of which it can be told whether it is the right way up and whole."""
    image = Image.new("RGB", (width, height))
    for x, y, colour in ((0, 0, RED), (1, 0, GREEN), (0, 1, BLUE), (1, 1, YELLOW)):
        image.paste(colour, (x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2))
    return image


def thumb_hash(image):
    """The published encoding of an opaque picture of at most 100 pixels a side, written from its description."""
    width, height = image.size
    pixels = [tuple(c / 255 for c in p) for p in image.getdata()]
    planes = [[(r + g + b) / 3 for r, g, b in pixels], [(r + g) / 2 - b for r, g, b in pixels], [r - g for r, g, b in pixels]]
    across, down = (max(1, round(7 * side / max(width, height))) for side in (width, height))

    def channel(plane, nx, ny):
        waves, mean = [], 0
        for cy in range(ny):
            cx = 0
            while cx * ny < nx * (ny - cy):
                amount = sum(plane[y * width + x] * math.cos(math.pi / width * cx * (x + 0.5)) * math.cos(math.pi / height * cy * (y + 0.5))
                             for y in range(height) for x in range(width)) / (width * height)
                if cx or cy:
                    waves.append(amount)
                else:
                    mean = amount
                cx += 1
        scale = max(map(abs, waves))
        return mean, scale, [0.5 + 0.5 / scale * amount if scale else 0.5 for amount in waves]

    (l, l_scale, l_waves), (p, p_scale, p_waves), (q, q_scale, q_waves) = (
        channel(planes[0], max(3, across), max(3, down)), channel(planes[1], 3, 3), channel(planes[2], 3, 3))
    wide = width > height
    head = round(63 * l) | round(31.5 + 31.5 * p) << 6 | round(31.5 + 31.5 * q) << 12 | round(31 * l_scale) << 18
    more = (down if wide else across) | round(63 * p_scale / 1.25) << 3 | round(63 * q_scale / 1.25) << 9 | (1 if wide else 0) << 15
    data = bytearray([head & 255, head >> 8 & 255, head >> 16, more & 255, more >> 8])
    nibbles = [round(15 * amount) for amount in l_waves + p_waves + q_waves]
    for i in range(0, len(nibbles), 2):
        data.append(nibbles[i] | (nibbles[i + 1] << 4 if i + 1 < len(nibbles) else 0))
    return base64.b64encode(bytes(data)).decode()


class Live(http.server.BaseHTTPRequestHandler):
    """Pictures and answers, each of which can be held back."""
    protocol_version = "HTTP/1.1"
    files = {}
    gates = {}
    asked = []

    def do_GET(self):
        name = self.path.removeprefix("/live/").split("?")[0]
        Live.asked.append(name)
        if name in Live.gates:
            Live.gates[name].wait(30)
        if name.startswith("held/"):
            Live.gates.setdefault("held", threading.Event()).wait(30)
            with open(os.path.join(WORK, "www", name.removeprefix("held/")), "rb") as file:
                self.answer("application/javascript", file.read())
        elif name in Live.files:
            kind = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif", "vtt": "text/vtt", "json": "application/json"}[name.rsplit(".")[-1]]
            self.answer(kind, Live.files[name])
        else:
            self.answer("text/plain", b"no such picture", 404)

    def answer(self, kind, data, status=200):
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(data)
        except BrokenPipeError:
            pass  # the page was left meanwhile

    def log_message(self, *words):
        pass


def sizes():
    return [{"url": f"/live/{width}.{extension}", "width": width, "height": width * 9 // 16, "format": name, "bytes": 1000}
            for name, extension in (("jpeg", "jpg"), ("webp", "webp"), ("avif", "avif")) for width in (480, 960, 1920)]
