"""The page over time: hidden tabs, signing out, late answers, addresses."""

import http.server
import threading
import time
import urllib.request

from selenium.webdriver.common.keys import Keys

from browser_test import BASE, TOKEN

PATH = "/under/a/path"


class Proxy(http.server.BaseHTTPRequestHandler):
    """Serves all of it under a path of another site, and takes that path off."""

    def do_GET(self):
        if not self.path.startswith(PATH + "/"):
            return self.send_error(404)
        headers = {name: value for name, value in self.headers.items() if name == "authorization"}
        with urllib.request.urlopen(urllib.request.Request(BASE + self.path.removeprefix(PATH), headers=headers)) as answer:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            self.wfile.write(answer.read())

    def log_message(self, *_):
        pass


class Life:
    def test_18_hidden_tabs_ask_less(self):
        self.sign_in()
        count = "return performance.getEntriesByType('resource').filter((e) => e.name.includes('retry-stuck')).length"
        self.driver.execute_script("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
        time.sleep(5)
        before = self.driver.execute_script(count)
        time.sleep(10)
        self.assertLessEqual(self.driver.execute_script(count) - before, 3, "one look at most")
        self.driver.execute_script("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        self.eventually("seen again, it looks at once", lambda: self.driver.execute_script(count) > before)

    def test_19_a_browser_that_keeps_nothing(self):
        with self.script_of_every_page("for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {get() { throw new DOMException('', 'SecurityError'); }})"):
            self.driver.get(BASE + "/")
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("the secret is there until the page is left", lambda: self.figure("success"))
        self.click("#language")
        self.eventually("and the language", lambda: "当前" in self.text("#figures-now"))
        self.click("#keys")
        self.assertEqual(self.text("#keys"), "开启快捷键")

    def test_19_signing_out_forgets(self):
        self.sign_in()
        self.find("#sign-out").click()
        self.assertTrue(self.find("#sign-in").is_displayed())
        self.assertIsNone(self.driver.execute_script("return sessionStorage.getItem('thumbnails-token')"))
        self.assertEqual(self.find("#board").is_displayed(), False)
        for part in ("#figures", "#chart", "#failures", "#gallery", "#timeline"):
            self.assertEqual(self.driver.execute_script("return document.querySelector(arguments[0]).textContent", part), "", f"nothing stays in {part}")

    def test_19_a_refused_secret_keeps_the_address(self):
        video = self.insert("Linked")
        self.driver.get(BASE + "/")
        self.driver.execute_script("sessionStorage.setItem('thumbnails-token', 'an-old-secret-of-some-length')")
        self.driver.get(f"{BASE}/?state=completed#video={video}")
        self.eventually("it is refused", lambda: self.text("#token-error") == "This secret is not accepted.")
        self.driver.execute_script("const real = fetch; window.fetch = (path, options) => real(path, { ...options, headers: {} })")
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("one that does not arrive is not called wrong", lambda: (self.text("#token-error") or "").startswith("No secret arrives"))
        self.driver.refresh()
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("what the address names", lambda: "Linked" in (self.text("#timeline") or "") and self.find("#timeline").get_property("open"))
        self.driver.execute_script("document.querySelector('#sign-out').click()")
        self.eventually("signed out by hand, it names nothing any more", lambda: "#video" not in self.driver.current_url)

    def test_20_answers_that_come_too_late(self):
        """Another choice, or signing out, while a look is under way: what it brings is not shown."""
        self.sign_in()
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (...a) => { const answer = await real(...a); if (window.hold) await new Promise((r) => late.push(r)); return answer; };
          window.hold = true""")
        self.eventually("a look is under way", lambda: self.driver.execute_script("return late.length") >= 3)
        self.find("#sign-out").click()
        self.driver.execute_script("hold = false; late.forEach((r) => r())")
        time.sleep(0.5)
        self.assertTrue(self.find("#sign-in").is_displayed())
        self.assertFalse(self.find("#board").is_displayed())
        self.assertEqual(self.text("#notices"), "")
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("signed in again", lambda: self.figure("success") and self.find("#board").is_displayed())
        self.driver.execute_script("late = []; hold = true")
        self.eventually("a look is under way", lambda: self.driver.execute_script("return late.length") >= 3)
        self.click("#filters [data-value=processing]")
        self.driver.execute_script("hold = false; late.forEach((r) => r())")
        self.eventually("the list is that of the choice", lambda: "No video matches" in (self.text("#gallery-empty") or ""))

    def test_21_the_outcome_of_a_retry_stays_with_its_video(self):
        one, other = self.plant_failure("One"), self.plant_failure("Other")
        self.sign_in()
        self.driver.get(f"{BASE}/#video={one}")
        self.eventually("the button", lambda: self.all("#timeline [data-name=retry]"))
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (path, options) => { const answer = await real(path, options); if (options.method === 'POST') await new Promise((r) => late.push(r)); return answer; }""")
        self.click("#timeline [data-name=retry]")
        self.eventually("it is under way", lambda: self.driver.execute_script("return late.length") == 1)
        self.driver.get(f"{BASE}/#video={other}")
        self.eventually("another one is shown", lambda: (self.text("#timeline-title") or "") == "Other")
        self.driver.execute_script("late.forEach((r) => r())")
        time.sleep(5)
        self.assertEqual(self.text("#timeline .side > .hint"), "", "nothing is said of it there")
        self.assertNotIn("failed again", self.text("#timeline"))
        self.places()
        self.sql("DELETE FROM videos WHERE id IN %s", (one, other))
        self.eventually("a video that goes meanwhile", lambda: "There is no such video" in (self.text("#timeline") or ""))
        self.assertTrue(self.read_out("There is no such video"))

    def test_22_the_time_line_stays_where_it_is(self):
        video = self.insert("Long life")
        self.sql("INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, token, class, text) SELECT %s, 'processing', 'failed', 1, n, 'source', 'event ' || n FROM generate_series(1, 60) AS n", video)
        self.sign_in()
        self.driver.get(f"{BASE}/#video={video}")
        self.eventually("its time line", lambda: "event 60" in (self.text("#timeline") or ""))
        self.driver.execute_script("document.querySelector('#timeline').scrollTop = 900")
        self.sql("INSERT INTO thumbnails.events (video_id, from_status, to_status, attempt, token, class, text) VALUES (%s, 'processing', 'failed', 1, 61, 'source', 'event 61')", video)
        self.eventually("what is new is shown", lambda: "event 61" in (self.text("#timeline") or ""))
        self.assertGreater(self.driver.execute_script("return document.querySelector('#timeline').scrollTop"), 800)

    def test_23_an_address_that_names_no_video(self):
        for address in ("-" * 36, "x", "%3Cscript%3E"):
            self.driver.get(f"{BASE}/#video={address}")
            self.driver.refresh()
            self.eventually("the page is there all the same", lambda: self.figure("success"))
            self.assertIsNone(self.find("#timeline").get_attribute("open"))
        self.driver.get(f"{BASE}/#video=00000000-0000-4000-8000-00000000dead")
        self.eventually("a video there is none of", lambda: "There is no such video" in (self.text("#timeline") or ""))
        self.axe("no such video")
        self.click("#timeline [data-name=close]")
        self.eventually("closed", lambda: self.find("#timeline").get_attribute("open") is None)

    def test_24_a_choice_that_cannot_be_had(self):
        self.sign_in()
        self.eventually("a list", lambda: self.all("#gallery .title"))
        self.control("stop", "nginx")
        try:
            self.click("#filters [data-value=processing]")
            self.eventually("it is said", lambda: "This list could not be loaded" in (self.text("#gallery-empty") or ""))
            self.assertEqual(self.all("#gallery .title"), [], "the list of another choice is not shown under it")
            self.find("#language").click()
            self.assertEqual(self.all("#gallery .title"), [])
            self.find("#language").click()
        finally:
            self.control("start", "nginx")
        self.eventually("then it is there", lambda: "No video matches" in (self.text("#gallery-empty") or ""))

    def test_25_signed_and_long_addresses_of_pictures(self):
        signed, long = self.insert("Signed"), self.insert("Long address")
        self.eventually("their thumbnails", lambda: self.sql("SELECT count(*) FROM videos WHERE id IN %s AND thumbnail_url IS NOT NULL", (signed, long))[0][0] == 2)
        self.sql("UPDATE videos SET thumbnail_url = thumbnail_url || '?token=not-to-be-seen' WHERE id = %s", signed)
        self.sql("UPDATE videos SET thumbnail_url = %s WHERE id = %s", "data:image/png;base64," + "A" * 3000, long)
        self.sign_in()
        for video in (signed, long):
            self.eventually("what it has cannot be shown", lambda: self.card(video) and "Picture unavailable" in self.driver.execute_script(
                "return arguments[0].querySelector('video-thumbnail').shadowRoot.textContent", self.card(video)))
        self.assertNotIn("not-to-be-seen", self.driver.page_source)

    def test_25_under_a_path_of_a_proxy(self):
        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            self.driver.get(f"http://127.0.0.1:{proxy.server_port}{PATH}/")
            self.driver.execute_script("sessionStorage.setItem('thumbnails-token', arguments[0])", TOKEN)
            self.reload()
        finally:
            self.driver.get(BASE + "/")
            proxy.shutdown()
            proxy.server_close()
