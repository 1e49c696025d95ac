"""Drives <video-thumbnail> in Chromium, behind nginx with the project's own headers. Started by Tests/Browser/element."""

import base64
import contextlib
import http.server
import io
import json
import math
import os
import subprocess
import threading
import time
import unittest

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.chrome.service import Service

BASE = os.environ["BASE"]
WORK = os.environ["WORK"]
SCREENSHOTS = os.environ["SCREENSHOTS"]
AXE = open(os.environ["AXE"]).read() if os.path.exists(os.environ["AXE"]) else None
PAGE = BASE + "/made/page.html"
RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 30)
OBSERVER = """
  window.shifts = []; window.unhandled = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().filter((e) => !e.hadRecentInput).map((e) => e.value))).observe({type: 'layout-shift', buffered: true});
  addEventListener('unhandledrejection', (event) => unhandled.push(String(event.reason)));
"""


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


def sizes():
    return [{"url": f"/live/{width}.{extension}", "width": width, "height": width * 9 // 16, "format": name, "bytes": 1000}
            for name, extension in (("jpeg", "jpg"), ("webp", "webp"), ("avif", "avif")) for width in (480, 960, 1920)]


class Element(unittest.TestCase):
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
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        options.page_load_strategy = strategy
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,900", "--no-first-run",
                         "--force-color-profile=srgb", "--lang=en-GB", f"--user-data-dir={WORK}/chromium-{strategy}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": OBSERVER})
        return driver

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.server.shutdown()

    def setUp(self):
        Live.gates.clear()
        Live.asked.clear()
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    # What the tests say.

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def open(self, address=PAGE):
        self.driver.get(address)
        if address == PAGE:
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

    def eventually(self, what, condition, seconds=20):
        last = None
        end = time.time() + seconds
        while time.time() < end:
            last = condition()
            if last:
                return last
            time.sleep(0.05)
        self.picture("failed")
        self.fail(f"{what}: {last!r} after {seconds} s")

    def loaded(self, element):
        return self.eventually("its picture", lambda: self.js(
            "const i = arguments[0].shadowRoot.querySelector('img'); return i.complete && i.naturalWidth > 0 && i.currentSrc", element))

    def picture(self, name):
        self.driver.save_screenshot(os.path.join(SCREENSHOTS, f"element-{name}.png"))

    def colours(self, element):
        """Of the middle of each quadrant of the element's box as it is seen."""
        box = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top, b.width, b.height]", element)
        image = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB")
        return [image.getpixel((int(box[0] + box[2] * x), int(box[1] + box[3] * y))) for y in (0.25, 0.75) for x in (0.25, 0.75)]

    def assertNear(self, seen, expected, within, what):
        for one, other in zip(seen, expected):
            self.assertLessEqual(max(abs(a - b) for a, b in zip(one, other)), within, f"{what}: {seen} for {expected}")

    def assertNothingMoved(self):
        # An observer is told after the frame in which something moved.
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))")
        self.assertEqual(self.js("return shifts.reduce((a, b) => a + b, 0)"), 0, "nothing moves")

    def axe(self, where):
        if AXE is None:  # scripts/packages/fetch-axe has said so
            return
        self.js(AXE)
        report = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(done, (e) => done({violations: [{id: String(e), nodes: []}]}))")
        self.assertEqual([f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in report["violations"]], [], f"axe, {where}")

    def motion(self, wanted):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": wanted}]})

    # The tests.

    def test_01_rows_as_they_come(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_url": None, "thumbnail_generation_status": "odd", "thumbnail_generation_error": None, "thumbnail_metadata": None, "title": "x"})
        self.assertEqual((self.js("return arguments[0].status", element), self.words(element)), (None, "Waiting…"), "an unknown state is not known")
        self.js("arguments[0].video = {id: 'a', thumbnail_generation_status: 'failed', thumbnail_generation_error: 'why'}", element)
        self.assertEqual(self.words(element), "!FailedRetry")
        self.js("arguments[0].video = {thumbnail_generation_status: 'processing'}", element)
        self.assertEqual(self.js("return [arguments[0].videoId, arguments[0].error]", element), ["a", "why"], "what a row does not name stays")
        self.js("arguments[0].video = {id: 'b', thumbnail_url: '/live/480.jpg', thumbnail_generation_status: 'completed'}", element)
        self.assertEqual(self.js("return [arguments[0].videoId, arguments[0].error, arguments[0].video.id]", element), ["b", None, "b"], "of another video nothing does")
        self.loaded(element)
        self.assertEqual(self.words(element), "")
        self.js("arguments[0].video = null", element)
        self.assertEqual(self.words(element), "Waiting…")
        self.assertFalse(self.shadow(element, ".picture").is_displayed())
        for metadata in ("{", "[]", "7", '"x"', {"sizes": 7}, {"sizes": [None, 7, {"url": 7, "width": "x", "format": "exe"}, {"url": "javascript:alert(1)", "width": 9, "format": "jpeg"}]},
                         {"thumbHash": "%%%"}, {"thumbHash": ""}, {"thumbHash": "AA=="}, {"thumbHash": "A" * 100000}, {"dominantColor": "red;x:url(//x)"}, {"storyboard": "x"},
                         {"storyboard": {"url": "javascript:1"}}, {"width": "1;}*{display:none", "height": 1}, {"aspectRatio": {"a": 1}}):
            odd = self.put({"id": "c", "thumbnail_url": "/live/480.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": metadata})
            self.assertIn("/live/480.jpg", self.loaded(odd), f"with {metadata!r:.80}")
            self.assertEqual(self.js("return arguments[0].getBoundingClientRect().height", odd), 180)

    def test_02_properties_and_attributes(self):
        self.open()
        element = self.put()
        for prop, attribute, value, text in (("videoId", "video-id", "v", "v"), ("status", "status", "failed", "failed"), ("src", "src", "/live/480.jpg", "/live/480.jpg"), ("alt", "alt", "A", "A"),
                                             ("error", "error", "e", "e"), ("poll", "poll", "/live/none.json", "/live/none.json"), ("interval", "interval", 7, "7"), ("quiet", "quiet", True, ""),
                                             ("sizes", "sizes", "50vw", "50vw"), ("metadata", "metadata", {"width": 9}, '{"width":9}'), ("labels", "labels", {"retry": "R"}, '{"retry":"R"}'), ("lang", "lang", "zh", "zh")):
            self.js("arguments[0][arguments[1]] = arguments[2]", element, prop, value)
            self.assertEqual(self.js("return arguments[0].getAttribute(arguments[1])", element, attribute), text, attribute)
            self.js("arguments[0].removeAttribute(arguments[1])", element, attribute)
            self.assertIn(self.js("return arguments[0][arguments[1]]", element, prop), (None, "", 3, False), f"{prop} without its attribute")
            self.js("arguments[0].setAttribute(arguments[1], arguments[2])", element, attribute, text)
            self.assertEqual(self.js("return arguments[0][arguments[1]]", element, prop), value, prop)
        self.js("arguments[0].quiet = ''; arguments[0].labels = '{\"retry\":\"Text\"}'", element)
        self.assertEqual(self.js("return [arguments[0].quiet, arguments[0].labels]", element), [True, {"retry": "Text"}], "as libraries set what is written as an attribute")
        # As a template engine does it: properties before the class is there.
        with self.before_the_script():
            self.js("const e = document.getElementById('row'); e.video = {id: 'early', thumbnail_generation_status: 'processing'}; e.quiet = true")
            self.assertIsNone(self.js("return document.getElementById('row').getAttribute('video-id')"))
            Live.gates["held"].set()
            self.eventually("they are taken over", lambda: self.js("const e = document.getElementById('row'); return e.getAttribute('video-id') === 'early' && e.hasAttribute('quiet')"))

    def test_03_without_javascript_and_before_it_comes(self):
        Live.gates["held"] = threading.Event()
        Live.gates["held"].set()
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            self.driver.get(BASE + "/made/plain.html")
            time.sleep(0.5)
            self.picture("without-javascript")
            plain = Image.open(f"{SCREENSHOTS}/element-without-javascript.png").convert("RGB")
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        with self.before_the_script():
            plain_element = self.driver.find_element(By.ID, "plain")
            self.eventually("the plain picture", lambda: self.js("return arguments[0].firstElementChild.naturalWidth", plain_element) == 480)
            self.assertNear(self.colours(plain_element), (RED, GREEN, BLUE, YELLOW), 12, "without the script")
            self.assertIsNone(self.js("return customElements.get('video-thumbnail') ?? null"), "which is not there yet")
            before = self.js("return document.getElementById('below').getBoundingClientRect().top")
            Live.gates["held"].set()
            self.eventually("the script comes", lambda: self.js("return document.getElementById('plain').shadowRoot !== null"))
            self.eventually("and its picture", lambda: self.js("return document.getElementById('row').shadowRoot?.querySelector('img').naturalWidth") == 960)
            self.assertEqual(self.js("return document.getElementById('below').getBoundingClientRect().top"), before)
            self.assertEqual(self.words(plain_element), "", "with a picture inside it is not said to be waiting")
            self.assertNothingMoved()
            self.picture("with-javascript")
            both = Image.open(f"{SCREENSHOTS}/element-with-javascript.png").convert("RGB")
            for y in (150, 250, 400):
                self.assertNear([plain.getpixel((100, y))], [both.getpixel((100, y))], 2, f"the same at {y}")
            self.axe("with a picture inside")

    def test_04_placeholder_before_the_picture(self):
        self.open()
        Live.gates["960.jpg"] = threading.Event()
        metadata = {"width": 960, "height": 540, "format": "jpeg", "thumbHash": thumb_hash(quadrants(32, 18)), "dominantColor": "#808080"}
        element = self.put({"id": "a", "thumbnail_url": "/live/960.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": metadata}, alt="A")
        colour = self.put({"id": "b", "thumbnail_url": "/live/960.jpg?2", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"dominantColor": "#804020"}}, alt="B")
        self.eventually("the picture is asked for", lambda: "960.jpg" in Live.asked)
        self.picture("placeholder")
        self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 70, "the blurred picture")
        self.assertNear(self.colours(colour), [(128, 64, 32)] * 4, 2, "the colour alone")
        Live.gates["960.jpg"].set()
        self.loaded(element)
        self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 12, "then the picture")
        self.assertFalse(self.shadow(element, "canvas").is_displayed(), "through what is transparent in it nothing is seen")
        self.js("arguments[0].metadata = {...arguments[0].metadata, dominantColor: '#102030'}", element)
        self.eventually("nor when more is known of it later", lambda: not self.shadow(element, "canvas").is_displayed())
        self.assertNothingMoved()
        # Another shape, taller than wide.
        tall = {"width": 270, "height": 480, "format": "jpeg", "thumbHash": thumb_hash(quadrants(18, 32))}
        Live.gates["portrait.jpg"] = threading.Event()
        element = self.put({"id": "c", "thumbnail_url": "/live/portrait.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": tall}, alt="C")
        self.js("arguments[0].style.width = '9rem'; arguments[0].scrollIntoView()", element)
        self.assertEqual(self.js("const b = arguments[0].getBoundingClientRect(); return [b.width, b.height]", element), [144, 256], "the box has the picture's shape")
        self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 70, "the blurred picture")
        Live.gates["portrait.jpg"].set()
        self.loaded(element)
        self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 12, "the picture")
        self.picture("portrait")

    def test_05_nothing_moves(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_url": None, "thumbnail_generation_status": "pending"}, alt="A")
        self.js("const p = document.createElement('p'); p.textContent = 'below'; document.querySelector('main').append(p)")
        time.sleep(0.3)
        for row in ({"thumbnail_generation_status": "processing"}, {"thumbnail_generation_status": "failed", "thumbnail_generation_error": "why"},
                    {"thumbnail_generation_status": "completed", "thumbnail_url": "/live/portrait.jpg", "thumbnail_metadata": {"width": 270, "height": 480, "thumbHash": thumb_hash(quadrants(18, 32)), "storyboard": {"url": "/live/board.vtt"}}},
                    {"thumbnail_url": "/live/none.jpg", "thumbnail_metadata": None}):
            self.js("arguments[0].video = arguments[1]", element, row)
            time.sleep(0.3)
        self.eventually("it is said", lambda: "Picture unavailable" in self.words(element))
        self.assertNothingMoved()
        self.assertEqual(self.js("return arguments[0].getBoundingClientRect().height", element), 180)

    def test_06_sizes_and_formats(self):
        self.open()
        row = {"id": "a", "thumbnail_url": "/live/960.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"width": 960, "height": 540, "format": "jpeg", "sizes": sizes()}}
        element = self.put(row, alt="A")
        self.assertTrue(self.loaded(element).endswith("/live/480.avif"), "320 px wide: the smallest that suffices, in the best format")
        self.assertEqual([name for name in Live.asked], ["480.avif"], "and no other is asked for")
        wide = self.put(row, alt="Wide")
        self.loaded(wide)
        self.js("arguments[0].style.width = '60rem'", wide)
        self.eventually("960 px wide", lambda: self.loaded(wide).endswith("/live/960.avif"))
        asked = len(Live.asked)
        self.js("const m = document.querySelector('main'); m.prepend(arguments[0]); m.append(arguments[0])", wide)
        time.sleep(0.3)
        self.assertEqual(len(Live.asked), asked, "moved in the page, it is not loaded again")
        told = self.put(row, alt="Told", sizes="1500px")
        self.eventually("as told", lambda: self.loaded(told).endswith("/live/1920.avif"))
        only = self.put({**row, "thumbnail_metadata": {"width": 960, "height": 540, "format": "jpeg", "sizes": [s for s in sizes() if s["format"] == "webp"]}}, alt="WebP")
        self.assertTrue(self.loaded(only).endswith("/live/480.webp"))
        # One of them is gone: the main picture, then words.
        gone = self.put({**row, "thumbnail_metadata": {"width": 960, "format": "jpeg", "sizes": [{"url": "/live/none.avif", "width": 480, "height": 270, "format": "avif"}]}}, alt="Gone")
        self.eventually("the main picture", lambda: self.loaded(gone).endswith("/live/960.jpg"))
        self.js("arguments[0].src = '/live/none.jpg'", gone)
        self.eventually("words", lambda: self.words(gone) == "Picture unavailable")
        self.js("arguments[0].src = '/live/960.jpg'; arguments[0].metadata = null", gone)
        self.assertTrue(self.loaded(gone).endswith("/live/960.jpg"))
        self.assertEqual(self.words(gone), "")

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

    def test_07_storyboard_under_the_pointer(self):
        self.open()
        element = self.board()
        self.assertNotIn("board.vtt", Live.asked, "nobody wants it yet")
        for share, index in ((0.1, 0), (0.4, 1), (0.6, 2), (0.9, 3)):
            self.eventually(f"at {share}", lambda: self.hover(element, share) or self.shows(element, index)())
        self.eventually("the tile, whole", lambda: max(abs(a - b) for a, b in zip(self.colours(element)[0], YELLOW)) < 16)
        self.picture("storyboard")
        self.assertEqual(Live.asked.count("board.vtt"), 1)
        ActionChains(self.driver).move_to_element_with_offset(self.driver.find_element(By.TAG_NAME, "h1"), 0, 0).perform()
        self.eventually("then the picture again", lambda: self.tile(element) is None)
        missing = self.put({"id": "m", "thumbnail_url": "/live/480.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"storyboard": {"url": "/live/none.vtt"}}})
        self.js("arguments[0].scrollIntoView({block: 'center'})", missing)
        for share in (0.1, 0.3, 0.5, 0.7, 0.9):
            self.hover(missing, share)
            time.sleep(0.1)
        self.assertEqual(Live.asked.count("none.vtt"), 1, "what cannot be had is asked for once")
        self.assertIsNone(self.tile(missing))
        mirrored = self.board('<div dir="rtl"><></div>')
        self.eventually("from right to left", lambda: self.hover(mirrored, 0.1) or self.shows(mirrored, 3)())
        self.picture("storyboard-rtl")
        self.motion("reduce")
        self.open()
        still = self.board()
        for share in (0.1, 0.4, 0.6):
            self.hover(still, share)
        time.sleep(0.3)
        self.assertIsNone(self.tile(still), "nothing moves by itself where that is not wanted")

    def test_08_storyboard_by_keys(self):
        self.motion("reduce")
        self.open()
        element = self.board()
        slider = self.shadow(element, "[role=slider]")
        self.assertEqual(slider.get_attribute("aria-label"), "Preview: A")
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        self.assertEqual(self.js("return arguments[0].shadowRoot.activeElement?.className", element), "storyboard", "reached by Tab")
        press = lambda key: ActionChains(self.driver).send_keys(key).perform()
        for key, index in ((Keys.ARROW_RIGHT, 0), (Keys.ARROW_RIGHT, 1), (Keys.END, 3), (Keys.ARROW_LEFT, 2), (Keys.HOME, 0), (Keys.ARROW_LEFT, 0), (Keys.ARROW_UP, 1)):
            press(key)
            self.eventually(f"tile {index}", self.shows(element, index))
        self.assertEqual([slider.get_attribute(f"aria-value{name}") for name in ("now", "max", "text")], ["2", "4", "0:15"])
        left, middle = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top + b.height / 2]", element)
        seen = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB").getpixel((int(left) + 1, int(middle)))
        self.assertNear([seen], [(143, 176, 255)], 8, "who has the focus is seen, over the tile, too")
        self.picture("storyboard-keys")
        self.axe("with a storyboard")
        press(Keys.ESCAPE)
        self.eventually("Escape ends it", lambda: self.tile(element) is None)
        # In a link the link is the stop, and its keys are those of the tiles.
        link = self.board('<a href="#there"><></a>')
        self.assertIsNone(self.shadow(link, "[role=slider]"))
        self.js("arguments[0].parentElement.focus()", link)
        press(Keys.END)
        self.eventually("by the link's keys", lambda: self.shows(link, 3)() or press(Keys.END))
        self.axe("with a storyboard in a link")
        mirrored = self.board('<div dir="rtl"><></div>')
        self.js("arguments[0].shadowRoot.querySelector('.storyboard').focus()", mirrored)
        self.eventually("asked for", lambda: Live.asked.count("board.vtt") == 3)
        press(Keys.HOME)
        self.eventually("the first", self.shows(mirrored, 0))
        press(Keys.ARROW_LEFT)
        self.eventually("left is forward there", self.shows(mirrored, 1))

    def test_09_retry_by_keys(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_generation_status": "failed", "thumbnail_generation_error": "why"}, alt="A")
        self.js("window.heard = []; document.addEventListener('retry', (e) => { heard.push(e.detail.videoId); e.target.status = 'pending'; })")
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        ActionChains(self.driver).send_keys(Keys.ENTER).perform()
        self.assertEqual(self.js("return heard"), ["a"])
        self.assertEqual(self.words(element), "Waiting…")
        self.assertEqual(self.js("return document.activeElement === arguments[0]", element), True, "whoever pressed it is still there")
        self.axe("waiting")

    def test_10_parts_and_words(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_generation_status": "failed", "thumbnail_generation_error": "why"}, alt="A", className="styled", labels={"retry": "Once <more>", "failed": "Pas possible"})
        self.assertEqual(self.words(element), "!Pas possibleOnce <more>")
        self.assertEqual(self.js("return ['retry', 'sign', 'text'].map((p) => getComputedStyle(arguments[0].shadowRoot.querySelector('.' + p))).map((s) => [s.borderRadius, s.color, s.letterSpacing])", element),
                         [["3px", self.js("return getComputedStyle(arguments[0]).color", self.shadow(element, ".retry")), "normal"], ["50%", "rgb(1, 2, 3)", "normal"], ["0px", "rgb(232, 236, 246)", "3px"]])
        parts = set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", element))
        board = self.board()
        self.js("arguments[0].shadowRoot.querySelector('.storyboard').focus()", board)
        self.eventually("a tile", lambda: ActionChains(self.driver).send_keys(Keys.END).perform() or self.tile(board))
        parts |= set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", board))
        old = self.put({"id": "b", "thumbnail_url": "/live/480.jpg", "thumbnail_generation_status": "failed"})
        parts |= set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", old))
        self.assertEqual(parts, {"placeholder", "picture", "storyboard", "tile", "bar", "time", "state", "badge", "sign", "text", "retry"})
        self.js("customElements.get('video-thumbnail').labels.de = {pending: 'Wartet …'}")
        german = self.put(lang="de-AT")
        self.assertEqual(self.words(german), "Wartet …", "a language that was added")
        self.js("arguments[0].status = 'processing'", german)
        self.assertEqual(self.words(german), "Generating…", "what it does not say is said in English")
        self.assertEqual(self.words(self.put(before='<p lang="zh-CN"><video-thumbnail></video-thumbnail></p>')), "等待生成…", "the language of what it stands in")

    def test_11_right_to_left(self):
        self.open()
        self.js("document.documentElement.dir = 'rtl'")
        element = self.put({"id": "a", "thumbnail_url": "/live/480.jpg", "thumbnail_generation_status": "processing"}, labels={"processing": "جارٍ الإنشاء…"})
        self.loaded(element)
        badge, box = (self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.right]", e) for e in (self.shadow(element, ".badge"), element))
        self.assertLess(badge[0] - box[0], 10, "at the other end")
        self.put({"id": "b", "thumbnail_generation_status": "failed"}, labels={"failed": "فشل الإنشاء", "retry": "إعادة المحاولة"})
        self.picture("rtl")

    def test_12_less_motion(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_generation_status": "processing"})
        name = "return getComputedStyle(arguments[0].shadowRoot.querySelector('.sign')).animationName"
        self.assertEqual(self.js(name, element), "turn")
        self.motion("reduce")
        self.assertEqual(self.js(name, element), "none")

    def test_12_browsers_without_sheets_of_a_script(self):
        """Safari before 16.4, and jsdom. The page's policy, which is stricter than those browsers can do, is left aside."""
        self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        script = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": "delete CSSStyleSheet.prototype.replaceSync"})["identifier"]
        try:
            self.open()
            element = self.put({"id": "a", "thumbnail_url": "/live/portrait.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"width": 270, "height": 480}})
            self.loaded(element)
            self.assertEqual(self.js("return arguments[0].shadowRoot.adoptedStyleSheets.length", element), 0)
            self.assertEqual(self.js("return [getComputedStyle(arguments[0]).display, getComputedStyle(arguments[0]).aspectRatio]", element), ["block", "270 / 480"])
            self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 12, "the picture")
            self.assertNothingMoved()
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
            self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})

    def test_12_in_flex_boxes(self):
        """Where a box is as wide as what is in it, the element has a width of its own, and gives way like any other item."""
        self.open()
        sizes = self.js("""
          const sizes = [];
          for (const [style, count] of [['display: flex; align-items: center; width: 700px', 1], ['display: inline-block', 1], ['position: absolute', 1], ['display: flex; width: 400px', 4], ['display: grid; grid-template-columns: 1fr 1fr; width: 400px', 2]]) {
            const box = document.createElement('div');
            for (const part of style.split(';')) { const [name, value] = part.split(':'); box.style.setProperty(name.trim(), value.trim()); }
            box.append(...Array.from({length: count}, () => Object.assign(document.createElement('video-thumbnail'), {video: {}})));
            for (const e of box.children) e.style.width = 'auto';
            document.querySelector('main').append(box);
            sizes.push([box.firstChild.clientWidth, box.firstChild.clientHeight]);
          }
          return sizes""")
        self.assertEqual([width for width, _ in sizes], [320, 320, 320, 100, 200])
        self.assertEqual([height for _, height in sizes[:3]], [180] * 3)

    def test_12_in_another_window(self):
        """Put into another document, and back, it looks as before."""
        self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        try:
            self.open()
            element = self.put({"id": "a", "thumbnail_url": "/live/portrait.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"width": 270, "height": 480}})
            look = "const e = arguments[0], s = e.ownerDocument.defaultView.getComputedStyle(e); return [s.display, s.position, s.aspectRatio]"
            before = self.js(look, element)
            self.assertEqual(before, ["block", "relative", "270 / 480"])
            there, back = self.js(f"""
              const look = (e) => (function () {{ {look} }})(e), frame = document.createElement('iframe'), main = document.querySelector('main');
              main.append(frame); frame.contentDocument.body.append(arguments[0]); const there = look(arguments[0]); main.append(arguments[0]); return [there, look(arguments[0])]""", element)
            self.assertEqual((there, back), (before, before))
            self.loaded(element)
        finally:
            self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})

    def test_12_high_contrast(self):
        """With the colours of the system, as of Windows' contrast themes, everything is still seen."""
        self.open()
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
        for status in ("pending", "processing", "failed"):
            element = self.put({"id": status, "thumbnail_generation_status": status}, alt=status)
            box = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]", element)
            image = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("L").crop([int(n) for n in box])
            low, high = image.getextrema()
            self.assertGreater(high - low, 120, f"{status} is read")
        self.picture("high-contrast")
        self.axe("high contrast")

    def test_13_states_side_by_side(self):
        self.open()
        self.js("document.querySelector('main').style.cssText = 'display: grid; gap: 8px; grid-template-columns: repeat(3, 20rem)'")
        for status in ("pending", "processing", "failed"):
            self.put({"id": status, "thumbnail_generation_status": status, "thumbnail_generation_error": "why"}, alt=status)
        for status in ("pending", "processing", "failed"):
            self.put({"id": status, "thumbnail_generation_status": status}, alt=status, lang="zh")
        for status in ("processing", "failed", "completed"):
            self.loaded(self.put({"id": status, "thumbnail_generation_status": status, "thumbnail_url": "/live/480.jpg"}, alt=status))
        for status in ("pending", "processing", "failed"):
            small = self.put({"id": status, "thumbnail_generation_status": status}, alt=status)
            self.js("arguments[0].style.width = '7.5rem'", small)
            self.assertEqual(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('.state *')).some((e) => e.getBoundingClientRect().bottom > arguments[0].getBoundingClientRect().bottom)", small), False, "it fits into a small one")
        self.picture("states")
        self.axe("states")
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.axe("dark")

    def test_14_react(self):
        self.driver.get(BASE + "/made/react.html")
        self.eventually("taken over from the server", lambda: self.js("return window.isTakenOver"))
        elements = self.driver.find_elements(By.CSS_SELECTOR, "video-thumbnail.mine")
        self.assertEqual([self.js("return arguments[0].videoId", e) for e in elements], ["one", "two", "three"])
        self.assertTrue(self.loaded(elements[0]).endswith("/live/480.jpg"))
        self.assertEqual([self.words(e) for e in elements], ["", "!FailedOnce more", "Waiting…"])
        self.eventually("the button is listened to", lambda: self.js("arguments[0].shadowRoot.querySelector('button').click(); return document.querySelector('output').textContent", elements[1]) == "retry two")
        self.driver.find_element(By.ID, "quiet").click()
        self.eventually("a property changes", lambda: self.words(elements[1]) == "!Failed")
        self.assertEqual(self.words(self.driver.find_element(By.CSS_SELECTOR, ".plain")), "Generating…")
        self.picture("react")

    def test_15_realtime(self):
        self.driver.get(BASE + "/made/react.html")
        self.eventually("the example", lambda: self.js("return window.isTakenOver"))
        # What supabase-js 2 promises of a client, in the hands of the test: the row it reads, what it hears, what it was asked.
        self.js("""
          window.heard = []; window.row = {id: 'r', thumbnail_generation_status: 'pending', thumbnail_url: null}; window.errors = []; window.reads = [];
          window.rpcAnswer = {data: {success: true}, error: null};
          const query = {select: () => query, eq: (...e) => (heard.push(['eq', ...e]), query), maybeSingle: () => new Promise((r) => reads.push(() => r({data: window.row, error: window.readError ?? null})))};
          const channel = {on: (kind, what, call) => (heard.push([kind, what]), channel.change = call, channel), subscribe: (call) => (channel.state = call, channel)};
          window.channel = channel;
          window.client = {from: (t) => (heard.push(['from', t]), query), rpc: async (...a) => (heard.push(['rpc', ...a]), rpcAnswer), channel: (n) => (heard.push(['channel', n]), channel), removeChannel: (c) => heard.push(['removed', c === channel])};
          window.one = document.querySelector('.plain'); window.end = follow(client, one, 'r', (e) => errors.push(e.message))""")
        flush = lambda: self.driver.execute_async_script("const done = arguments[0]; reads.splice(0).forEach((r) => r()); setTimeout(done, 20)")
        one = self.driver.find_element(By.CSS_SELECTOR, ".plain")
        self.assertIn(["postgres_changes", {"event": "UPDATE", "schema": "public", "table": "videos", "filter": "id=eq.r"}], self.js("return heard"))
        flush()
        self.assertEqual(self.words(one), "Waiting…", "the row is shown before realtime is there")
        self.js("channel.state('SUBSCRIBED'); channel.change({new: {id: 'r', thumbnail_generation_status: 'processing'}})")
        flush()
        self.assertEqual(self.words(one), "Generating…", "what was heard is newer than what was being read")
        self.js("channel.state('CHANNEL_ERROR', new Error('refused')); channel.state('TIMED_OUT'); channel.change({new: {}, errors: ['Error 401: Unauthorized']})")
        self.assertEqual(self.js("return errors"), ["refused", "realtime: TIMED_OUT", "Error 401: Unauthorized"])
        self.assertEqual(self.words(one), "Generating…")
        self.js("row = {id: 'r', thumbnail_generation_status: 'failed', thumbnail_generation_error: 'why', thumbnail_url: null}; channel.state('SUBSCRIBED')")
        flush()
        self.assertEqual(self.words(one), "!FailedRetry", "joined again, the row is read again")
        self.js("rpcAnswer = {data: {success: false, error: 'Thumbnail generation was started less than a minute ago'}, error: null}")
        self.shadow(one, ".retry").click()
        self.eventually("it is tried", lambda: self.js("return heard.some(([w, n, a]) => w === 'rpc' && n === 'manually_trigger_thumbnail_generation' && a.video_id === 'r')"))
        self.eventually("and the refusal is heard", lambda: self.js("return errors.length") == 4)
        flush()
        self.assertEqual(self.words(one), "!FailedRetry", "refused: the row says what is")
        self.js("window.end(); channel.change({new: {id: 'r', thumbnail_generation_status: 'completed', thumbnail_url: '/live/480.jpg'}}); channel.state('CLOSED')")
        self.assertEqual((self.words(one), self.js("return errors.length")), ("!FailedRetry", 4), "ended, nothing is heard any more")
        self.assertIn(["removed", True], self.js("return heard"))

    def test_16_the_console_is_clean(self):
        self.assertEqual(self.js("return unhandled"), [])
        problems = [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
