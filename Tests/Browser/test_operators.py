"""What operators do on the status page, with many videos and by several at once. Started by suites/status-page.bash, in the order of the names."""

import json
import os
import shutil
import subprocess
import time
import unittest
import urllib.parse
import urllib.request

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser_test import BASE, DEMO, SCREENSHOTS, TOKEN, WORK, BrowserTest, start

STATUS, SERVICE = os.environ["STATUS_SECRET"], os.environ["SERVICE_ROLE_KEY"]
UPLOADER = "00000000-0000-4000-9000-00000000000a"


class Operators(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing of it is made while it is looked at.
        cls.sql("DELETE FROM videos; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.events; DELETE FROM thumbnails.hourly_totals; DELETE FROM thumbnails.dismissed")
        cls.plant(200)

    @classmethod
    def plant(cls, count):
        """Four of ten have their thumbnail, two have failed for good for one of 30 reasons, four wait."""
        cls.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")
        cls.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        cls.sql("""INSERT INTO videos (user_id, title, status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
                      thumbnail_generation_attempts, thumbnail_generation_last_attempt_at, thumbnail_generated_at, created_at)
                    SELECT CASE WHEN n %% 20 = 6 THEN %s::uuid ELSE gen_random_uuid() END, 'Clip ' || n, 'completed', 'https://host' || n %% 7 || '.example/' || n || '.mp4?token=not-to-be-found',
                           CASE WHEN n %% 10 < 4 THEN '/icon.svg' END, CASE WHEN n %% 10 < 4 THEN 'completed' WHEN n %% 10 < 6 THEN 'failed' ELSE 'pending' END,
                           CASE WHEN n %% 10 IN (4, 5) THEN CASE WHEN n %% 10 = 4 THEN 'the file has no video stream, ' || n %% 3 ELSE 'the origin answered ' || 400 + n %% 27 END END,
                           CASE n %% 10 WHEN 4 THEN 'media' WHEN 5 THEN 'source' END, CASE WHEN n %% 10 < 6 THEN 3 ELSE 0 END, CASE WHEN n %% 10 < 6 THEN now() - n * interval '1 minute' END,
                           CASE WHEN n %% 10 < 4 THEN now() - n * interval '1 minute' END, now() - n * interval '1 minute'
                      FROM generate_series(1, %s) AS n""", UPLOADER, count)
        cls.sql("""INSERT INTO thumbnails.jobs (video_id, lane, tenant, due_at, source_url, created_at)
                    SELECT v.id, 2, left(thumbnails.hash(v.user_id::text), 16), 'infinity', v.video_url, v.created_at FROM videos v WHERE v.thumbnail_generation_status = 'pending' ON CONFLICT DO NOTHING""")
        cls.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        cls.sql("ANALYZE videos; ANALYZE thumbnails.jobs")

    def titles(self):
        return self.driver.execute_script("return Array.from(document.querySelectorAll('#gallery .video:not(.skeleton) .title')).map((e) => e.textContent)")

    def search(self, address):
        """A list by its address, once it is there."""
        self.sign_in(address=address)
        return self.eventually("the list", lambda: self.find("#gallery").get_attribute("aria-busy") == "false" and (self.titles() or self.find("#gallery-empty").is_displayed()))

    def classes(self):
        """The headings of what failed: each class, with how many."""
        return self.driver.execute_script("return Array.from(document.querySelectorAll('#failures h3 a')).map((e) => e.innerText)")

    def total(self):
        return self.text("#total")

    def confirm(self, words, name=None):
        self.eventually("it asks, and says how many", lambda: words in (self.text("#confirm h2") or "") and self.find("#confirm").is_displayed())
        if name is not None:
            field = self.find("#person-name")
            field.clear()
            field.send_keys(name)
        self.find("#confirm button[value=go]").click()

    def count(self, condition):
        return self.sql(f"SELECT count(*) FROM videos AS v WHERE {condition}".replace("%", "%%"))[0][0]

    def test_01_find(self):
        self.search("/")
        video = self.sql("SELECT id FROM videos WHERE title = 'Clip 77'")[0][0]
        self.find("#find-text").send_keys(video[:11], Keys.ENTER)
        self.eventually("by the first digits of its id", lambda: self.titles() == ["Clip 77"])
        self.assertEqual(self.total(), "1 in all")
        self.driver.refresh()
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
        expected = [row[0] for row in self.sql("SELECT title FROM videos WHERE thumbnail_generation_status = 'pending' ORDER BY (title = 'Clip 6') DESC, created_at DESC, id DESC")]
        self.assertEqual(seen, expected, "each once, in order")
        self.driver.refresh()
        self.eventually("a reload stays on its page", lambda: "Page 4 of 4" in self.text("#page"))
        self.picture("last-page")
        self.click("#first")
        self.eventually("the first one", lambda: self.titles()[:1] == ["Clip 6"])

    def test_03_rows_stay_while_somebody_is_at_them(self):
        try:
            self.search("/?state=failed")
            before = self.titles()
            self.driver.execute_script("document.querySelector('#gallery').scrollIntoView({block: 'center', behavior: 'instant'})")
            ActionChains(self.driver).move_to_element(self.find("#gallery .video:nth-child(2)")).perform()
            gone = self.sql("SELECT id FROM videos WHERE title = %s", before[2])[0][0]
            self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
            self.sql("UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE title = 'Clip 195'")
            self.sql("UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = %s", gone)
            self.eventually("what is new waits", lambda: self.text("#new") == "1 new" and self.find("#new").is_displayed())
            self.assertEqual(self.titles(), before, "nothing moves under the pointer")
            self.assertIn("no longer in this list", self.find(f"#gallery [data-key='{gone}']").text)
            self.picture("held")
            ActionChains(self.driver).move_to_element(self.find("h1")).perform()
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
        finally:
            self.sql("UPDATE videos SET thumbnail_generation_status = 'failed' WHERE thumbnail_generation_error IS NOT NULL")
            self.sql("ALTER TABLE videos ENABLE TRIGGER USER")

    def reasons(self):
        """What failed: each reason with its count, as they stand there."""
        return self.driver.execute_script("return Array.from(document.querySelectorAll('#failures article')).map((e) => [e.querySelector('h4').textContent, e.querySelector('.count').textContent, e.querySelectorAll('.acts button').length])")

    def test_03_reasons_stay_while_somebody_is_at_them(self):
        one, other = "the file has no video stream, 0", "the file has no video stream, 1"
        try:
            self.search("/")
            before = self.eventually("what failed", self.reasons)
            counts = {text: int(count) for text, count, _ in before}
            self.click("#failures h3")
            ActionChains(self.driver).move_to_element(self.find("#failures h4")).perform()
            self.driver.execute_script("Array.from(document.querySelectorAll('#failures article')).find((e) => e.textContent.includes(arguments[0])).querySelector('.acts button').focus()", other)
            self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
            self.sql("UPDATE videos SET thumbnail_generation_error = %s WHERE thumbnail_generation_error = %s", other, one)
            self.sql("INSERT INTO videos (title, status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts)"
                     " SELECT 'Many', 'completed', 'https://host0.example/many.mp4', 'failed', 'one more reason', 'lost', 3 FROM generate_series(1, 50)")
            self.eventually("what is new comes behind", lambda: self.reasons()[-1] == ["one more reason", "50", 2])
            after = self.reasons()
            self.assertEqual([text for text, _, _ in after], [text for text, _, _ in before] + ["one more reason"], "nothing moves under the pointer")
            self.assertEqual(next(rest for text, *rest in after if text == one), ["0", 0], "what none have failed of any more keeps its place")
            self.assertEqual(next(rest for text, *rest in after if text == other), [str(counts[one] + counts[other]), 2], "and the figures follow")
            self.assertEqual(self.driver.execute_script("return document.activeElement.dataset.name"), f"retry {other}", "what has the focus keeps it")
            self.picture("reasons-held")
            self.axe("reasons that are held")
            ActionChains(self.driver).move_to_element(self.find("h1")).perform()
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
        button = self.find("#failures .acts button")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
        looks = "return performance.getEntriesByType('resource').filter((e) => e.name.includes('?limit=')).length"
        seen = self.driver.execute_script(looks)
        ActionChains(self.driver).move_to_element(button).click_and_hold().perform()
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        try:
            self.sql("UPDATE videos SET thumbnail_generation_last_attempt_at = now() WHERE thumbnail_generation_status = 'failed'")
        finally:
            self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        self.driver.execute_script("dispatchEvent(new Event('online'))")
        self.eventually("figures have come", lambda: self.driver.execute_script(looks) > seen)
        time.sleep(0.5)
        ActionChains(self.driver).release().perform()
        self.eventually("it is a click", lambda: self.find("#confirm").is_displayed())
        self.assertRegex(self.text("#confirm .which"), "^(source|media) · the ", "and says of what")
        self.picture("confirm-which")
        self.click("#confirm button.secondary")
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER; UPDATE videos SET thumbnail_generation_last_attempt_at = created_at WHERE thumbnail_generation_status = 'failed'; ALTER TABLE videos ENABLE TRIGGER USER")

    def test_03_a_clock_that_is_wrong(self):
        script = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": "const real = Date.now; Date.now = () => real() + 3 * 3600_000"})
        try:
            self.search("/?state=pending&within=1h")
            expected = self.count("thumbnail_generation_status = 'pending' AND created_at > now() - interval '1 hour'")
            self.eventually("the last hour is the server's", lambda: self.total() in (f"{expected} in all", f"{expected - 1} in all"))
            self.assertRegex(self.text("#gallery .hint"), "^waiting · (just now|[0-9]+ (sec|min) ago)$")
            self.assertEqual(self.text("#liveness"), "Live")
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script["identifier"]})

    def test_03_a_list_waits_for_no_figures(self):
        self.search("/?state=failed")
        self.driver.execute_script("""
          const real = fetch; window.held = [];
          window.fetch = async (path, ...more) => { const answer = await real(path, ...more); if (path.includes('?limit=')) await new Promise((go) => held.push(go)); return answer; }""")
        self.eventually("figures that take long", lambda: self.driver.execute_script("return held.length") == 1)
        self.click("#filters [data-value=pending]")
        self.eventually("the list is there before them", lambda: self.titles()[:1] and self.total() == f"{self.count('thumbnail_generation_status = $$pending$$')} in all")
        self.assertEqual(self.driver.execute_script("return held.length"), 1)

    def test_04_dismiss_and_undo(self):
        self.search("/?state=failed")
        failed = str(self.count("thumbnail_generation_status = 'failed'"))
        self.eventually("the figures", lambda: self.figure("failed") == failed)
        chosen = self.titles()[:2]
        for box in self.all("#gallery .choose input")[:2]:
            self.click(box)
        self.eventually("they are counted", lambda: "2 chosen" in (self.text("#bulk") or ""))
        self.picture("chosen")
        self.axe("with some chosen")
        self.click("#bulk [data-name=dismiss-chosen]")
        self.confirm("Dismiss 2 failed videos?", "Ann")
        self.eventually("it is done", lambda: "2 of 2 dismissed." in (self.text("#progress") or ""))
        self.eventually("they are out of the list", lambda: self.titles() and not set(chosen) & set(self.titles()))
        self.eventually("and of the figures", lambda: self.figure("failed") == str(int(failed) - 2) and "2 dismissed" in self.text("[data-figure=failed]"))
        self.assertEqual(self.sql("SELECT DISTINCT text FROM thumbnails.events WHERE class = 'dismissed'"), [("dismissed by Ann",)], "it stands in their history, with the name")
        self.picture("dismissed")
        self.click("#progress [data-name=undo]")
        self.eventually("taken back", lambda: "2 of 2 brought back." in (self.text("#progress") or ""))
        self.eventually("they are there again", lambda: set(chosen) <= set(self.titles()) and self.figure("failed") == failed)
        # One by itself, in its time line.
        video = self.sql("SELECT id FROM videos WHERE title = %s", chosen[0])[0][0]
        self.driver.get(f"{BASE}/?state=failed#video={video}")
        self.eventually("what to do", lambda: "What to do:" in (self.text("#timeline") or ""))
        self.click("#timeline [data-name=dismiss]")
        self.confirm("Dismiss 1 failed video?")
        self.eventually("it says so", lambda: "It is dismissed" in self.text("#timeline") and "dismissed by Ann" in self.text("#timeline"))
        self.picture("timeline-dismissed")
        self.axe("a dismissed video")
        self.click("#timeline [data-name=restore]")
        self.confirm("Bring back 1 video?")
        self.eventually("as before", lambda: "It is dismissed" not in self.text("#timeline") and "brought back by Ann" in self.text("#timeline"))
        self.click("#timeline [data-name=close]")

    def test_04_progress_is_seen_where_one_is(self):
        self.search("/")
        self.eventually("what failed", self.reasons)
        try:
            for width, height in ((1280, 900), (320, 568)):
                self.metrics(width, height)
                self.click("#failures .acts button.quiet")
                self.confirm("failed videos?")
                self.eventually("it is done", lambda: "They stand under" in (self.text("#progress") or ""))
                self.assertEqual(self.driver.execute_script("const r = document.querySelector('#progress').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth"), True, f"{width}×{height}")
                self.picture(f"progress-{width}")
                self.axe("progress")
                self.click("#progress [data-name=close]")
                self.assertFalse(self.find("#progress").is_displayed())
        finally:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            self.sql("DELETE FROM thumbnails.dismissed")

    def test_05_all_that_match(self):
        waiting = "thumbnail_generation_status = 'pending' AND video_url LIKE '%host2.%'"
        expected = self.count(waiting)
        self.search("/?state=pending&host=host2.example")
        self.eventually("they are counted", lambda: f"All {expected} that match" in self.text("#bulk"))
        self.click("#bulk [data-name=cancel-all]")
        self.eventually("it asks, and says how many", lambda: f"Cancel {expected} waiting videos?" in (self.text("#confirm h2") or ""))
        self.find("#confirm button.secondary").click()
        self.assertEqual(self.count(waiting), expected, "no is no")
        self.click("#bulk [data-name=cancel-all]")
        self.confirm(f"Cancel {expected} waiting videos?", "")
        self.eventually("it is done", lambda: f"{expected} of {expected} cancelled." in (self.text("#progress") or ""))
        self.eventually("none waits", lambda: self.find("#gallery-empty").is_displayed() and "No video matches" in self.text("#gallery-empty"))
        self.assertEqual(self.sql("SELECT DISTINCT thumbnail_generation_error FROM videos WHERE thumbnail_generation_error_code = 'request'"), [("cancelled by whoever has CRON_SECRET",)])
        self.click("#filters [data-value=dismissed]")
        self.eventually("they stand there", lambda: self.total() == f"{expected} in all")
        self.whole_picture("cancelled")
        # By class, from the failures.
        media = self.count("thumbnail_generation_error_code = 'media'")
        self.eventually("the class, with how many", lambda: f"media · {media}" in self.classes())
        self.click(self.find("#failures h3 a[href*='class=media']"))
        self.eventually("a class leads to its videos", lambda: self.total() == f"{media} in all" and "class=media" in self.driver.current_url)
        self.click("#bulk [data-name=dismiss-all]")
        self.eventually("of what", lambda: self.text("#confirm .which") == "media")
        self.confirm(f"Dismiss {media} failed videos?")
        self.eventually("dismissed", lambda: f"{media} of {media} dismissed." in (self.text("#progress") or ""))
        self.eventually("the class is gone from the failures", lambda: "no video stream" not in self.text("#failures"))
        self.click("#filters [data-value=dismissed]")
        self.eventually("those of the class", lambda: self.total() == f"{media} in all")
        self.click("#clear")
        self.eventually("all of them", lambda: self.total() == f"{media + expected} in all")
        self.click("#bulk [data-name=restore-all]")
        self.confirm(f"Bring back {media + expected} videos?")
        self.eventually("brought back", lambda: f"{media + expected} of {media + expected} brought back." in (self.text("#progress") or ""))
        self.eventually("the failures follow", lambda: {f"media · {media}", f"cancelled · {expected}"} <= set(self.classes()))
        self.click(self.find("#failures h3 a[href*='class=source']"))
        self.eventually("its videos", lambda: "class=source" in self.driver.current_url and self.find("#gallery").get_attribute("aria-busy") == "false")
        # Found and clicked in one step: the page draws the failures anew when it likes.
        press = lambda selector: self.driver.execute_script("const e = document.querySelector(arguments[0]); e?.click(); return e !== null", selector)
        self.assertTrue(press("#failures details summary"), "more reasons of a class are folded")
        reasons = self.sql("SELECT count(DISTINCT thumbnail_generation_error) FROM videos WHERE thumbnail_generation_status = 'failed'")[0][0]

        def all_are_there():
            # The figures come after the list, and with them more reasons than stood there before.
            if "Show more reasons" in self.text("#failures"):
                press("#failures .empty button")
            return len(self.all("#failures article")) == reasons

        self.eventually("each is reachable", all_are_there)
        self.whole_picture("failures")
        self.axe("many reasons")

    def test_06_pause(self):
        self.search("/")
        self.eventually("who has paused it", lambda: "All making is paused by The test: nothing is made" in (self.text("#notices") or ""))
        self.eventually("the tab tells it", lambda: self.driver.title == "(1) Thumbnails" and "icon-warning" in self.find("link[rel=icon]").get_attribute("href"))
        self.click("#pause")
        self.eventually("the question", lambda: self.find("#confirm").is_displayed())
        self.click("#confirm input[value=tenant]")
        self.find("#pause-name").send_keys(UPLOADER)
        self.find("#pause-why").send_keys("sends the same file again and again")
        field = self.find("#person-name")
        field.clear()
        field.send_keys("Bob")
        self.picture("pause")
        self.axe("pausing")
        self.find("#confirm button[value=go]").click()
        self.eventually("an uploader is paused", lambda: "Making for uploader" in self.text("#notices") and "paused by Bob: sends the same file" in self.text("#notices"))
        self.whole_picture("paused")
        self.axe("paused")
        self.find("#language").click()
        self.eventually("in Chinese", lambda: "全部生成任务由 The test 暂停：nothing is made" in self.text("#notices"))
        self.picture("paused-chinese")
        self.find("#language").click()
        self.assertEqual(self.sql("SELECT host FROM thumbnails.breakers WHERE class = 'manual' ORDER BY host")[1][0][:7], "tenant ")
        resume = lambda: self.click(next(n for n in self.all("#notices .notice") if "Making for uploader" in n.text).find_element(By.TAG_NAME, "button"))
        resume()
        self.eventually("resumed", lambda: "Making for uploader" not in self.text("#notices"))
        # From a video of theirs.
        self.sign_in(TOKEN, f"/#video={self.sql('SELECT id FROM videos WHERE user_id = %s LIMIT 1', UPLOADER)[0][0]}")
        self.click(self.eventually("its uploader", lambda: next(iter(self.all("#timeline [data-name=pause]")), None)))
        self.eventually("the question", lambda: self.find("#confirm").is_displayed() and self.find("#confirm input[value=tenant]").is_selected())
        self.find("#confirm button[value=go]").click()
        self.eventually("paused", lambda: "Making for uploader" in self.text("#notices"))
        self.click("#timeline [data-name=close]")
        resume()
        self.eventually("resumed", lambda: "Making for uploader" not in self.text("#notices"))

    def test_07_two_at_once(self):
        self.search("/?state=failed")
        mine, other = self.driver, start("en-GB,en", "other")
        try:
            self.driver = other
            self.search("/?state=failed")
            before = self.sql("SELECT max(id) FROM thumbnails.events")[0][0]
            failed = self.count("thumbnail_generation_status = 'failed' AND NOT EXISTS (SELECT FROM thumbnails.dismissed d WHERE d.video_id = v.id)")
            # Both ask for the same, and both say yes.
            for driver in (mine, other):
                self.driver = driver
                self.click("#bulk [data-name=dismiss-all]")
                self.eventually("it asks", lambda: f"Dismiss {failed} failed videos?" in (self.text("#confirm h2") or ""))
            for driver in (mine, other):
                driver.find_element(By.CSS_SELECTOR, "#confirm button[value=go]").click()
            done = 0
            for driver in (mine, other):
                self.driver = driver
                self.eventually("it ends", lambda: "They stand under" in (self.text("#progress") or ""))
                done += int(self.text("#progress").split()[0])
                self.eventually("the list is empty", lambda: self.find("#gallery-empty").is_displayed())
            self.assertEqual(done, failed, "each was dismissed once, by one of them")
            self.assertEqual(self.sql("SELECT count(*) FROM (SELECT video_id FROM thumbnails.events WHERE class = 'dismissed' AND id > %s GROUP BY video_id HAVING count(*) > 1) AS twice", before)[0][0], 0)
            # One takes it back while the other looks.
            self.driver = mine
            self.click("#filters [data-value=dismissed]")
            self.eventually("all of them", lambda: self.total() == f"{failed} in all")
            self.click("#bulk [data-name=restore-all]")
            self.confirm(f"Bring back {failed} videos?")
            self.driver = other
            self.eventually("the other sees it", lambda: self.total() == f"{failed} in all")
            # One resumes, the other learns of it.
            self.click("#notices button")
            self.driver = mine
            self.eventually("resumed", lambda: "paused" not in (self.text("#notices") or ""))
        finally:
            self.driver = mine
            other.quit()
            self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_08_who_may_only_look(self):
        self.sign_in(STATUS, "/?state=failed")
        self.eventually("it is said", lambda: "This secret only looks" in (self.text("#notices") or ""))
        self.eventually("the list", lambda: len(self.titles()) > 0)
        buttons = self.all("[data-acts]")
        self.assertGreater(len(buttons), 5)
        self.assertEqual([b.get_attribute("outerHTML") for b in buttons if b.is_enabled() and b.is_displayed()], [], "nothing can be pressed")
        self.assertFalse(any(e.is_displayed() for e in self.all("#gallery .choose")))
        self.assertEqual(self.driver.execute_script("return Array.from(document.querySelectorAll('#gallery video-thumbnail')).filter((e) => e.shadowRoot.querySelector('button')).length"), 0)
        self.whole_picture("onlooker")
        self.axe("who may only look")
        refused = self.driver.execute_async_script("""
          const done = arguments[arguments.length - 1];
          fetch('/functions/v1/retry-stuck-thumbnails', {method: 'POST', headers: {authorization: `Bearer ${sessionStorage.getItem('thumbnails-token')}`}, body: '{"operation": "resume"}'})
            .then(async (r) => done([r.status, (await r.json()).error]))""")
        self.assertEqual(refused, [403, "This secret may look, and do nothing else"])
        self.assertEqual(self.sql("SELECT count(*) FROM thumbnails.breakers WHERE class = 'manual'")[0][0], 1, "and nothing was done")

    def test_09_the_whole_url(self):
        video = self.sql("SELECT id FROM videos WHERE title = 'Clip 7'")[0][0]
        self.sign_in(TOKEN, f"/#video={video}")
        self.eventually("greyed, with the reason", lambda: "needs SERVICE_ROLE_KEY" in (self.text("#timeline") or ""))
        self.assertFalse(self.find("#timeline [data-name=url]").is_enabled())
        self.sign_in(SERVICE, f"/#video={video}")
        self.eventually("its time line", lambda: self.all("#timeline [data-name=url]"))
        self.driver.refresh()
        self.eventually("not by itself", lambda: self.all("#timeline [data-name=url]:not(:disabled)"))
        self.assertNotIn("not-to-be-found", self.driver.page_source)
        self.click("#timeline [data-name=url]")
        self.eventually("on demand", lambda: "https://host0.example/7.mp4?token=not-to-be-found" in self.text("#timeline"))

    def test_10_machinery(self):
        self.search("/")
        self.sql("INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', 'worker-1', 6, '{}', now() + interval '4 min', 'the store answered 403')")
        self.eventually("a breaker, and its next trial", lambda: "worker-1" in (self.text("#machinery") or "") and ("in 4 min" in self.text("#machinery") or "in 3 min" in self.text("#machinery")))
        self.eventually("the tab tells it", lambda: "icon-error" in self.find("link[rel=icon]").get_attribute("href"))
        self.sql("DELETE FROM thumbnails.breakers WHERE class = 'storage'")
        # What the report may tell besides.
        self.driver.execute_script("window.fetch = () => new Promise(() => {})")
        time.sleep(1)
        hour = 3600
        self.driver.execute_async_script("""
          const [ago, done] = arguments; const at = (s) => new Date(Date.now() - s * 1000).toISOString();
          Promise.all([import('/app/machinery.js'), import('/app/figures.js')]).then(([m, f]) => { m.showMachinery({ breakers: [], paused: [],
            workers: { counts: { busy: 1, idle: 1, silent: 1 }, unboxedHosts: [], list: [
              { name: 'a', program: 'auto-generate-thumbnail', host: 'media-1', version: '0.1', state: 'busy', seenAt: at(1), sandbox: 'required', inHand: [{ videoId: '00000000-0000-4000-8000-000000000001', attempt: 2, since: at(12), leaseUntil: at(-10) }] },
              { name: 'b', program: 'auto-generate-thumbnail', host: 'media-2', version: '0.1', state: 'silent', seenAt: at(ago), sandbox: 'off', inHand: [] }] },
            relay: { host: 'media-1', version: '0.1', state: 'polling', reason: 'notifications do not come through', trouble: null, seenAt: at(2) },
            pgNet: [{ status: 202, timedOut: false, error: null, posts: 900, lastAt: at(3), problem: null },
              { status: 429, timedOut: false, error: null, posts: 12, lastAt: at(60), problem: "the handlers' nginx limits this address; name it under geo $thumbnail_trusted" },
              { status: null, timedOut: true, error: null, posts: 2, lastAt: at(600), problem: 'no worker was free' }],
            decoderEnds: { lastDay: { crash: 1 }, total: { crash: 3, stood_still: 2 } } });
            f.showFigures({ health: { completedCount: 900, failedCount: 50, processingCount: 1, pendingCount: 3, dismissedCount: 2, needsGenerationCount: 4, successRatePercent: 94.7, successRateWithoutBadUploadsPercent: 98.2, avgGenerationTimeSeconds: 1.4,
              lastDay: { meanSeconds: 1.2, p95Seconds: 3.4, completed: 90, failed: 6, badUploads: 4, successRatePercent: 93.8, successRateWithoutBadUploadsPercent: 97.8 } },
              queue: { due: 2, leased: 1, later: 0, kept: 0, oldestDueSeconds: 70, overAnHour: 0, expiredLeases: 0 }, exhaustedCount: 5,
              lanes: [{ lane: 0, due: 1, oldestDueSeconds: 2 }, { lane: 2, due: 1, oldestDueSeconds: 70 }] }); done(); })""", hour)
        told = self.text("#machinery")
        for words in ("1 busy, 1 idle, 1 silent", "media-1", "Attempt 2", "no sandbox", "polls", "notifications do not come through", "crashed", "delivered", "429", "name it under geo", "timed out", "no worker was free"):
            self.assertIn(words, told)
        self.assertEqual([self.figure(name) for name in ("success", "sound", "day-success", "day-sound")], ["94.7%", "98.2%", "93.8%", "97.8%"], "each rate by itself")
        self.assertIn("fresh: oldest due for 2 sec", self.text("[data-figure=pending]"))
        self.whole_picture("machinery")
        self.axe("machinery")
        said = self.driver.execute_async_script("""
          const done = arguments[0]; Promise.all([import('/app/errors.js'), import('/app/language.js')]).then(([{ explained }, { language }]) => {
            language.switch(); const said = ["pg_net: 3 of the last 9 posts were answered 401: the handlers do not know the secret", "pg_net: 1 of the last 9 posts timed out: no worker was free"].map(explained);
            language.switch(); done(said); })""")
        self.assertEqual(said, ["pg_net：最近 9 次请求中有 3 次得到 401：处理程序不认识该密钥", "pg_net：最近 9 次请求中有 1 次超时：没有空闲的工作进程"], "what a sentence quotes is in Chinese, too")

    def test_10_what_pg_net_got_back(self):
        """As the report tells it, with a stand-in for the tables of pg_net."""
        self.search("/")
        self.eventually("the workers", lambda: self.all("[data-machine=workers]"))
        self.assertEqual(self.all("[data-machine=pg_net]"), [], "nothing where there is no pg_net")
        self.sql("""CREATE SCHEMA net; CREATE TABLE net._http_response (id bigint, status_code integer, timed_out boolean, error_msg text, created timestamptz DEFAULT now());
                    INSERT INTO thumbnails.pg_net_posts (request_id) SELECT generate_series(-9, -1) ON CONFLICT DO NOTHING;
                    INSERT INTO net._http_response (id, status_code, timed_out, error_msg) VALUES (-1, 202, false, NULL), (-2, 202, false, NULL), (-3, 401, false, NULL)""")
        try:
            self.eventually("what came back", lambda: "the handlers do not know the secret" in (self.text("[data-machine=pg_net]") or ""))
            rows = [row.text for row in self.all("[data-machine=pg_net] tbody tr")]
            self.assertRegex(rows[0], "^202 2 .* delivered$")
            self.assertRegex(rows[1], "^401 1 .* the handlers do not know the secret$")
            self.eventually("and on top", lambda: "pg_net: 1 of the last 3 posts were answered 401" in self.text("#notices"))
            self.click("[data-machine=pg_net] h3")
            self.picture("pg-net")
        finally:
            self.sql("DROP SCHEMA net CASCADE; DELETE FROM thumbnails.pg_net_posts WHERE request_id < 0")

    def test_10_keys(self):
        self.search("/?state=failed")
        titles = self.titles()
        self.find("body").send_keys("/")
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "find-text")
        self.press("a/b")
        self.assertEqual(self.find("#find-text").get_attribute("value"), "a/b", "who types means letters")
        self.find("#find-text").clear()
        shown = lambda title: self.eventually(f"{title} is shown", lambda: self.text("#timeline-title") == title and self.all("#timeline .timeline"))
        self.click(self.all("#gallery .title")[0])
        shown(titles[0])
        self.assertFalse(self.find("#timeline [data-name=previous]").is_enabled())
        self.press("j")
        shown(titles[1])
        self.find("#timeline [data-name=next]").click()
        shown(titles[2])
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("data-name"), "next", "the focus stays on the button")
        self.picture("ways")
        self.axe("from one to the next")
        self.press("k")
        shown(titles[1])
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        self.click("#timeline [data-name='copy Id']")
        self.eventually("it says so", lambda: self.text("#timeline [data-name='copy Id']") == "Copied")
        copied = self.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        self.assertEqual(self.driver.current_url.rsplit("=")[-1], copied, "the id is copied")
        # Where the browser has no clipboard: without https.
        self.driver.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        self.click("#timeline .notice [data-name^=copy]")
        self.eventually("it says so", lambda: self.text("#timeline .notice [data-name^=copy]") == "Copied")
        self.driver.back()
        self.eventually("one step back is back in the list", lambda: self.find("#timeline").get_attribute("open") is None and "state=failed" in self.driver.current_url)
        self.click("#keys")
        self.find("body").send_keys("/")
        self.assertNotEqual(self.driver.switch_to.active_element.get_attribute("id"), "find-text", "they can be switched off")
        self.driver.refresh()
        self.eventually("and stay so", lambda: self.text("#keys") == "Switch keys on")
        self.click("#keys")
        self.assertIn("/ search", self.text("#keys-what"))

    def test_10_figures_lead_to_their_videos(self):
        self.search("/")
        self.eventually("the figures", lambda: self.figure("throughput"))
        for name, expected in (("processing", "state=processing"), ("pending", "state=pending"), ("failed", "state=failed"), ("throughput", "state=completed&within=1h"),
                               ("day-success", "state=failed&within=24h"), ("success", "state=failed")):
            self.assertTrue(self.find(f"[data-figure={name}] dt a").get_attribute("href").endswith(f"/?{expected}"), name)
        # Bad uploads are of two classes.
        self.sql("UPDATE videos SET thumbnail_generation_error_code = 'forbidden' WHERE title IN ('Clip 14', 'Clip 15')")
        expected = self.count("thumbnail_generation_error_code IN ('media', 'forbidden')")
        self.assertGreater(expected, self.count("thumbnail_generation_error_code = 'media'"))
        self.click(self.find("[data-figure=sound] .note a"))
        self.eventually("all of them", lambda: self.total() == f"{expected} in all" and self.find("#find-class").get_attribute("value") == "media,forbidden")
        self.sql("UPDATE videos SET thumbnail_generation_error_code = CASE title WHEN 'Clip 14' THEN 'media' ELSE 'source' END WHERE title IN ('Clip 14', 'Clip 15')")
        self.search("/")
        self.eventually("the figures", lambda: self.figure("throughput"))
        self.sql("INSERT INTO thumbnails.dismissed (video_id, last_attempt_at) SELECT id, thumbnail_generation_last_attempt_at FROM videos WHERE title = 'Clip 14'")
        try:
            self.click(self.eventually("a note that counts some, too", lambda: next(iter(self.all("[data-figure=failed] .note a")), None)))
            self.eventually("them", lambda: self.titles() == ["Clip 14"] and "state=dismissed" in self.driver.current_url)
        finally:
            self.sql("DELETE FROM thumbnails.dismissed")


    def test_11_every_width(self):
        """Nothing is pushed out of the page or its box, with everything open and chosen."""
        try:
            for language in ("en", "zh"):
                self.search("/?state=failed&within=7d")
                if language == "zh":
                    self.find("#language").click()
                self.eventually("a list", lambda: self.all("#gallery .choose input"))
                self.driver.execute_script("document.querySelectorAll('details').forEach((d) => (d.open = true)); document.querySelector('#gallery .choose input').click()")
                self.eventually("one is chosen", lambda: self.find("#bulk").get_attribute("class") == "bulk chosen")
                for width in [*range(320, 1120, 40), *range(1120, 2561, 160)]:
                    self.metrics(width, 900)
                    out = self.driver.execute_script("""
                      const found = [];
                      for (const box of document.querySelectorAll('.find, .bulk, .pages, .failure, .failure-class, .notice, .video, .segments, button')) {
                        if (!box.offsetParent) continue;
                        const r = box.getBoundingClientRect();
                        for (const inner of box.querySelectorAll('*')) { if (!inner.offsetParent || inner.closest('.title, .reason')) continue; const q = inner.getBoundingClientRect(); if (q.width && (q.right > r.right + 1 || q.left < r.left - 1)) found.push(`${box.className}: ${inner.outerHTML.slice(0, 80)}`); }
                      }
                      if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
                      return found.slice(0, 5)""")
                    self.assertEqual(out, [], f"{width} px, {language}")
                self.axe(f"everything open, {language}")
        finally:
            if self.driver.execute_script("return document.documentElement.lang") != "en":
                self.find("#language").click()
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def plant_a_platform_that_does_well(self):
        """Seven days of it: some thousand thumbnails, of a hundred attempts one that fails, a few videos that nothing helps; and the newest, which are really made."""
        self.sql("DELETE FROM videos; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.events; DELETE FROM thumbnails.hourly_totals; DELETE FROM thumbnails.dismissed")
        self.sql("SELECT thumbnails.fold_events()")
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("""INSERT INTO videos (user_id, title, status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generated_at, created_at)
                    SELECT gen_random_uuid(), 'Clip ' || h * 100 + i, 'completed', 'https://media.example.com/' || h * 100 + i || '.mp4', '/icon.svg', 'completed', 1, g.at - (0.4 + (h * 31 + i * 17) %% 90 * 0.02) * interval '1 second', g.at, g.at - interval '3 seconds'
                      FROM generate_series(0, 160) AS h, LATERAL generate_series(1, 45 + (30 * sin(h * 0.26))::integer + h * 7 %% 9) AS i,
                           LATERAL (SELECT date_trunc('hour', now()) - h * interval '1 hour' - i * interval '40 seconds' AS at) AS g""")
        self.sql("""INSERT INTO videos (user_id, title, status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts, thumbnail_generation_last_attempt_at, created_at)
                    SELECT gen_random_uuid(), (ARRAY['IMG_2041.MOV', 'Screen recording', 'Birthday, part 2', 'interview-final-v3', 'Drone over the lake', 'Lecture 7', 'GOPR0113'])[1 + g.n %% 7], 'completed', 'https://uploads.example.com/' || g.n || '.mp4', 'failed',
                           f.error, f.class, 3, now() - g.n * g.n * interval '23 minutes', now() - g.n * g.n * interval '23 minutes'
                      FROM generate_series(1, 20) AS g (n), LATERAL (SELECT f.error, f.class FROM (VALUES (0, 'the file has no video stream', 'media'), (1, 'the origin answered 404 (not found)', 'source'), (2, 'the file ends before its index (moov): it is damaged, or its upload broke off', 'media'),
                           (3, 'the origin answered 404 (not found)', 'source'), (4, 'the file has no video stream', 'media'), (5, 'the video URL leads to an address that is not public', 'forbidden')) AS f (n, error, class) WHERE f.n = g.n %% 6) AS f""")
        self.sql("""INSERT INTO thumbnails.events (video_id, from_status, to_status, token, attempt, class, text, duration, at)
                    SELECT v.id, 'processing', v.thumbnail_generation_status, 1, 1, v.thumbnail_generation_error_code, v.thumbnail_generation_error, v.thumbnail_generated_at - v.thumbnail_generation_started_at, coalesce(v.thumbnail_generated_at, v.thumbnail_generation_last_attempt_at)
                      FROM videos AS v ORDER BY 9""")
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        colours = "gradients=s=640x360:r=25:n=4:speed=0.02:seed={}:c0={}:c1={}:c2={}:c3={},format=yuv420p,vignette"
        spirals = "mandelbrot=s=640x360:r=25:start_x={}:start_y={}:start_scale={}:end_scale=0.00001"
        films = {"Harbour at dawn": colours.format(2, "0x27374d", "0xf2a65a", "0xf6d6ad", "0x526d82"), "How to tie a bowline": spirals.format(-0.7436, 0.1318, 0.02),
                 "Snow on the pass": colours.format(1, "0xf4f7fb", "0x8fb3d9", "0x3d5a80", "0xdde7f2"), "The old mill": spirals.format(-0.1011, 0.9563, 0.05), "Making bread": colours.format(3, "0x6b3e26", "0xd9a566", "0xf3e0c2", "0x3b2417"),
                 "Night train": colours.format(4, "0x0b1026", "0x283c63", "0xe8b04a", "0x05070f"), "Tide pools": spirals.format(-1.2561, 0.3820, 0.03), "A walk in the hills": colours.format(5, "0x2f5d3a", "0x9cc27a", "0xdfe8b0", "0x17321f")}
        for n, film in enumerate(films.values()):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", film, "-t", "3", "-pix_fmt", "yuv420p", "-g", "25", f"{WORK}/state/public/videos/film-{n}.mp4"], check=True)
            os.chmod(f"{WORK}/state/public/videos/film-{n}.mp4", 0o644)
        videos = [self.insert(title, f"{BASE}/videos/film-{n}.mp4") for n, title in enumerate(films)]
        self.eventually("their thumbnails", lambda: self.count("thumbnail_generation_status = 'completed' AND id IN ($$" + "$$, $$".join(videos) + "$$)") == len(videos), 60)
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        # They stand for the others, too.
        self.sql("""UPDATE videos AS v SET thumbnail_url = o.thumbnail_url
                      FROM (SELECT row_number() OVER (ORDER BY id) - 1 AS n, thumbnail_url FROM videos WHERE id::text = ANY (%s)) AS o
                     WHERE v.thumbnail_url = '/icon.svg' AND o.n = substring(v.title FROM 6)::integer %% 8""", videos)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        return videos

    def test_12_pictures_of_the_documentation(self):
        """Light and dark, desktop and phone: what docs/status-page.md shows. UPDATE_DOCS=yes puts them there."""
        docs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")

        def shown(name):
            self.picture(name)
            if os.environ.get("UPDATE_DOCS") == "yes":
                shutil.copy(os.path.join(SCREENSHOTS, name + ".png"), docs)

        videos = self.plant_a_platform_that_does_well()
        try:
            for device, width, height in (("", 1280, 2080), ("-phone", 390, 2600)):
                for scheme in ("", "-dark"):
                    self.metrics(width, 900, bool(device))
                    self.scheme("dark" if scheme else "light")
                    self.search("/")
                    self.eventually("the chart", lambda: self.all("#chart svg"))
                    self.axe(f"documentation{device}{scheme}")
                    self.metrics(width, height, bool(device))
                    shown(f"status-page{device}{scheme}")
            self.scheme("light")
            self.metrics(1280, 900)
            self.find("#language").click()
            self.metrics(1280, 2080)
            self.eventually("in Chinese", lambda: "当前" in self.text("#figures"))
            shown("status-page.zh-CN")
            self.find("#language").click()
            self.metrics(1280, 900)
            self.sign_in(TOKEN, f"/#video={videos[0]}")
            self.eventually("a time line", lambda: "Where the time went" in (self.text("#timeline") or ""))
            shown("time-line")
            self.click("#timeline [data-name=close]")
            self.search("/?state=failed&class=media")
            self.driver.execute_script("document.querySelector('#gallery-title').scrollIntoView()")
            for box in self.all("#gallery .choose input")[:3]:
                self.driver.execute_script("arguments[0].click()", box)
            self.eventually("three are chosen", lambda: "3 chosen" in (self.text("#bulk") or ""))
            shown("status-page-chosen")
        finally:
            self.scheme("light")
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_12_another_second(self):
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Another second")
        first = self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video), 60)
        for name, secret, answer in (("status", STATUS, 403), ("cron", TOKEN, 401)):
            self.sign_in(secret, f"/#video={video}")
            self.eventually("its time line", lambda: self.all("#timeline .chooser"))
            self.click("#timeline .chooser summary")
            self.eventually("greyed, with the reason", lambda: "This needs SERVICE_ROLE_KEY" in self.text("#timeline .chooser"))
            greyed = self.all("#timeline .chooser button")
            self.assertEqual([b.is_enabled() for b in greyed], [False], f"with the {name} secret")
            self.assertEqual(greyed[0].get_attribute("title"), "This needs SERVICE_ROLE_KEY: a picture is replaced only by the platform itself.")
            self.assertEqual(self.all("#timeline #choose-second"), [])
            self.picture(f"choose-refused-{name}")
            self.axe(f"a choice that is refused, {name}")
            self.assertEqual(self.driver.execute_async_script("""
              const [body, done] = arguments;
              fetch('/functions/v1/auto-generate-thumbnail', {method: 'POST', headers: {authorization: `Bearer ${sessionStorage.getItem('thumbnails-token')}`}, body}).then((r) => done(r.status))""",
              json.dumps({"videoId": video, "regenerate": True, "timeSeconds": 1})), answer, "nor by another way")
        self.sign_in(SERVICE, f"/#video={video}")
        self.driver.refresh()
        self.eventually("its time line", lambda: self.all("#timeline #choose-second"))
        self.click("#timeline .chooser summary")
        self.driver.execute_script("const s = document.querySelector('#timeline input[type=range]'); s.value = 4; s.dispatchEvent(new Event('input'))")
        self.assertAlmostEqual(float(self.find("#choose-second").get_attribute("value")), 4, delta=0.1)
        field = self.find("#choose-second")
        field.clear()
        field.send_keys("3.5")
        film = "const v = document.querySelector('#timeline .sides video'); return v && !v.seeking && v.readyState >= 2 && v.currentTime"
        self.eventually("what is there, beside the picture that is", lambda: self.driver.execute_script(film) == 3.5)
        self.assertEqual([e.text for e in self.all("#timeline .sides figcaption")], ["Now", "New · 3.5 secs"])
        self.driver.execute_script("window.open = (...how) => { window.opened = how; }")
        self.click("#timeline [data-name=open]")
        self.eventually("the video is opened at that second", lambda: self.driver.execute_script("return window.opened") == [f"{DEMO}#t=3.5", "_blank", "noopener,noreferrer"])
        self.picture("choose")
        self.axe("choosing another second")
        self.click("#timeline [data-name=take]")
        self.eventually("it is made", lambda: "The picture at 3.5 secs is there." in self.text("#timeline .chooser"))
        self.assertEqual([e.text for e in self.all("#timeline .sides figcaption")], ["Before", "New · 3.5 secs"])
        self.eventually("old and new", lambda: self.driver.execute_script(
            "const [old, made] = document.querySelectorAll('#timeline .sides img'); return old.src !== made.src && old.naturalWidth === 960 && made.naturalWidth === 960"))
        self.picture("chosen-second")
        self.eventually("another picture", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video) not in ([], first), 60)
        at = self.sql("SELECT (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0][0]
        self.assertLess(abs(at - 3.5), 1, "of that second")
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_12_candidates(self):
        """The best seconds: seen beside the picture there is, and one of them taken."""
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Candidates")
        first = self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video), 60)
        self.sign_in(SERVICE, f"/#video={video}")
        self.eventually("its time line", lambda: self.all("#timeline #choose-second"))
        self.click("#timeline .chooser summary")
        self.click("#timeline [data-name=candidates]")
        buttons = self.eventually("some, beside the one there is", lambda: self.all("#timeline .candidates figure") and self.all("#timeline .candidates button"), 60)
        self.assertIn(len(buttons), (5, 6))
        self.assertRegex(self.text("#timeline .candidates figure"), "^Now · ")
        self.eventually("their pictures", lambda: self.driver.execute_script(
            "return Array.from(document.querySelectorAll('#timeline .candidates button img')).every((e) => e.src.startsWith('data:image/jpeg') && e.naturalWidth > 100 && e.naturalWidth === Number(e.getAttribute('width')))"))
        seconds = [float(b.get_attribute("value")) for b in buttons]
        there = self.sql("SELECT (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0][0]
        self.assertEqual(len({*seconds, there}), len(buttons) + 1, "each another, and none the one there is")
        self.click(buttons[1])
        self.assertEqual([b.get_attribute("aria-pressed") for b in buttons], ["false", "true"] + ["false"] * (len(buttons) - 2))
        self.assertRegex(" ".join(e.text for e in self.all("#timeline .sides figcaption")), "^Now New · ")
        self.assertEqual(float(self.find("#choose-second").get_attribute("value")), seconds[1], "what is taken")
        self.assertAlmostEqual(self.find("#timeline input[type=range]").get_property("valueAsNumber"), seconds[1], delta=0.04)
        self.picture("candidates")
        self.axe("candidates")
        self.metrics(360, 740, True)
        try:
            self.assertLessEqual(self.driver.execute_script("return document.querySelector('#timeline').scrollWidth"), 360)
            self.driver.execute_script("document.querySelector('#timeline .candidates').scrollIntoView()")
            self.picture("phone-candidates")
        finally:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.click("#timeline [data-name=take]")
        self.eventually("it is made", lambda: "is there." in self.text("#timeline .chooser"), 60)
        url, at = self.sql("SELECT thumbnail_url, (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0]
        self.assertNotEqual(url, first[0][0])
        self.assertAlmostEqual(at, seconds[1], delta=0.05)
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_12_storyboard(self):
        """Made for one video: a player reads its list, and the element shows its pictures under the pointer."""
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Storyboard")
        self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video), 60)
        ask = urllib.request.Request(f"{BASE}/functions/v1/auto-generate-thumbnail", json.dumps({"videoId": video, "storyboard": True}).encode(),
                                     {"Authorization": f"Bearer {SERVICE}", "Content-Type": "application/json"})
        self.assertEqual(urllib.request.urlopen(ask).status, 202)
        row = self.eventually("its storyboard", lambda: self.sql(
            "SELECT to_jsonb(v) FROM videos AS v WHERE id = %s AND thumbnail_metadata ? 'storyboard'", video), 60)[0][0]
        board = row["thumbnail_metadata"]["storyboard"]
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")
        self.driver.get(f"{BASE}/elements/")
        cues = self.driver.execute_async_script("""
          const [url, done] = arguments;
          const player = document.createElement('video'), list = document.createElement('track');
          Object.assign(list, {kind: 'metadata', src: url, default: true, onload: () => done([...list.track.cues].map((c) => [c.startTime, c.endTime, c.text])), onerror: () => done(null)});
          player.append(list); document.body.append(player); list.track.mode = 'hidden';""", board["url"])
        self.assertEqual(len(cues), board["tiles"])
        self.assertEqual(cues[0][0], 0)
        self.assertEqual([end for _, end, _ in cues[:-1]], [begin for begin, _, _ in cues[1:]], "one after the other")
        self.assertAlmostEqual(cues[-1][1], 10, delta=0.1, msg="to the video's end")
        for begin, end, text in cues:
            name, place = text.split("#xywh=")
            x, y, width, height = map(int, place.split(","))
            self.assertEqual((width, height), (board["width"], board["height"]))
            size = self.driver.execute_async_script("const [url, done] = arguments; const i = new Image(); i.onload = () => done([i.naturalWidth, i.naturalHeight]); i.onerror = () => done(null); i.src = url", urllib.parse.urljoin(board["url"], name))
            self.assertTrue(x + width <= size[0] and y + height <= size[1], f"{text} of {size}")
        element = self.driver.execute_script("""
          const e = document.createElement('video-thumbnail'); e.lang = 'en'; document.querySelector('main').prepend(e); e.video = arguments[0]; e.scrollIntoView({block: 'center'}); return e""", row)
        tile = lambda: self.driver.execute_script("const t = arguments[0].shadowRoot.querySelector('.tile'); return t && t.getAttribute('viewBox').split(' ').slice(0, 2).map(Number)", element)
        last = [int(n) for n in cues[-1][2].split("#xywh=")[1].split(",")[:2]]

        def hover():
            width = element.size["width"]
            for nudge in (-1, 0):
                ActionChains(self.driver, duration=0).move_to_element_with_offset(element, int(width * 0.47) + nudge, 0).perform()
            return tile() == last
        self.eventually("the last picture, at the right edge", hover)
        time.sleep(0.3)
        self.picture("storyboard-of-a-video")

    def first_paint(self):
        """Milliseconds from the start of loading until the list is there."""
        script = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
          const look = () => document.querySelector('#gallery[aria-busy=false] .video') ? window.listAt = Math.round(performance.now()) : requestAnimationFrame(look); look();"""})
        try:
            self.sign_in(address="/?state=failed")
            return self.eventually("the list", lambda: self.driver.execute_script("return window.listAt"))
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script["identifier"]})

    def test_13_a_hundred_thousand_videos(self):
        few = self.first_paint()
        self.sql("DELETE FROM videos; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.inbox")
        self.plant(100_000)
        many = self.first_paint()
        print(f"the list of failed videos is there {few} ms after loading began with 200 videos, {many} ms with 100,000", flush=True)
        self.eventually("twenty thousand failed", lambda: self.total() == "20,000 in all" and self.figure("failed") == "20,000")
        self.assertEqual(len(self.all("#gallery .video")), 24, "a page of them, and no more")
        self.assertEqual(self.classes(), ["media · 10,000", "source · 10,000"], "of each class all, however many reasons are shown")
        self.click("#filters [data-value=pending]")
        self.eventually("forty thousand wait", lambda: self.total() == "40,000 in all, in no order of time unless you choose one" and self.figure("pending") == "40,000")
        self.find("#find-text").send_keys("clip 99998", Keys.ENTER)
        self.eventually("one of them is found", lambda: self.titles() == ["Clip 99998"])
        self.search("/?state=failed&class=media&host=host1.example")
        expected = self.count("thumbnail_generation_error_code = 'media' AND video_url LIKE '%host1.%'")
        self.eventually("a class and a host", lambda: self.total() == f"{expected:,} in all")
        self.click("#bulk [data-name=dismiss-all]")
        self.confirm(f"Dismiss {expected:,} failed videos?")
        self.eventually("progress is seen", lambda: f" of {expected:,} dismissed" in (self.text("#progress") or ""))
        self.picture("progress")
        self.eventually("to its end", lambda: f"{expected:,} of {expected:,} dismissed." in (self.text("#progress") or ""), 120)
        self.eventually("the figures follow", lambda: self.figure("failed") == f"{20_000 - expected:,}", 60)
        self.whole_picture("hundred-thousand")
        self.axe("a hundred thousand")
        self.search("/?order=newest")
        self.eventually("all, page by page", lambda: "of 4,167" in self.text("#page"))

    def test_13_a_server_that_goes_and_comes(self):
        """In the middle of what is done to many: it goes on by itself, and where it cannot, by a button."""
        self.search("/?state=failed&class=source&host=host2.example")
        expected = self.count("thumbnail_generation_status = 'failed' AND thumbnail_generation_error_code = 'source' AND video_url LIKE '%host2.%'")
        self.eventually("they are counted", lambda: f"All {expected:,} that match" in self.text("#bulk"))
        # Each batch takes a moment, and one of them is refused.
        self.driver.execute_script("""
          const real = fetch; window.refused = 0;
          window.fetch = async (path, options) => {
            if (options.method === 'POST') await new Promise((go) => setTimeout(go, 700));
            return options.method === 'POST' && window.refuse && !refused++ ? new Response('{"success": false, "error": "planted"}', {status: 409}) : real(path, options); }""")
        before = self.sql("SELECT coalesce(max(id), 0) FROM thumbnails.events")[0][0]
        leaves = "const leave = new Event('beforeunload', {cancelable: true}); dispatchEvent(leave); return !leave.defaultPrevented"
        self.assertTrue(self.driver.execute_script(leaves))
        self.click("#bulk [data-name=dismiss-all]")
        self.confirm(f"Dismiss {expected:,} failed videos?")
        done = f" of {expected:,} dismissed."
        self.eventually("progress is seen", lambda: done in (self.text("#progress") or ""))
        self.assertFalse(self.driver.execute_script(leaves), "who closes the page is asked")
        self.control("stop", "nginx")
        try:
            said = self.eventually("that nobody answers is said", lambda: next(iter(t for t in [self.text("#progress")] if "The server cannot be reached; trying again in" in t), None))
            self.assertIn(done, said, "beside how far it came")
            self.picture("progress-waits")
        finally:
            self.control("start", "nginx")
        self.eventually("it goes on", lambda: "cannot be reached" not in self.text("#progress"), 60)
        self.driver.execute_script("window.refuse = true")
        button = self.eventually("a button to go on", lambda: next(iter(self.all("#progress [data-name=go-on]")), None))
        self.assertIn("The server says: planted", self.text("#progress"))
        self.assertIn(done, self.text("#progress"))
        self.picture("progress-stopped")
        self.axe("what was broken off")
        self.click(button)
        self.eventually("to its end", lambda: f"{expected:,}{done}" in (self.text("#progress") or ""), 120)
        self.assertEqual(self.sql("SELECT count(*), count(DISTINCT video_id) FROM thumbnails.events WHERE class = 'dismissed' AND id > %s", before)[0], (expected, expected), "each once")
        self.assertTrue(self.driver.execute_script(leaves))

    def test_14_the_console_is_clean(self):
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        problems = [line["message"] for line in self.driver.get_log("browser")
                    if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"] and "ERR_" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
