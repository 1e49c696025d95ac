"""The page in other shapes: dark, phones, figures of any length, ten thousand videos."""


from browser_test import BASE, DEMO


class Shapes:
    def test_11_dark(self):
        self.scheme("dark")
        self.sign_in()
        self.assertEqual(self.driver.execute_script("return getComputedStyle(document.body).backgroundColor"), "rgb(15, 19, 32)")
        self.axe("dark")
        self.whole_picture("dark")

    def test_12_phone(self):
        self.metrics(360, 740, True)
        self.sign_in()
        self.eventually("the chart", lambda: self.all("#chart svg"))
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 360)
        self.axe("360 px")
        self.metrics(360, 2600, True)
        self.picture("phone")
        self.metrics(360, 740, True)
        video = self.sql("SELECT id FROM videos WHERE thumbnail_generation_status = 'completed' LIMIT 1")[0][0]
        self.driver.get(f"{BASE}/#video={video}")
        self.eventually("the time line", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))
        self.assertLessEqual(self.driver.execute_script("return document.querySelector('#timeline').scrollWidth"), 360)
        self.picture("phone-timeline")
        self.sql("UPDATE videos SET title = %s WHERE id = %s", "A title that goes on " * 40, video)
        self.eventually("a long title", lambda: "goes on" in (self.text("#timeline-title") or ""))
        for width, height in ((360, 740), (320, 480), (740, 360)):
            self.metrics(width, height, True)
            for place in (0, 300, 100000):
                self.driver.execute_script("document.querySelector('#timeline').scrollTop = arguments[0]", place)
                self.assertTrue(self.driver.execute_script("""
                  const close = document.querySelector('#timeline [data-name=close]'), box = close.getBoundingClientRect();
                  return document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2) === close"""), f"Close is in reach at {place} of {width}×{height}")
            self.picture(f"phone-timeline-{width}")
        self.axe("phone, scrolled")
        self.sql("UPDATE videos SET title = 'A holiday' WHERE id = %s", video)

    def test_12_low_windows(self):
        """As a window of 1280 by 1024 that is enlarged four times."""
        self.insert("Low")
        self.sign_in()
        self.metrics(320, 256)
        self.eventually("a card", lambda: self.all("#gallery .choose input"))
        self.driver.execute_script("document.querySelector('#gallery .choose input').click()")
        self.eventually("one is chosen", lambda: "chosen" in self.find("#bulk").get_attribute("class"))
        self.driver.execute_script("document.querySelector('#gallery .video:last-child').scrollIntoView({block: 'start', behavior: 'instant'})")
        self.assertEqual(self.driver.execute_script("return ['.bar', '#bulk'].map((s) => document.querySelector(s).getBoundingClientRect()).filter((r) => r.bottom > 0 && r.top < innerHeight).length"), 0, "no bar covers what is looked at")
        self.picture("low")

    def test_12_figures_fit(self):
        """Every figure lies within its card at every width, in the fonts that Debian, macOS and Windows come with or ones as wide."""
        self.sign_in()
        report = {"health": {"completedCount": 123456789, "failedCount": 12345678, "processingCount": 1234567, "pendingCount": 120000, "dismissedCount": 1234567, "successRatePercent": 99.99,
                             "successRateWithoutBadUploadsPercent": 99.99, "avgGenerationTimeSeconds": 0.9994,
                             "lastDay": {"meanSeconds": 8.8, "p95Seconds": 5999 * 3600, "completed": 12345678, "failed": 1234567, "badUploads": 123456,
                                         "successRatePercent": 90.91, "successRateWithoutBadUploadsPercent": 91.74}},
                  "lanes": [{"lane": lane, "due": 1234567, "oldestDueSeconds": 5999 * 86400} for lane in range(4)],
                  "queue": {"due": 1, "leased": 1, "later": 1, "kept": 12345, "oldestDueSeconds": 5999 * 86400, "overAnHour": 7, "expiredLeases": 1234},
                  "exhaustedCount": 1234567, "restartableCount": 1234567, "failedClasses": [{"class": "source", "exhausted": 1234567, "retried": 0}], "failureReasons": 1234,
                  "failures": [{"error": "the origin answered 503 (server error)", "class": "source", "count": 1234567, "exhausted": 1234567, "restartable": 1234567, "lastOccurrence": "2026-01-01T00:00:00Z",
                                "videoIds": ["00000000-0000-4000-8000-000000000000"] * 5}]}
        for language in ("en", "zh"):
            self.eventually("the figures", lambda: self.figure("success"))
            self.hold_still()
            self.driver.execute_async_script("""
              const [report, done] = arguments; Promise.all([import('/app/figures.js'), import('/app/failures.js'), import('/app/chart.js')]).then(([a, b, c]) => {
                const hours = Array.from({length: 24}, (_, i) => ({hour: new Date(Date.now() - i * 3600e3).toISOString(), announced: 1, completed: 123456 + i, failed: i, meanSeconds: 1})).reverse();
                a.showFigures(report, hours, () => {}); b.showFailures(report, () => {});
                window.drawChart = () => { c.clearChart(); c.showChart(hours); }; done(); })""", report)
            for font in ("DejaVu Sans", "Inter", "Open Sans"):
                self.driver.execute_script("""
                  const sheet = new CSSStyleSheet(); sheet.replaceSync(`body { font-family: "${arguments[0]}", "Noto Sans CJK SC" }`); document.adoptedStyleSheets = [sheet]""", font)
                self.assertTrue(self.driver.execute_script("""
                  const pen = document.createElement('canvas').getContext('2d');
                  return new Set(['monospace', 'serif'].map((other) => { pen.font = `40px "${arguments[0]}", ${other}`; return pen.measureText('mmiill0123').width; })).size === 1""", font), f"{font} is there")
                for width in [*range(320, 1120, 16), *range(1120, 2561, 80)]:
                    self.metrics(width, 900)
                    out = self.driver.execute_script("""
                      const found = [];
                      drawChart();
                      for (const card of document.querySelectorAll('.figure, .failure, .segments, .segments button, .head button')) {
                        const box = card.getBoundingClientRect();
                        const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
                        for (let n = walker.nextNode(); n; n = walker.nextNode()) {
                          const range = document.createRange(); range.selectNodeContents(n);
                          for (const r of range.getClientRects()) if (r.width && (r.left < box.left - 0.5 || r.right > box.right + 0.5 || r.bottom > box.bottom + 0.5)) found.push(n.textContent);
                        }
                      }
                      for (const value of document.querySelectorAll('.figure .value')) if (value.getClientRects()[0].height > 1.5 * parseFloat(getComputedStyle(value).lineHeight)) found.push('in two lines: ' + value.textContent);
                      const ticks = Array.from(document.querySelectorAll('#chart .tick')).map((e) => [e, e.getBoundingClientRect()]);
                      const chart = document.querySelector('#chart').getBoundingClientRect();
                      for (const [e, r] of ticks) if (r.left < chart.left - 0.5 || r.right > chart.right + 0.5) found.push(`tick ${e.textContent}`);
                      for (const [e, r] of ticks) for (const [f, q] of ticks) if (e !== f && r.left < q.right && q.left < r.right && r.top < q.bottom && q.top < r.bottom) found.push(`ticks ${e.textContent} ${f.textContent}`);
                      if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
                      return found""")
                    self.assertEqual(out, [], f"{width} px, {font}, {language}")
                self.assertTrue(self.figure("failed").startswith("12,345,678"), "and these were the figures")
                self.assertEqual(len(self.all(".figure")), 11, "all of them")
                for width in (320, 1280):
                    self.metrics(width, 1000)
                    self.picture(f"figures-{width}-{font.split()[0].lower()}-{language}")
            self.reload()
            self.find("#language").click()

    def test_12_failed_cards_show_their_reason(self):
        video = self.insert("No such file", BASE + "/videos/none.mp4")
        self.sign_in()
        reason = lambda: self.text(f"#gallery [data-key='{video}'] .reason")
        self.eventually("its reason", lambda: reason() == "the origin answered 404 (not found)")
        self.find("#language").click()
        self.eventually("in Chinese", lambda: reason() == "来源返回 404（不存在）")
        self.assertIn("来源返回 404（不存在）", self.text("#failures"))
        self.assertIn("来源（source） · ", self.text("#failures"))
        self.whole_picture("reason-chinese")
        self.driver.get(f"{BASE}/#video={video}")
        self.eventually("its time line", lambda: "第 1 次尝试" in (self.text("#timeline") or ""))
        self.assertIn("来源返回 404（不存在）", self.text("#timeline"))
        self.picture("timeline-chinese")
        self.axe("time line in Chinese")
        self.sql("DELETE FROM videos WHERE id = %s", video)

    def test_16_ten_thousand_videos(self):
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("""INSERT INTO videos (title, status, video_url, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
                      thumbnail_generation_attempts, thumbnail_generation_last_attempt_at, created_at)
                    SELECT 'many ' || n, 'completed', %s, CASE WHEN n > 250 THEN 'https://pictures.example/' || n END, CASE WHEN n > 250 THEN 'completed' ELSE 'failed' END,
                           CASE WHEN n <= 250 THEN 'planted' END, CASE WHEN n <= 250 THEN 'source' END, 3, now() - n * interval '1 minute', now() - n * interval '1 minute'
                      FROM generate_series(1, 10000) AS n""", DEMO)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        self.sql("""INSERT INTO thumbnails.hourly_totals SELECT date_trunc('hour', now(), 'UTC') - n * interval '1 hour', m, l, v * (10 + n * 7 %% 23)
                      FROM generate_series(1, 160) AS n, (VALUES ('completed', '', 20.0), ('failed', 'source', 1.0)) AS x (m, l, v)
                    ON CONFLICT DO NOTHING""")
        self.sign_in()
        completed, failed = self.health()[:2]
        self.assertGreater(completed, 9700)
        self.eventually("the figures", lambda: self.figure("failed") == f"{failed:,}")
        self.click("#filters [data-value=failed]")
        self.eventually("a page of them", lambda: len(self.all("#gallery .video")) == 24)
        self.assertIn(f"{failed:,} in all", self.text("#total"))
        first = self.text("#gallery .title")
        self.click("#next")
        self.eventually("the next page", lambda: "Page 2 of 11" in self.text("#page") and self.text("#gallery .title") not in (None, first))
        self.click("#filters [data-value=recent]")
        self.eventually("what happened last", lambda: len(self.all("#gallery .video")) == 24)
        self.click("#more")
        self.eventually("and more", lambda: len(self.all("#gallery .video")) == 72)
        self.click("#windows [data-value='7d']")
        self.eventually("seven days", lambda: len(self.all("#chart .column")) == 168)
        self.whole_picture("ten-thousand")
        self.axe("many")
        # All of one reason, with confirmation and visible progress.
        self.assertIn("250", self.failure("planted"))
        self.click("#failures article button", "planted")
        self.eventually("it asks", lambda: "Retry 250 videos?" in (self.text("#confirm") or ""))
        self.picture("confirm")
        self.axe("a question")
        self.find("#confirm button.secondary").click()
        self.assertEqual(self.sql("SELECT count(*) FROM videos WHERE thumbnail_generation_error = 'planted'")[0][0], 250, "no is no")
        self.click("#failures article button", "planted")
        self.eventually("it asks", lambda: self.find("#confirm").is_displayed())
        self.find("#confirm button[value=go]").click()
        self.eventually("progress is seen", lambda: " of 250 started again" in (self.text("#progress") or ""))
        self.eventually("to its end", lambda: "250 of 250 started again" in (self.text("#progress") or ""))
        self.eventually("all get their thumbnail", lambda: self.sql("SELECT count(*) FROM videos WHERE title LIKE 'many%%' AND thumbnail_generation_status <> 'completed'")[0][0] == 0)
