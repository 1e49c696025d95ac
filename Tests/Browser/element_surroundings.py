"""The element in its surroundings: keys, words, directions, motion, contrast."""

import io
import threading
import time

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from element_common import BLUE, GREEN, RED, YELLOW, Live, sizes
from element_test import OLD


class Surroundings:
    def test_09_retry_by_keys(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_generation_status": "failed", "thumbnail_generation_error": "why"}, alt="A")
        self.assertEqual(self.js("const s = arguments[0].shadowRoot; return s.getElementById(s.querySelector('button').getAttribute('aria-describedby')).textContent", element), "why", "the button says why, and not a tooltip alone")
        self.js("window.heard = []; document.addEventListener('retry', (e) => { heard.push(e.detail.videoId); e.target.status = 'pending'; }); window.said = arguments[0].shadowRoot.querySelector('[role=status]')", element)
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        ActionChains(self.driver).send_keys(Keys.ENTER).perform()
        self.assertEqual(self.js("return heard"), ["a"])
        self.assertEqual(self.words(element), "Waiting…")
        self.assertEqual(self.js("return document.activeElement === arguments[0]", element), True, "whoever pressed it is still there")
        self.axe("waiting")
        for row, words in (({"thumbnail_generation_status": "failed", "thumbnail_generation_error": "again"}, "!FailedagainRetry"), ({"thumbnail_generation_status": "processing", "thumbnail_generation_error": None}, "Generating…"),
                           ({"thumbnail_generation_status": "completed", "thumbnail_url": "/live/480.jpg"}, "A")):
            self.js("arguments[0].video = arguments[1]", element, row)
            self.assertEqual(self.words(element), words)
            self.assertEqual(self.js("return [document.activeElement === arguments[0], said === arguments[0].shadowRoot.querySelector('[role=status]')]", element), [True, True], f"{words}: still there, and read out where the words before it were")
        self.loaded(element)
        self.axe("retried")
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        self.js("arguments[0].status = 'failed'; arguments[0].status = 'completed'", element)
        self.assertEqual(self.words(element), "", "whoever is elsewhere is told nothing")

    def test_09_no_answer_to_what_is_no_longer_asked(self):
        self.open()
        Live.files["row.json"] = b'{"thumbnail_generation_status": "failed"}'
        Live.gates["row.json"] = threading.Event()
        element = self.put(poll="/live/row.json")
        self.eventually("it asks", lambda: "row.json" in Live.asked)
        self.js("arguments[0].removeAttribute('poll'); arguments[0].video = {thumbnail_generation_status: 'processing'}", element)
        Live.gates["row.json"].set()
        time.sleep(0.5)
        self.assertEqual(self.words(element), "Generating…")

    def test_10_parts_and_words(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_generation_status": "failed", "thumbnail_generation_error": "why"}, alt="A", className="styled", labels={"retry": "Once <more>", "failed": "Pas possible"})
        self.assertEqual(self.words(element), "!Pas possiblewhyOnce <more>")
        self.assertEqual(self.js("return ['retry', 'sign', 'text'].map((p) => getComputedStyle(arguments[0].shadowRoot.querySelector('.' + p))).map((s) => [s.borderRadius, s.color, s.letterSpacing])", element),
                         [["3px", self.js("return getComputedStyle(arguments[0]).color", self.shadow(element, ".retry")), "normal"], ["50%", "rgb(1, 2, 3)", "normal"], ["0px", "rgb(232, 236, 246)", "3px"]])
        parts = set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", element))
        board = self.board()
        self.js("arguments[0].shadowRoot.querySelector('.storyboard').focus()", board)
        self.eventually("a tile", lambda: ActionChains(self.driver).send_keys(Keys.END).perform() or self.tile(board))
        parts |= set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", board))
        old = self.put({"id": "b", "thumbnail_url": "/live/480.jpg", "thumbnail_generation_status": "failed"})
        parts |= set(self.js("return Array.from(arguments[0].shadowRoot.querySelectorAll('[part]')).flatMap((e) => [...e.part])", old))
        self.assertEqual(parts, {"placeholder", "picture", "storyboard", "tile", "bar", "time", "state", "badge", "sign", "text", "why", "retry"})
        self.js("customElements.get('video-thumbnail').labels.de = {pending: 'Wartet …'}")
        german = self.put(lang="de-AT")
        self.assertEqual(self.words(german), "Wartet …", "a language that was added")
        self.js("arguments[0].status = 'processing'", german)
        self.assertEqual(self.words(german), "Generating…", "what it does not say is said in English")
        self.assertEqual(self.words(self.put(before='<p lang="zh-CN"><video-thumbnail></video-thumbnail></p>')), "等待生成…", "the language of what it stands in")
        inner = self.js("""
          const e = document.createElement('video-thumbnail');
          let at = Object.assign(document.querySelector('main').appendChild(document.createElement('p')), {lang: 'zh-CN'});
          for (const name of ['div', 'section']) at = at.appendChild(document.createElement(name)).attachShadow({mode: 'open'});
          at.append(e); return e""")
        self.assertEqual(self.words(inner), "等待生成…", "as of two components, one in the other")

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
        """Safari before 16.4, and jsdom."""
        self.open(OLD)
        element = self.put({"id": "a", "thumbnail_url": "/live/portrait.jpg", "thumbnail_generation_status": "completed", "thumbnail_metadata": {"width": 270, "height": 480}})
        self.loaded(element)
        self.assertEqual(self.js("return arguments[0].shadowRoot.adoptedStyleSheets.length", element), 0)
        self.assertEqual(self.js("return [getComputedStyle(arguments[0]).display, getComputedStyle(arguments[0]).aspectRatio]", element), ["block", "270 / 480"])
        self.assertNear(self.colours(element), (RED, GREEN, BLUE, YELLOW), 12, "the picture")
        self.assertNothingMoved()

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

    def test_12_high_contrast(self):
        """With the colours of the system, as of Windows' contrast themes, everything is still seen."""
        self.open()
        self.driver.media(**{"forced-colors": "active"})
        for status in ("pending", "processing", "failed"):
            element = self.put({"id": status, "thumbnail_generation_status": status}, alt=status)
            box = self.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]", element)
            image = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("L").crop([int(n) for n in box])
            low, high = image.getextrema()
            self.assertGreater(high - low, 120, f"{status} is read")
            self.assertNotEqual(image.getpixel((0, 60)), image.getpixel((3, 60)), "where it ends is seen")
        board = self.board()
        pixel = lambda: self.pixel(board, 1, 60)
        before = pixel()
        self.js("arguments[0].shadowRoot.querySelector('.storyboard').focus()", board)
        ActionChains(self.driver).send_keys(Keys.HOME).perform()
        self.eventually("its first tile", self.shows(board, 0))
        self.assertNotIn(pixel(), (before, RED), "who has the focus is seen")
        self.picture("high-contrast")
        self.axe("high contrast")
