"""What the tests of <video-thumbnail> are written with: browsers, a page and a server that holds answers back."""

import contextlib
import http.server
import io
import os
import subprocess
import threading
import time

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains

from chromium_test import ChromiumTest, WORK, chromium
from element_common import BLUE, GREEN, Live, RED, YELLOW, quadrants
from firefox import Firefox
from webkit import WebKit

BASE = os.environ["BASE"]
PAGE = BASE + "/made/page.html"
#: Without a policy, which those browsers could not keep.
OLD = BASE + "/free/old.html"
BROWSERS = {"chromium": lambda strategy: chromium(strategy, "--lang=en-GB", strategy=strategy), "webkit": WebKit,
            "firefox": lambda strategy: Firefox(f"{WORK}/firefox-{strategy}-{time.monotonic()}", strategy)}
BROWSER = os.environ["BROWSER"]


def make_files():
    for width, height in ((480, 270), (960, 540), (1920, 1080), (270, 480)):
        name = str(width) if width > height else "portrait"
        image = quadrants(width, height)
        for kind in ("jpg", "webp"):
            data = io.BytesIO()
            image.save(data, "JPEG" if kind == "jpg" else "WEBP")
            Live.files[f"{name}.{kind}"] = data.getvalue()
        image.save(f"{WORK}/{name}.png")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", f"{WORK}/{name}.png", "-c:v", "libaom-av1", "-still-picture", "1", "-cpu-used", "8", f"{WORK}/{name}.avif"], check=True)
        with open(f"{WORK}/{name}.avif", "rb") as file:
            Live.files[f"{name}.avif"] = file.read()
    sheet = Image.new("RGB", (320, 180))
    for i, colour in enumerate((RED, GREEN, BLUE, YELLOW)):
        sheet.paste(colour, (i % 2 * 160, i // 2 * 90, i % 2 * 160 + 160, i // 2 * 90 + 90))
    data = io.BytesIO()
    sheet.save(data, "JPEG", quality=95)
    Live.files["sheet.jpg"] = data.getvalue()
    cues = [f"{i}\n00:{i // 4:02}:{i * 15 % 60:02}.000 --> 00:{(i + 1) // 4:02}:{(i + 1) * 15 % 60:02}.000\nsheet.jpg#xywh={i % 2 * 160},{i // 2 * 90},160,90\n" for i in range(4)]
    Live.files["board.vtt"] = ("WEBVTT\n\n" + "\n".join(cues)).encode()


class ElementTest(ChromiumTest):
    pictures = "element-" if BROWSER == "chromium" else f"element-{BROWSER}-"
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        make_files()
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["LIVE"])), Live)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.driver = cls.start("normal")

    @classmethod
    def start(cls, strategy):
        return BROWSERS[BROWSER](strategy)

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.server.shutdown()

    def setUp(self):
        Live.gates.clear()
        Live.asked.clear()
        self.driver.media()

    # What the tests say.

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def open(self, address=PAGE):
        self.driver.get(address)
        if address in (PAGE, OLD):
            self.eventually("the element is defined", lambda: self.js("return Boolean(customElements.get('video-thumbnail'))"))

    @contextlib.contextmanager
    def before_the_script(self):
        """Another browser, which does not wait for what is held back, on a page whose script is."""
        Live.gates["held"] = threading.Event()
        usual = self.driver
        self.driver = self.start("none")
        try:
            self.driver.get(BASE + "/made/plain.html")
            self.eventually("the page, without its script", lambda: self.js("return document.getElementById('row') !== null && document.readyState === 'interactive'"))
            yield
        finally:
            Live.gates["held"].set()
            self.driver.quit()
            self.driver = usual

    def put(self, row=None, before="", **properties):
        """An element in the page with these properties, set as a framework does it: in the task in which it is put there."""
        return self.js("""
          const [row, before, properties] = arguments; const e = document.createElement('video-thumbnail'); e.lang = 'en';
          document.querySelector('main').append(e); if (before) e.outerHTML = before.replace('<>', '<video-thumbnail lang="en"></video-thumbnail>');
          const element = document.querySelector('main').querySelectorAll('video-thumbnail'); const last = element[element.length - 1];
          if (row) last.video = row; Object.assign(last, properties); return last""", row, before, properties)

    def shadow(self, element, selector):
        return self.js("return arguments[0].shadowRoot.querySelector(arguments[1])", element, selector)

    def words(self, element):
        return self.js("return arguments[0].shadowRoot.textContent", element)

    def overflows(self, element):
        return self.js("const {top, bottom} = arguments[0].getBoundingClientRect(); return Array.from(arguments[0].shadowRoot.querySelectorAll('.state *')).map((e) => e.getBoundingClientRect()).some((box) => box.height > 0 && (box.top < top || box.bottom > bottom))", element)

    def loaded(self, element):
        return self.eventually("its picture", lambda: self.js(
            "const i = arguments[0].shadowRoot.querySelector('img'); return i.complete && i.naturalWidth > 0 && i.currentSrc", element))

    def colours(self, element):
        """Of the middle of each quadrant of the element's box as it is seen."""
        self.painted()
        box = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top, b.width, b.height]", element)
        image = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB")
        return [image.getpixel((int(box[0] + box[2] * x), int(box[1] + box[3] * y))) for y in (0.25, 0.75) for x in (0.25, 0.75)]

    def pixel(self, element, x, y):
        """So far from the left and the top of the element, as it is seen."""
        self.painted()
        left, top = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top]", element)
        return Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB").getpixel((int(left) + x, int(top) + y))

    def painted(self):
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))")

    def assertNear(self, seen, expected, within, what):
        for one, other in zip(seen, expected):
            self.assertLessEqual(max(abs(a - b) for a, b in zip(one, other)), within, f"{what}: {seen} for {expected}")

    def assertNothingMoved(self):
        # An observer is told after the frame in which something moved.
        self.painted()
        self.assertEqual(self.js("return shifts.reduce((a, b) => a + b, 0)"), 0, "nothing moves")

    def motion(self, wanted):
        self.driver.media(**{"prefers-reduced-motion": wanted})

    def board(self, before="", **properties):
        row = {"id": "a", "thumbnail_url": "/live/960.jpg", "thumbnail_generation_status": "completed",
               "thumbnail_metadata": {"width": 960, "height": 540, "format": "jpeg", "storyboard": {"url": "/live/board.vtt"}}}
        element = self.put(row, before, alt="A", **properties)
        self.js("arguments[0].scrollIntoView({block: 'center'})", element)
        self.loaded(element)
        return element

    def hover(self, element, share):
        width = self.js("return arguments[0].clientWidth", element)
        # By two steps: the first brings the module.
        for nudge in (-1, 0):
            ActionChains(self.driver, duration=0).move_to_element_with_offset(element, int(width * share - width / 2) + nudge, 0).perform()

    def tile(self, element):
        return self.js("const t = arguments[0].shadowRoot.querySelector('.tile'); return t && [t.getAttribute('viewBox'), arguments[0].shadowRoot.querySelector('.time').textContent]", element)

    def shows(self, element, index):
        expected = [f"{index % 2 * 160} {index // 2 * 90} 160 90", ["0:00", "0:15", "0:30", "0:45"][index]]
        return lambda: self.tile(element) == expected
