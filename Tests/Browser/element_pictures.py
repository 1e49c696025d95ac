"""Pictures of the element: placeholder, sizes and formats, storyboard."""

import io
import threading
import time

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from element_common import BLUE, GREEN, Live, RED, YELLOW, quadrants, sizes, thumb_hash
from element_test import BROWSER


class Pictures:
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
        # Safari does not know `auto`, and has the size for the width there was when the picture came.
        if BROWSER != "webkit":
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
