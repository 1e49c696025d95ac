"""Drives <video-thumbnail> in BROWSER, behind nginx with the project's own headers. Started by Tests/Browser/element."""

import os
import threading
import time
import unittest

from PIL import Image
from selenium.webdriver.common.by import By

from chromium_test import SCREENSHOTS
from element_common import BLUE, GREEN, Live, RED, YELLOW
from element_pictures import Pictures
from element_surroundings import Surroundings
from element_test import BASE, ElementTest


class Element(Pictures, Surroundings, ElementTest):
    def test_01_rows_as_they_come(self):
        self.open()
        element = self.put({"id": "a", "thumbnail_url": None, "thumbnail_generation_status": "odd", "thumbnail_generation_error": None, "thumbnail_metadata": None, "title": "x"})
        self.assertEqual((self.js("return arguments[0].status", element), self.words(element)), (None, "Waiting…"), "an unknown state is not known")
        self.js("arguments[0].video = {id: 'a', thumbnail_generation_status: 'failed', thumbnail_generation_error: 'why'}", element)
        self.assertEqual(self.words(element), "!FailedwhyRetry")
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
            self.js("arguments[0].scrollIntoView()", odd)
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
        self.driver.javascript(False)
        try:
            self.driver.get(BASE + "/made/plain.html")
            time.sleep(0.5)
            self.picture("without-javascript")
            plain = Image.open(f"{SCREENSHOTS}/element-without-javascript.png").convert("RGB")
        finally:
            self.driver.javascript(True)
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

    def test_13_states_side_by_side(self):
        self.open()
        self.js("document.querySelector('main').style.cssText = 'display: grid; gap: 8px; grid-template-columns: repeat(3, 20rem)'")
        for status in ("pending", "processing", "failed"):
            self.put({"id": status, "thumbnail_generation_status": status, "thumbnail_generation_error": "the origin answered 404 (not found), and then says why in more words than two lines have, so that some of them are left out" if status == "failed" else None}, alt=status)
        self.assertEqual(self.js("const w = arguments[0].shadowRoot.querySelector('.why'); return [w.clientHeight > 20, w.clientHeight < w.scrollHeight, w.parentNode.title === w.textContent]", element := self.driver.find_elements(By.TAG_NAME, "video-thumbnail")[-1]), [True] * 3, "why is seen, and what does not fit under the pointer")
        self.assertEqual(self.overflows(element), False)
        for status in ("pending", "processing", "failed"):
            self.put({"id": status, "thumbnail_generation_status": status}, alt=status, lang="zh")
        for status in ("processing", "failed", "completed"):
            self.loaded(self.put({"id": status, "thumbnail_generation_status": status, "thumbnail_url": "/live/480.jpg"}, alt=status))
        for status in ("pending", "processing", "failed"):
            small = self.put({"id": status, "thumbnail_generation_status": status}, alt=status, error="why" if status == "failed" else None)
            for width in ("7.5rem", "17.9rem", "18.1rem"):
                self.js("arguments[0].style.width = arguments[1]", small, width)
                self.assertEqual(self.overflows(small), False, f"it fits into {width}")
        self.picture("states")
        self.axe("states")
        self.driver.media(**{"prefers-color-scheme": "dark"})
        self.axe("dark")

    def test_14_react(self):
        self.driver.get(BASE + "/made/react.html")
        self.eventually("taken over from the server", lambda: self.js("return window.isTakenOver"))
        elements = self.driver.find_elements(By.CSS_SELECTOR, "video-thumbnail.mine")
        self.assertEqual([self.js("return arguments[0].videoId", e) for e in elements], ["one", "two", "three"])
        self.assertTrue(self.loaded(elements[0]).endswith("/live/480.jpg"))
        self.assertEqual([self.words(e) for e in elements], ["", "!Failedthe origin answered 404 (not found)Once more", "Waiting…"])
        self.eventually("the button is listened to", lambda: self.js("arguments[0].shadowRoot.querySelector('button').click(); return document.querySelector('output').textContent", elements[1]) == "retry two")
        self.driver.find_element(By.ID, "quiet").click()
        self.eventually("a property changes", lambda: self.words(elements[1]) == "!Failedthe origin answered 404 (not found)")
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
        self.js("window.row = {id: 'r', thumbnail_generation_status: 'failed', thumbnail_generation_error: 'why', thumbnail_url: null}; channel.state('SUBSCRIBED')")
        flush()
        self.assertEqual(self.words(one), "!FailedwhyRetry", "joined again, the row is read again")
        self.js("window.rpcAnswer = {data: {success: false, error: 'Thumbnail generation was started less than a minute ago'}, error: null}")
        self.shadow(one, ".retry").click()
        self.eventually("it is tried", lambda: self.js("return heard.some(([w, n, a]) => w === 'rpc' && n === 'manually_trigger_thumbnail_generation' && a.video_id === 'r')"))
        self.eventually("and the refusal is heard", lambda: self.js("return errors.length") == 4)
        flush()
        self.assertEqual(self.words(one), "!FailedwhyRetry", "refused: the row says what is")
        self.js("window.end(); channel.change({new: {id: 'r', thumbnail_generation_status: 'completed', thumbnail_url: '/live/480.jpg'}}); channel.state('CLOSED')")
        self.assertEqual((self.words(one), self.js("return errors.length")), ("!FailedwhyRetry", 4), "ended, nothing is heard any more")
        self.assertIn(["removed", True], self.js("return heard"))
        self.js("window.row = {id: 'r', thumbnail_generation_status: 'processing'}; window.end = follow(client, one, 'r', (e) => errors.push(e.message)); channel.state('SUBSCRIBED')")
        names = self.js("return heard.filter(([what]) => what === 'channel').map(([, name]) => name)")
        self.assertEqual(len(set(names)), 2, "each has a channel of its own, which the end of another does not end")
        # The second question is answered first.
        self.driver.execute_async_script("const done = arguments[0], [first, second] = reads.splice(0); second(); setTimeout(() => { window.row = {id: 'r', thumbnail_generation_status: 'pending'}; first(); setTimeout(done, 20); }, 20)")
        self.assertEqual(self.words(one), "Generating…", "what was asked for later is newer")
        self.js("window.row = {id: 'r', thumbnail_generation_status: 'failed', thumbnail_generation_error: 'lost'}; channel.change({new: {}, errors: ['odd']})")
        flush()
        self.assertEqual(self.words(one), "!FailedlostRetry", "what could not be heard is read")
        self.js("window.end()")

    def test_16_the_console_is_clean(self):
        self.assertEqual(self.js("return unhandled"), [])
        self.assertEqual(self.driver.problems(), [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
