"""How operators find videos: search, pages, rows and reasons that stay."""

import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from operators_common import UPLOADER


class Finding:
    def test_01_find(self):
        self.search("/")
        video = self.sql("SELECT id FROM videos WHERE title = 'Clip 77'")[0][0]
        self.find("#find-text").send_keys(video[:11], Keys.ENTER)
        self.eventually("by the first digits of its id", lambda: self.titles() == ["Clip 77"])
        self.assertEqual(self.total(), "1 in all")
        self.reload()
        self.eventually("a reload keeps it", lambda: self.titles() == ["Clip 77"] and self.find("#find-text").get_attribute("value") == video[:11])
        for words, expected in (("CLIP 11", self.count("title ILIKE '%clip 11%'")), ("/77.mp4", 1), ("host3.ex", self.count("video_url LIKE '%host3.ex%'")), ("https://host0.example/77.mp4?token=not-to-be-found", 1), ("not-to-be-found", 0), ("%", 0), ("'; DROP TABLE videos; --", 0)):
            field = self.find("#find-text")
            field.clear()
            field.send_keys(words, Keys.ENTER)
            self.eventually(f"found by {words}", lambda: self.total() == f"{expected} in all")
            if words.startswith("http"):
                self.assertNotIn("token", self.driver.current_url)
        self.click("#clear")
        self.eventually("all again", lambda: len(self.titles()) == 24 and not self.find("#total").is_displayed())
        self.find("#find-text").send_keys(video, Keys.ENTER)
        self.eventually("a whole id opens the video", lambda: self.text("#timeline-title") == "Clip 77")
        self.click("#timeline [data-name=close]")
        self.find("#find-text").clear()
        # All together; each step back in the browser takes one away.
        self.click("#filters [data-value=failed]")
        self.eventually("the failed", lambda: self.total() == f"{self.count('thumbnail_generation_status = $$failed$$')} in all")
        self.click("#narrow summary")
        Select(self.find("#find-class")).select_by_value("media")
        self.eventually("of a class", lambda: self.total() == f"{self.count('thumbnail_generation_error_code = $$media$$')} in all")
        self.find("#find-host").send_keys("host4.example", Keys.ENTER)
        expected = self.count("thumbnail_generation_error_code = 'media' AND video_url LIKE '%host4.%'")
        self.eventually("and a host", lambda: self.total() == f"{expected} in all")
        Select(self.find("#find-order")).select_by_value("oldest")
        self.eventually("the oldest first", lambda: self.titles() and [int(title.split()[1]) for title in self.titles()] == sorted((int(title.split()[1]) for title in self.titles()), reverse=True))
        self.whole_picture("find")
        self.axe("a search")
        for _ in range(2):
            self.driver.back()
        self.eventually("two steps back", lambda: self.total() == f"{self.count('thumbnail_generation_error_code = $$media$$')} in all")
        self.assertEqual(self.find("#find-class").get_attribute("value"), "media")
        self.search(f"/?tenant={UPLOADER.upper()}")
        self.eventually("an uploader's", lambda: self.total() == f"{self.count('user_id = $$' + UPLOADER + '$$')} in all")
        self.search("/?state=pending&within=1h")
        self.eventually("of the last hour", lambda: self.total() == f"{self.count('thumbnail_generation_status = $$pending$$ AND created_at > now() - interval $$1 hour$$')} in all")
        self.search("/?state=nonsense&order=up&after=x&page=7&within=1y")
        self.assertEqual(len(self.titles()), 24, "an address that somebody wrote by hand stops nothing")

    def test_02_pages_in_order(self):
        self.search("/?state=pending")
        seen = []
        while True:
            self.eventually("a page", lambda: self.titles() and self.titles()[0] not in seen)
            seen += self.titles()
            if not self.find("#next").is_displayed():
                break
            if len(seen) == 24:
                # What comes in front meanwhile moves nothing of what is behind.
                self.sql("UPDATE videos SET created_at = now() WHERE title = 'Clip 6'")
            self.click("#next")
            self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "gallery-title", "whoever pressed it is still at the list")
        expected = [row[0] for row in self.sql("SELECT title FROM videos WHERE thumbnail_generation_status = 'pending' ORDER BY (title = 'Clip 6') DESC, created_at DESC, id DESC")]
        self.assertEqual(seen, expected, "each once, in order")
        self.reload()
        self.eventually("a reload stays on its page", lambda: "Page 4 of 4" in self.text("#page"))
        self.picture("last-page")
        self.click("#first")
        self.eventually("the first one", lambda: self.titles()[:1] == ["Clip 6"])

    def test_03_rows_stay_while_somebody_is_at_them(self):
        try:
            self.search("/?state=failed")
            before = self.titles()
            self.driver.execute_script("document.querySelector('#gallery').scrollIntoView({block: 'center', behavior: 'instant'})")
            self.point("#gallery .video:nth-child(2)")
            gone = self.sql("SELECT id FROM videos WHERE title = %s", before[2])[0][0]
            place = "return document.querySelector('#gallery .video:nth-child(2)').getBoundingClientRect().y"
            y = self.driver.execute_script(place)
            self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
            self.sql("UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE title = 'Clip 195'")
            self.sql("UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = %s", gone)
            self.eventually("what is new waits", lambda: self.text("#new") == "1 new" and self.find("#new").is_displayed())
            self.assertEqual(self.titles(), before, "nothing moves under the pointer")
            self.assertAlmostEqual(self.driver.execute_script(place), y, delta=1)
            self.assertIn("no longer in this list", self.text(f"#gallery [data-key='{gone}']"))
            self.picture("held")
            self.point("h1")
            self.eventually("when the pointer leaves, it comes", lambda: self.titles()[0] == "Clip 195" and before[2] not in self.titles())
            self.assertFalse(self.find("#new").is_displayed())
            # By the keyboard.
            self.driver.execute_script("document.querySelector('#gallery .title').focus()")
            held = self.titles()
            self.sql("UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE title = 'Clip 194'")
            self.eventually("what is new waits for the focus, too", lambda: self.find("#new").is_displayed())
            self.assertEqual(self.titles(), held)
            self.click("#new")
            self.eventually("it is asked for", lambda: self.titles()[0] == "Clip 194")
            self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "gallery-title", "whoever asked is still at the list")
            # While a video is open.
            second = self.titles()[1]
            self.click("#gallery .video:nth-child(2) .title")
            self.eventually("its time line", lambda: self.all("#timeline .timeline"))
            self.sql("UPDATE videos SET thumbnail_generation_status = 'pending' WHERE title = %s", second)
            self.eventually("it has left the list, and stands there", lambda: "no longer in this list" in self.text("#gallery .video:nth-child(2)"))
            self.assertTrue(self.find("#timeline [data-name=next]").is_enabled(), "from it there is a way to the next")
            self.click("#timeline [data-name=close]")
            self.point("h1")
        finally:
            self.sql("UPDATE videos SET thumbnail_generation_status = 'failed' WHERE thumbnail_generation_error IS NOT NULL")
            self.sql("ALTER TABLE videos ENABLE TRIGGER USER")

    def test_03_what_stays_is_not_touched(self):
        """An item before it that goes moves nothing, and what is drawn anew is scrolled as before."""
        self.search("/")
        moved, focused, scrolled = self.driver.execute_async_script("""
          const done = arguments[0];
          import('/app/dom.js').then(async ({ h, keyed, redraw }) => {
            const list = document.querySelector('main').appendChild(h('div')), show = (...items) => keyed(list, items, (i) => i, (i) => h('button', {}, i), () => {});
            show('a', 'b', 'c');
            const moved = []; new MutationObserver((records) => records.forEach((r) => r.addedNodes.forEach((n) => moved.push(n.textContent)))).observe(list, {childList: true});
            list.lastChild.focus();
            show('b', 'c');
            await new Promise((r) => setTimeout(r));
            const focused = document.activeElement === list.lastChild, stayed = [...moved];
            const box = () => { const b = h('div', {class: 'scroll', 'aria-label': 'box'}, h('p')); b.style.height = '50px'; b.firstChild.style.height = '500px'; return b; };
            redraw(list, box()); list.firstChild.scrollTop = 70; redraw(list, box());
            const scrolled = list.firstChild.scrollTop; list.remove();
            done([stayed, focused, scrolled]);
          })""")
        self.assertEqual((moved, focused, scrolled), ([], True, 70))

    def test_03_reasons_stay_while_somebody_is_at_them(self):
        one, other = "the file has no video stream, 0", "the file has no video stream, 1"
        try:
            self.search("/")
            self.eventually("what failed", self.reasons)
            self.click("#failures h3")
            self.point("#failures h4")
            self.driver.execute_script("Array.from(document.querySelectorAll('#failures article')).find((e) => e.textContent.includes(arguments[0])).querySelector('.acts button').focus()", other)
            before = self.reasons()
            place = "return document.activeElement.getBoundingClientRect().y - document.querySelector('#failures').getBoundingClientRect().y"
            y = self.driver.execute_script(place)
            counts = {text: int(count) for text, count, _ in before}
            self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
            self.sql("UPDATE videos SET thumbnail_generation_error = %s WHERE thumbnail_generation_error = %s", other, one)
            self.sql("INSERT INTO videos (title, status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts)"
                     " SELECT 'Many', 'completed', 'https://host0.example/many.mp4', 'failed', 'one more reason', 'lost', 3 FROM generate_series(1, 50)")
            self.eventually("what is new comes behind", lambda: self.reasons()[-1] == ["one more reason", "50", 2])
            after = self.reasons()
            # A report has 20 reasons. The first one may be some seconds old: of those that are as frequent, the next one can have others, which come behind, too.
            shown = [text for text, _, _ in before]
            self.assertEqual([text for text, _, _ in after if text in shown], shown, "nothing moves under the pointer")
            self.assertAlmostEqual(self.driver.execute_script(place), y, delta=1)
            self.assertEqual(next(rest for text, *rest in after if text == one), ["0", 0], "what none have failed of any more keeps its place")
            self.assertEqual(next(rest for text, *rest in after if text == other), [str(counts[one] + counts[other]), 2], "and the figures follow")
            self.assertEqual(self.driver.execute_script("return document.activeElement.dataset.name"), f"retry {other}", "what has the focus keeps it")
            self.picture("reasons-held")
            self.axe("reasons that are held")
            self.point("h1")
            self.driver.execute_script("document.activeElement.blur()")
            self.eventually("when nobody is at them, the most come first", lambda: self.reasons()[0] == ["one more reason", "50", 2] and one not in [text for text, _, _ in self.reasons()])
        finally:
            self.sql("DELETE FROM videos WHERE title = 'Many'")
            self.sql("UPDATE videos SET thumbnail_generation_error = 'the file has no video stream, ' || substring(title FROM 6)::integer % 3 WHERE thumbnail_generation_error_code = 'media'".replace("%", "%%"))
            self.sql("ALTER TABLE videos ENABLE TRIGGER USER")

    def test_03_a_press_is_a_click(self):
        """Whatever comes between pressing a button and letting go."""
        self.search("/")
        self.eventually("what failed", self.reasons)
        try:
            self.press_while_all_is_drawn_anew("#failures .acts button", "?limit=")
            self.assertRegex(self.text("#confirm .which"), "^(source|media) · the ", "and says of what")
            self.picture("confirm-which")
            self.click("#confirm button.secondary")
            # And in a video that is open.
            self.search("/?state=failed")
            self.click("#gallery .title")
            self.eventually("its time line", lambda: self.all("#timeline [data-name=dismiss]"))
            self.press_while_all_is_drawn_anew("#timeline [data-name=dismiss]", "?videoId=")
            self.click("#confirm button.secondary")
        finally:
            self.unseen("UPDATE videos SET thumbnail_generation_last_attempt_at = created_at WHERE thumbnail_generation_status = 'failed'")

    def press_while_all_is_drawn_anew(self, button, request):
        """Holds it down until requests like this one have brought something else, and lets go."""
        looks = "return performance.getEntriesByType('resource').filter((e) => e.name.includes(arguments[0])).length"
        seen = self.driver.execute_script(looks, request)
        self.point(button)
        ActionChains(self.driver).click_and_hold().perform()
        self.unseen("UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE thumbnail_generation_status = 'failed'")
        self.driver.execute_script("dispatchEvent(new Event('online'))")
        self.eventually("an answer has come", lambda: self.driver.execute_script(looks, request) > seen)
        time.sleep(0.5)
        ActionChains(self.driver).release().perform()
        self.eventually("it is a click", lambda: self.find("#confirm").is_displayed())

    def unseen(self, statement):
        """As if no trigger were there."""
        self.sql(f"ALTER TABLE videos DISABLE TRIGGER USER; {statement}; ALTER TABLE videos ENABLE TRIGGER USER")

    def test_03_what_goes_gives_the_focus_on(self):
        """Not to the beginning of the page, where whoever works by the keyboard would have to start again."""
        focus = "return document.activeElement.id"
        self.search("/")
        self.driver.execute_script("document.querySelector('#more').focus()")
        for _ in range(6):
            shown = len(self.titles())
            self.press(Keys.ENTER)
            self.eventually("more of them", lambda: len(self.titles()) > shown or not self.find("#more").is_displayed())
            if not self.find("#more").is_displayed():
                break
        self.assertFalse(self.find("#more").is_displayed())
        self.assertEqual(self.driver.execute_script(focus), "gallery-title")
        reasons = len(self.reasons())
        self.driver.execute_script("[...document.querySelectorAll('#failures .empty button')].at(-1).focus()")
        self.press(Keys.ENTER)
        self.eventually("all reasons", lambda: len(self.reasons()) > reasons)
        self.assertEqual(self.driver.execute_script(focus), "failures-title")

    def test_03_a_clock_that_is_wrong(self):
        with self.script_of_every_page("const real = Date.now; Date.now = () => real() + 3 * 3600_000"):
            self.search("/?state=pending&within=1h")
            expected = self.count("thumbnail_generation_status = 'pending' AND created_at > now() - interval '1 hour'")
            self.eventually("the last hour is the server's", lambda: self.total() in (f"{expected} in all", f"{expected - 1} in all"))
            self.assertRegex(self.text("#gallery .hint"), "^waiting · (just now|[0-9]+ (sec|min) ago)$")
            self.assertEqual(self.text("#liveness"), "Live")

    def test_03_a_list_waits_for_no_figures(self):
        self.search("/?state=failed")
        self.driver.execute_script("""
          const real = fetch; window.held = [];
          window.fetch = async (path, ...more) => { const answer = await real(path, ...more); if (path.includes('?limit=')) await new Promise((go) => held.push(go)); return answer; }""")
        self.eventually("figures that take long", lambda: self.driver.execute_script("return held.length") == 1)
        self.click("#filters [data-value=pending]")
        self.eventually("the list is there before them", lambda: self.titles()[:1] and self.total() == f"{self.count('thumbnail_generation_status = $$pending$$')} in all")
        self.assertEqual(self.driver.execute_script("return held.length"), 1)
