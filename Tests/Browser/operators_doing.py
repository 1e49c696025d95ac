"""What operators do: dismiss, all that match, pause, two at once, who may only look."""

import datetime
import time

from selenium.webdriver.common.by import By

from browser_test import BASE, TOKEN, start
from operators_common import SERVICE, STATUS, UPLOADER


class Doing:
    def test_04_dismiss_and_undo(self):
        self.search("/?state=failed")
        failed = str(self.count("thumbnail_generation_status = 'failed'"))
        self.eventually("the figures", lambda: self.figure("failed") == failed)
        chosen = self.titles()[:2]
        self.places()
        for number in range(2):
            self.click("#gallery .choose input", number)
        self.eventually("they are counted", lambda: "2 chosen" in (self.text("#bulk") or ""))
        self.assertTrue(self.read_out("2 chosen"))
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
                # Found and clicked in one step: the page draws the failures anew when it likes.
                self.assertTrue(self.driver.execute_script("const e = document.querySelector('#failures .acts button.quiet'); e?.click(); return e !== null"))
                self.confirm("failed video")
                self.eventually("it is done", lambda: "They stand under" in (self.text("#progress") or ""))
                # Until the page has heard of it, its first button is that of the reason which is dismissed already.
                dismissed = self.sql("SELECT count(*) FROM thumbnails.dismissed")[0][0]
                self.eventually("and in the figures", lambda: f"{dismissed} dismissed" in self.text("[data-figure=failed]"))
                self.assertEqual(self.driver.execute_script("const r = document.querySelector('#progress').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth"), True, f"{width}×{height}")
                self.picture(f"progress-{width}")
                self.axe("progress")
                self.click("#progress [data-name=close]")
                self.assertFalse(self.find("#progress").is_displayed())
        finally:
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
        self.click("#failures h3 a[href*='class=media']")
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
        self.click("#failures h3 a[href*='class=source']")
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

    def test_05_one_thing_at_a_time(self):
        self.search("/?state=failed")
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (path, options) => { if (options.method === 'POST' && JSON.parse(options.body).batch > 0) await new Promise((r) => late.push(r)); return real(path, options); }""")
        self.click("#gallery .choose input")
        self.click("#bulk [data-name=dismiss-chosen]")
        self.confirm("Dismiss 1 failed video?")
        self.eventually("it is under way", lambda: self.driver.execute_script("return late.length") == 1)
        self.assertNotIn("Another action", self.text("#progress"))
        self.click("#retry-all")
        self.eventually("what else is asked for is refused, in words", lambda: "Another action is still under way" in self.text("#progress"))
        self.picture("under-way")
        self.axe("with an action that is refused")
        self.driver.execute_script("late.forEach((r) => r())")
        self.eventually("the first one ends", lambda: "1 of 1 dismissed." in self.text("#progress"))
        self.eventually("and the words with it", lambda: "Another action" not in self.text("#progress"))
        self.assertFalse(self.find("#confirm").get_property("open"))
        self.driver.refresh()
        self.sql("DELETE FROM thumbnails.dismissed")

    def test_05_one_question_at_a_time(self):
        """What is still counted when another question is opened does not take its place: both would get the one answer."""
        self.search("/?state=failed")
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (path, options) => { if (options.method === 'POST') await new Promise((r) => late.push(r)); return real(path, options); }""")
        self.eventually("what failed", lambda: self.find("#retry-all").is_displayed())
        self.click("#retry-all")
        self.eventually("it is counted", lambda: self.driver.execute_script("return late.length") == 1)
        self.click("#pause")
        self.eventually("another question", lambda: "Pause the making" in (self.text("#confirm h2") or ""))
        self.driver.execute_script("late.forEach((r) => r())")
        self.eventually("it is said", lambda: "Another question was open, so nothing was done." in self.driver.execute_script("return document.querySelector('#progress').textContent"))
        self.assertIn("Pause the making", self.text("#confirm h2"))
        self.find("#confirm button.secondary").click()
        self.click("#progress [data-name=close]")
        self.driver.execute_script("late.length = 0")
        self.click("#retry-all")
        self.eventually("it is counted", lambda: self.driver.execute_script("return late.length") == 1)
        self.driver.execute_script("late.forEach((r) => r())")
        self.eventually("asked again, it asks", lambda: "Retry" in (self.text("#confirm h2") or "") and self.find("#confirm").is_displayed())
        self.find("#confirm button.secondary").click()

    def test_05_a_time_is_that_of_the_click(self):
        self.search("/?state=failed&within=24h")
        self.eventually("all that match", lambda: self.all("#bulk [data-name=dismiss-all]"))
        self.driver.execute_script("const real = fetch; window.sent = []; window.fetch = (path, options) => (options.body && sent.push(JSON.parse(options.body)), real(path, options))")
        time.sleep(4)
        clicked = time.time()
        self.click("#bulk [data-name=dismiss-all]")
        self.eventually("the question says it", lambda: "changed since" in (self.text("#confirm .which") or ""))
        self.find("#confirm button.secondary").click()
        since = datetime.datetime.fromisoformat(self.driver.execute_script("return sent[0].filter.since").replace("Z", "+00:00")).timestamp()
        self.assertGreater(since, clicked - 24 * 3600 - 2, "not of when the button was drawn")

    def test_05_what_is_chosen_meanwhile_stays(self):
        """While batch follows batch, choices, what is typed and the focus stay."""
        self.search("/?state=failed")
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (path, options) => {
            if (options.method !== 'POST' || JSON.parse(options.body).batch === 0) return real(path, options);
            await new Promise((r) => late.push(r));
            return new Response(JSON.stringify({success: true, processed: 1, remaining: 3 - late.length}));
          }""")
        self.click("#bulk [data-name=dismiss-all]")
        self.confirm("failed videos?")
        batches = lambda: self.driver.execute_script("return late.length")
        self.eventually("the first batch", lambda: batches() == 1)
        self.driver.execute_script("late[0]()")
        self.eventually("the second one", lambda: batches() == 2)
        self.click("#gallery .choose input")
        self.driver.execute_script("document.querySelector('#narrow').open = true; document.querySelector('#find-host').value = 'typed'; document.querySelector('#filters [data-value=pending]').focus()")
        self.driver.execute_script("late[1]()")
        self.eventually("the third one", lambda: batches() == 3)
        self.assertIn("1 chosen", self.text("#bulk"))
        self.assertEqual(self.driver.execute_script("return [document.querySelector('#find-host').value, document.activeElement.dataset.value]"), ["typed", "pending"])
        self.driver.execute_script("late[2]()")
        self.eventually("it ends", lambda: "They stand under" in (self.text("#progress") or ""))
        self.assertIn("1 chosen", self.text("#bulk"))

    def test_05_retry_a_selection(self):
        self.search("/?state=failed&class=request")
        chosen = self.eventually("those that were cancelled", lambda: self.attributes("#gallery .choose input", "value")[:2])
        for value in chosen:
            self.click(f"#gallery .choose input[value='{value}']")
        self.click("#bulk [data-name=retry-chosen]")
        self.confirm("Retry 2 videos?")
        self.eventually("it is done", lambda: "2 of 2 started again." in (self.text("#progress") or ""))
        started = "SELECT count(DISTINCT video_id) FROM thumbnails.events WHERE class = 'manual' AND video_id = ANY (%s::uuid[])"
        self.assertEqual(self.sql(started, chosen)[0][0], 2, "these two")
        self.assertEqual(self.sql("SELECT count(*) FROM videos WHERE thumbnail_generation_status = 'pending' AND id = ANY (%s::uuid[])", chosen)[0][0], 2)

    def test_06_pause(self):
        self.search("/")
        self.eventually("who has paused it", lambda: "All making is paused by The test: nothing is made" in (self.text("#notices") or ""))
        self.eventually("the tab tells it", lambda: self.driver.title == "(1) Thumbnails" and "icon-warning" in self.find("link[rel=icon]").get_attribute("href"))
        self.click("#pause")
        self.eventually("the question", lambda: self.find("#confirm").is_displayed())
        self.click("#confirm input[value=tenant]")
        self.find("#pause-name").send_keys("  ")
        self.find("#confirm button[value=go]").click()
        self.assertTrue(self.find("#confirm").is_displayed(), "a name that is left blank is not everybody")
        self.find("#pause-name").send_keys(UPLOADER)
        self.find("#pause-why").send_keys("sends the same file again and again")
        field = self.find("#person-name")
        field.clear()
        field.send_keys("Bob")
        self.picture("pause")
        self.axe("pausing")
        self.find("#confirm button[value=go]").click()
        self.eventually("an uploader is paused", lambda: "Making for uploader" in self.text("#notices") and "paused by Bob: sends the same file" in self.text("#notices"))
        self.assertRegex(self.text("#notices"), r"\d\d:\d\d:\d\d\.", "a time that stays as it is is read out once")
        self.whole_picture("paused")
        self.axe("paused")
        self.find("#language").click()
        self.eventually("in Chinese", lambda: "全部生成任务由 The test 暂停：nothing is made" in self.text("#notices"))
        self.picture("paused-chinese")
        self.find("#language").click()
        self.assertEqual(self.sql("SELECT host FROM thumbnails.breakers WHERE class = 'manual' ORDER BY host")[1][0][:7], "tenant ")
        resume = lambda what="Making for uploader": self.click("#notices .notice button", what)
        resume()
        self.eventually("resumed", lambda: "Making for uploader" not in self.text("#notices"))
        self.click("#pause")
        self.eventually("the question", lambda: self.find("#confirm").is_displayed())
        self.click("#confirm input[value=host]")
        self.find("#pause-name").send_keys("node-7")
        self.find("#confirm button[value=go]").click()
        self.eventually("a host is paused", lambda: "Making on node-7" in self.text("#notices"))
        self.assertEqual(self.sql("SELECT class FROM thumbnails.breakers WHERE host = 'node-7'"), [("manual",)])
        resume("Making on node-7")
        self.eventually("resumed", lambda: "node-7" not in self.text("#notices"))
        # From a video of theirs.
        self.sign_in(TOKEN, f"/#video={self.sql('SELECT id FROM videos WHERE user_id = %s LIMIT 1', UPLOADER)[0][0]}")
        self.eventually("its uploader", lambda: self.all("#timeline [data-name=pause]"))
        self.click("#timeline [data-name=pause]")
        self.eventually("the question", lambda: self.find("#confirm").is_displayed() and self.find("#confirm input[value=tenant]").is_selected())
        self.find("#confirm button[value=go]").click()
        self.eventually("paused", lambda: "Making for uploader" in self.text("#notices"))
        self.click("#timeline [data-name=close]")
        resume()
        self.eventually("resumed", lambda: "Making for uploader" not in self.text("#notices"))

    def test_06_pause_that_fails(self):
        self.search("/")
        self.eventually("it is paused", lambda: self.all("#notices .warning button"))
        self.driver.execute_script("""
          const real = fetch; window.looks = 0;
          window.fetch = (path, options) => options.method === 'POST' ? Promise.resolve(new Response('{"success":false,"error":"planted"}', {status: 503})) : (looks += 1, real(path, options))""")
        for ask in (lambda: self.click("#pause") or self.confirm("Pause the making of thumbnails"), lambda: self.click("#notices .warning button")):
            ask()
            self.eventually("why", lambda: "The server says: planted" in self.text("#notices"))
            looks = self.driver.execute_script("return looks")
            self.eventually("it looks again", lambda: self.driver.execute_script("return looks") > looks + 5)
            self.assertIn("The server says: planted", self.text("#notices"), "that stays until somebody has read it")
            self.axe("what was not done")
        self.click("#notices .error button")
        self.eventually("it has been read", lambda: "planted" not in self.text("#notices"))
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "main", "whoever closed it is not sent to the top of the page")

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
