"""What operators do on the status page, with many videos and by several at once. Started by suites/status-page.bash, in the order of the names."""

import os
import shutil
import subprocess
import unittest

from selenium.webdriver.common.keys import Keys

from browser_test import BASE, ROOT, TOKEN, BrowserTest
from chromium_test import SCREENSHOTS, WORK
from operators_finding import Finding
from operators_doing import Doing
from operators_looking import Looking
from operators_moments import Moments
from operators_common import UPLOADER


class Operators(Finding, Doing, Looking, Moments, BrowserTest):
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

    def reasons(self):
        """What failed: each reason with its count, as they stand there."""
        return self.driver.execute_script("return Array.from(document.querySelectorAll('#failures article')).map((e) => [e.querySelector('h4').textContent, e.querySelector('.count').textContent, e.querySelectorAll('.acts button').length])")

    def test_11_every_width(self):
        """Nothing is pushed out of the page or its box, with everything open and chosen."""
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
        self.eventually("their thumbnails", lambda: self.count("thumbnail_generation_status = 'completed' AND id IN ($$" + "$$, $$".join(videos) + "$$)") == len(videos))
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        # They stand for the others, too.
        self.sql("""UPDATE videos AS v SET thumbnail_url = o.thumbnail_url
                      FROM (SELECT row_number() OVER (ORDER BY id) - 1 AS n, thumbnail_url FROM videos WHERE id::text = ANY (%s)) AS o
                     WHERE v.thumbnail_url = '/icon.svg' AND o.n = substring(v.title FROM 6)::integer %% 8""", videos)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        return videos

    def test_12_pictures_of_the_documentation(self):
        """Light and dark, desktop and phone: what docs/status-page.md shows. UPDATE_DOCS=yes puts them there."""

        def shown(name):
            self.picture(name)
            if os.environ.get("UPDATE_DOCS") == "yes":
                shutil.copy(os.path.join(SCREENSHOTS, name + ".png"), f"{ROOT}/docs")

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
            for number in range(3):
                self.driver.execute_script("document.querySelectorAll('#gallery .choose input')[arguments[0]].click()", number)
            self.eventually("three are chosen", lambda: "3 chosen" in (self.text("#bulk") or ""))
            shown("status-page-chosen")
        finally:
            self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def first_paint(self):
        """Milliseconds from the start of loading until the list is there."""
        with self.script_of_every_page("""
          const look = () => document.querySelector('#gallery[aria-busy=false] .video') ? window.listAt = Math.round(performance.now()) : requestAnimationFrame(look); look();"""):
            self.sign_in(address="/?state=failed")
            return self.eventually("the list", lambda: self.driver.execute_script("return window.listAt"))

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
        self.eventually("to its end", lambda: f"{expected:,} of {expected:,} dismissed." in (self.text("#progress") or ""))
        self.eventually("the figures follow", lambda: self.figure("failed") == f"{20_000 - expected:,}")
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
            self.eventually("and on the board", lambda: self.all("body.stale"))
            self.picture("progress-waits")
            self.axe("what is old")
        finally:
            self.control("start", "nginx")
        self.eventually("it goes on", lambda: "cannot be reached" not in self.text("#progress"))
        self.driver.execute_script("window.refuse = true")
        self.eventually("a button to go on", lambda: self.all("#progress [data-name=go-on]"))
        self.assertIn("The server says: planted", self.text("#progress"))
        self.assertIn(done, self.text("#progress"))
        self.picture("progress-stopped")
        self.axe("what was broken off")
        self.click("#progress [data-name=go-on]")
        self.eventually("to its end", lambda: f"{expected:,}{done}" in (self.text("#progress") or ""))
        self.assertEqual(self.sql("SELECT count(*), count(DISTINCT video_id) FROM thumbnails.events WHERE class = 'dismissed' AND id > %s", before)[0], (expected, expected), "each once")
        self.assertTrue(self.driver.execute_script(leaves))

    def test_14_the_console_is_clean(self):
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        problems = [line["message"] for line in self.driver.get_log("browser")
                    if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"] and "ERR_" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
