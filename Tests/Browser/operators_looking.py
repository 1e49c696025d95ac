"""What operators see besides videos: machinery, what pg_net got back, keys, figures that lead to their videos."""

from browser_test import ROOT


class Looking:
    def test_10_machinery(self):
        self.search("/")
        self.sql("INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', 'worker-1', 6, '{}', now() + interval '4 min', 'the store answered 403')")
        self.eventually("a breaker, and its next trial", lambda: "worker-1" in (self.text("#machinery") or "") and ("in 4 min" in self.text("#machinery") or "in 3 min" in self.text("#machinery")))
        self.eventually("the tab tells it", lambda: "icon-error" in self.find("link[rel=icon]").get_attribute("href"))
        self.sql("DELETE FROM thumbnails.breakers WHERE class = 'storage'")
        # What the report may tell besides.
        self.hold_still()
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
              { status: null, timedOut: true, error: null, posts: 2, lastAt: at(600), problem: "no worker was free in time, or the handlers' host does not answer" }],
            decoderEnds: { lastDay: { crash: 1 }, total: { crash: 3, stood_still: 2 } } });
            f.showFigures({ health: { completedCount: 900, failedCount: 50, processingCount: 1, pendingCount: 3, dismissedCount: 2, needsGenerationCount: 4, successRatePercent: 94.7, successRateWithoutBadUploadsPercent: 100, avgGenerationTimeSeconds: 1.4,
              lastDay: { meanSeconds: 1.2, p95Seconds: 3.4, completed: 90, failed: 6, badUploads: 4, successRatePercent: 93.8, successRateWithoutBadUploadsPercent: 97.8 } },
              queue: { due: 2, leased: 1, later: 0, kept: 0, oldestDueSeconds: 70, overAnHour: 0, expiredLeases: 0 }, exhaustedCount: 5,
              lanes: [{ lane: 0, due: 1, oldestDueSeconds: 2 }, { lane: 2, due: 1, oldestDueSeconds: 70 }] }); done(); })""", hour)
        self.assertNotIn("NaN", self.text("#figures"), "each figure has its value, or the report above lacks it")
        told = self.text("#machinery")
        for words in ("1 busy, 1 idle, 1 silent", "media-1", "Attempt 2", "no sandbox", "polls", "notifications do not come through", "crashed", "delivered", "429", "name it under geo", "timed out", "no worker was free"):
            self.assertIn(words, told)
        self.assertEqual([self.figure(name) for name in ("success", "sound", "day-success", "day-sound")], ["94.7%", "100%", "93.8%", "97.8%"], "each rate by itself")
        self.assertIn("fresh: oldest due for 2 sec", self.text("[data-figure=pending]"))
        self.whole_picture("machinery")
        self.axe("machinery")
        said = self.driver.execute_async_script("""
          const done = arguments[0]; Promise.all([import('/app/errors.js'), import('/app/language.js')]).then(([{ explained }, { language }]) => {
            language.switch(); const said = ["pg_net: 3 of the last 9 posts were answered 401: the handlers do not know the secret, or what is in front of them removes the Authorization header", "pg_net: 1 of the last 9 posts timed out: no worker was free in time, or the handlers' host does not answer"].map(explained);
            language.switch(); done(said); })""")
        self.assertEqual(said, ["pg_net：最近 9 次请求中有 3 次得到 401：处理程序不认识该密钥，或其前面的服务去掉了 Authorization 标头", "pg_net：最近 9 次请求中有 1 次超时：没有及时空闲的工作进程，或处理程序的主机没有应答"], "what a sentence quotes is in Chinese, too")

    def test_10_what_pg_net_got_back(self):
        """As the report tells it, with a stand-in for the tables of pg_net."""
        self.search("/")
        self.eventually("the workers", lambda: self.all("[data-machine=workers]"))
        self.assertEqual(self.all("[data-machine=pg_net]"), [], "nothing where there is no pg_net")
        with open(f"{ROOT}/Tests/Support/pg_net.sql") as file:
            self.sql(file.read())
        self.sql("""INSERT INTO thumbnails.pg_net_posts (request_id) SELECT generate_series(-9, -1) ON CONFLICT DO NOTHING;
                    INSERT INTO net._http_response (id, status_code, timed_out, error_msg) VALUES (-1, 202, false, NULL), (-2, 202, false, NULL), (-3, 401, false, NULL)""")
        try:
            self.eventually("what came back", lambda: "the handlers do not know the secret" in (self.text("[data-machine=pg_net]") or ""))
            rows = self.texts("[data-machine=pg_net] tbody tr")
            self.assertRegex(rows[0], "^202\t2\t.*\tdelivered$")
            self.assertRegex(rows[1], "^401\t1\t.*\tthe handlers do not know the secret, or what is in front of them removes the Authorization header$")
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
        self.click("#gallery .title")
        shown(titles[0])
        self.assertFalse(self.find("#timeline [data-name=previous]").is_enabled())
        self.press("j")
        shown(titles[1])
        self.click("#timeline [data-name=next]")
        shown(titles[2])
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("data-name"), "next", "the focus stays on the button")
        self.picture("ways")
        self.axe("from one to the next")
        self.press("k")
        shown(titles[1])
        address = self.driver.current_url
        # One that was tried again meanwhile waits for its next attempt.
        self.click("#timeline :is([data-name=dismiss], [data-name=cancel])")
        self.eventually("it is asked", lambda: self.find("#confirm").get_property("open"))
        self.press("j")
        self.assertEqual(self.driver.current_url, address, "the video that is asked about stays behind the question")
        self.driver.execute_script("document.querySelector('#timeline .timeline').id = 'asked'")
        self.click("#confirm [type=button]")
        self.eventually("it is shown anew", lambda: not self.all("#asked"))
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
        self.reload()
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
        self.click("[data-figure=sound] .note a")
        self.eventually("all of them", lambda: self.total() == f"{expected} in all" and self.find("#find-class").get_attribute("value") == "media,forbidden")
        self.sql("UPDATE videos SET thumbnail_generation_error_code = CASE title WHEN 'Clip 14' THEN 'media' ELSE 'source' END WHERE title IN ('Clip 14', 'Clip 15')")
        self.search("/")
        self.eventually("the figures", lambda: self.figure("throughput"))
        self.sql("INSERT INTO thumbnails.dismissed (video_id, last_attempt_at) SELECT id, thumbnail_generation_last_attempt_at FROM videos WHERE title = 'Clip 14'")
        try:
            self.eventually("a note that counts some, too", lambda: self.all("[data-figure=failed] .note a"))
            self.click("[data-figure=failed] .note a")
            self.eventually("them", lambda: self.titles() == ["Clip 14"] and "state=dismissed" in self.driver.current_url)
        finally:
            self.sql("DELETE FROM thumbnails.dismissed")
