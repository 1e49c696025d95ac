"""Drives the status page in Chromium against the running stack. Started by suites/status-page.bash, in the order of the names."""

import json
import os
import re
import time
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser_test import BASE, DEMO, TOKEN, WORK, BrowserTest, start

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Page(BrowserTest):
    def test_01_sign_in(self):
        self.driver.get(BASE + "/")
        self.eventually("the form", lambda: self.find("#sign-in").is_displayed())
        self.picture("sign-in")
        self.axe("sign-in")
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "token", "the field has the focus")
        self.find("#token").send_keys("wrong-secret-of-some-length", Keys.ENTER)
        self.eventually("the wrong secret is named", lambda: self.text("#token-error") == "This secret is not accepted.")
        self.assertFalse(self.find("#board").is_displayed())
        self.assertIsNone(self.driver.execute_script("return sessionStorage.getItem('thumbnails-token')"), "a wrong secret is not kept")
        self.find("#token").send_keys("秘密", Keys.ENTER)
        self.eventually("what no header can hold", lambda: self.text("#token-error") == "This secret is not accepted.")
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("the figures", lambda: self.figure("success") and self.find("#board").is_displayed())
        self.assertIsNone(self.driver.execute_script("return localStorage.getItem('thumbnails-token')"), "kept in this tab only")

    def test_02_empty(self):
        self.sql("DELETE FROM videos")
        self.sql("DELETE FROM thumbnails.events; DELETE FROM thumbnails.hourly_totals")
        self.sign_in()
        self.eventually("an empty gallery says what comes", lambda: "No video yet" in (self.text("#gallery-empty") or ""))
        self.eventually("no rate where nothing has ended", lambda: self.figure("success") == "–")
        self.assertEqual(self.all(".skeleton"), [], "no shape stays behind")
        self.assertIn("Nothing happened", self.text("#chart"))
        self.assertIn("No video has failed", self.text("#failures"))
        self.whole_picture("empty")
        self.axe("empty")

    def test_03_loading(self):
        self.sign_in()
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_script("sessionStorage.setItem('slow', '1')")
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
          if (sessionStorage.getItem('slow')) { const real = fetch; window.fetch = async (...a) => { await new Promise((r) => setTimeout(r, 3000)); return real(...a); }; }"""})
        self.driver.get(BASE + "/")
        self.eventually("shapes of what is to come", lambda: len(self.all(".figure.skeleton")) == 6, 3)
        self.assertEqual(self.text("#liveness"), "Connecting…")
        self.picture("loading")
        self.eventually("then the figures", lambda: self.figure("success"))
        self.driver.execute_script("sessionStorage.removeItem('slow')")

    def test_04_a_video_appears_by_itself(self):
        self.sign_in()
        video = self.insert("A holiday")
        self.eventually("its card", lambda: self.card(video) and self.card(video).get_attribute("data-status") == "completed")
        picture = self.in_shadow(self.card(video).find_element(By.CSS_SELECTOR, "video-thumbnail"), "img")
        self.eventually("its picture is loaded", lambda: self.driver.execute_script("return arguments[0].complete && arguments[0].naturalWidth === 960", picture))
        self.assertEqual(picture.get_attribute("alt"), "A holiday")
        self.eventually("the figures follow", lambda: self.figure("success") == "100%")

    def test_05_numbers_agree_with_the_views(self):
        for n in range(3):
            self.insert(f"Video {n}")
        self.insert("Broken", BASE + "/videos/none.mp4")
        self.sign_in()
        self.eventually("all has ended", lambda: self.health()[2:4] == (0, 0))
        # Waiting for its second attempt the broken one counts as failed.
        completed, failed, processing, pending, rate, mean = self.health()
        self.assertEqual((completed, failed), (4, 1))
        self.eventually("failed", lambda: self.figure("failed") == str(failed))
        self.eventually("the others", lambda: [self.figure(name) for name in ("processing", "pending", "success")] == [str(processing), str(pending), f"{float(rate):g}%"])
        shown, unit = self.figure("mean").split()
        seconds = float(shown.replace(",", "")) / (1000 if unit == "ms" else 1)
        self.assertAlmostEqual(seconds, float(mean), delta=0.02)
        self.assertIn("4 of 5", self.text("[data-figure=success] .note"))
        self.assertIn("4 completed", self.text("#chart .legend"))
        self.assertIn("1 failed", self.text("#chart .legend"))
        by_hour = "SELECT sum(value) FROM thumbnails.hourly_totals WHERE measure = 'completed'"
        self.eventually("the history is added up", lambda: self.sql(by_hour)[0][0] == 4)

    def test_06_a_failure_with_its_reason_and_its_retry(self):
        video = self.insert("Private", "http://10.0.0.1/video.mp4")
        self.sign_in()
        self.eventually("its reason", lambda: "an address that is not public" in (self.text("#failures") or ""))
        failure = next(a for a in self.all("#failures article") if "not public" in a.text)
        self.assertIn("The URL may not be fetched", self.text("#failures"), "with the remedy of its class")
        self.assertIn("forbidden · 1", self.text("#failures h3"), "under its class")
        self.axe("with failures")
        self.click(failure.find_element(By.CSS_SELECTOR, f"a[href='#video={video}']"))
        self.eventually("its time line", lambda: "Attempt failed" in (self.text("#timeline") or ""))
        self.picture("timeline-failed")
        self.axe("time line")
        self.sql("UPDATE videos SET video_url = %s WHERE id = %s AND thumbnail_generation_status = 'failed'", DEMO, video)
        self.eventually("a corrected URL is a new start", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))

        # Failed again, without anybody being told, and this time the button does it.
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_url = NULL, thumbnail_generation_error = 'planted',"
                 " thumbnail_generation_error_code = 'media' WHERE id = %s", video)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        button = self.eventually("the button", lambda: next(iter(self.all("#timeline [data-name=retry]")), None))
        self.click(button)
        self.eventually("it is done", lambda: "The thumbnail is there." in (self.text("#timeline") or ""))
        self.assertEqual(self.sql("SELECT thumbnail_generation_status FROM videos WHERE id = %s", video)[0][0], "completed")
        self.assertIn("Started again by hand", self.text("#timeline"))
        for words in ("Chosen second", "Bytes read", "Where the time went", "uploading"):
            self.assertIn(words, self.text("#timeline"))
        self.picture("timeline")

    def test_07_keyboard(self):
        self.sign_in()
        self.eventually("a card", lambda: self.all("#gallery .title"))
        link = self.find("#gallery .title")
        self.driver.execute_script("arguments[0].focus()", link)
        link.send_keys(Keys.ENTER)
        self.eventually("the time line opens", lambda: self.find("#timeline").get_attribute("open") is not None)
        self.eventually("with the focus inside", lambda: self.driver.execute_script("return document.querySelector('#timeline').contains(document.activeElement)"))
        self.press(Keys.ESCAPE)
        self.eventually("Escape closes it", lambda: self.find("#timeline").get_attribute("open") is None)
        # The dialog's close event is a task of its own, after the attribute is gone.
        self.eventually("the address is the page's again", lambda: "#video" not in self.driver.current_url)
        self.driver.refresh()
        self.eventually("the figures", lambda: self.figure("success"))
        self.find("body").send_keys(Keys.TAB)
        self.assertIn("skip", self.driver.switch_to.active_element.get_attribute("class"), "the first stop leads to the content")
        names = []
        for _ in range(110):
            self.press(Keys.TAB)
            names.append(self.driver.execute_script(
                "const e = document.activeElement; return e.id || e.dataset.value || e.className || e.localName"))
        for name in ("language", "sign-out", "24h", "7d", "retry-all", "find-text", "failed", "title"):
            self.assertIn(name, names, "reached by Tab")

    def test_08_retry_in_the_gallery(self):
        video = self.insert("Again", "http://10.0.0.1/again.mp4")
        self.sign_in()
        card = self.eventually("failed", lambda: self.card(video) and self.card(video).get_attribute("data-status") == "failed" and self.card(video))
        # Where nobody is told: as if the network had been mended.
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("UPDATE videos SET video_url = %s WHERE id = %s", DEMO, video)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        button = self.in_shadow(card.find_element(By.CSS_SELECTOR, "video-thumbnail"), "button")
        self.assertEqual(button.get_attribute("aria-label"), "Retry: Again")
        self.click(button)
        self.eventually("completed", lambda: self.card(video) and self.card(video).get_attribute("data-status") == "completed")

    def test_09_hostile_titles(self):
        script = self.insert("<script>window.taken = 1</script><img src=x onerror='window.taken = 1'>")
        arabic = self.insert("فيديو عن البحر ‮gpj.exe")
        long = self.insert("W" * 5000)
        self.sign_in()
        blank = self.insert("\u200b \u202e")
        self.eventually("nothing of it can be seen", lambda: self.card(blank) and self.card(blank).find_element(By.CSS_SELECTOR, ".title").text == "Untitled")
        for video in (script, arabic, long, blank):
            self.eventually("its card", lambda: self.card(video) and self.card(video).get_attribute("data-status") == "completed")
        self.assertEqual(self.card(script).find_element(By.CSS_SELECTOR, ".title").text, "<script>window.taken = 1</script><img src=x onerror='window.taken = 1'>")
        self.assertEqual(self.driver.execute_script("return getComputedStyle(arguments[0]).direction", self.card(arabic).find_element(By.CSS_SELECTOR, ".title")), "rtl")
        self.driver.get(f"{BASE}/#video={script}")
        self.eventually("its time line", lambda: "<script>" in (self.text("#timeline-title") or ""))
        self.driver.get(BASE + "/#")
        self.driver.refresh()
        self.eventually("the figures", lambda: self.figure("success"))
        self.sql("UPDATE videos SET thumbnail_url = 'javascript:window.taken=1' WHERE id = %s", script)
        time.sleep(5)
        self.sql("UPDATE videos SET thumbnail_metadata = %s, created_at = '-infinity' WHERE id = %s", json.dumps({"container": {"a": 1}, "width": "x", "secret": "http://x/?sig=1"}), arabic)
        self.driver.get(f"{BASE}/#video={arabic}")
        self.eventually("odd metadata stops nothing", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))
        self.assertNotIn("sig=1", self.driver.page_source)
        self.driver.get(BASE + "/#")
        self.driver.refresh()
        self.eventually("the figures", lambda: self.figure("success"))
        self.assertIsNone(self.driver.execute_script("return window.taken ?? null"), "nothing of it was run")
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 1280, "nothing is pushed out of the page")
        self.whole_picture("board")
        self.sql("DELETE FROM videos WHERE id IN %s", (script, long, blank))

    def test_10_languages(self):
        self.sign_in()
        self.find("#language").click()
        self.assertEqual(self.text("#figures-now"), "当前")
        self.assertEqual(self.driver.find_element(By.TAG_NAME, "html").get_attribute("lang"), "zh-CN")
        self.eventually("all of it", lambda: "失败" in self.text("#failures-title") and "成功率" in self.text("#figures"))
        self.sign_in()
        self.assertEqual(self.text("#figures-now"), "当前", "the choice is remembered")
        leftovers = self.driver.execute_script("""
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT); const found = [];
          for (let n = walker.nextNode(); n; n = walker.nextNode()) if (/^[A-Z][a-z]+ [a-z]+ [a-z]/.test(n.textContent.trim()) && !n.parentElement.closest('h3, .title, #timeline, [hidden]')) found.push(n.textContent);
          return found""")
        self.assertEqual(leftovers, [], "no sentence is left in English")
        self.whole_picture("chinese")
        self.axe("Chinese")
        # What the server says, too: known sentences in Chinese, others as they are.
        said = self.driver.execute_async_script("""
          const [sentences, done] = arguments; import('/app/errors.js').then(({ explained }) => done(sentences.map(explained)))""",
          ["the origin answered 503 (server error)", "CineForm video (CFHD) is not read: convert it, to H.264 or AV1, say", "The handler is not running or broke off", "planted", "x the video is encrypted",
           "videos are decoded without a box, because MEDIA_SANDBOX is off, on a, b", "programs of several versions run: 0.9.0 on a, 1.0.0 on b",
           "the relay on a was last heard of at 2030-01-31T12:00:00.000Z: it has ended, or does not reach the database",
           "the relay on a polls: notifications do not come through, as behind a pooler in transaction mode: give it a direct connection by RELAY_DATABASE_URL",
           "the relay on a wakes nobody: auto-generate-thumbnail answers 401", "the video crashed its decoder (signal 11)"])
        self.assertEqual(said, ["来源返回 503（服务器错误）", "不支持 CineForm 视频（CFHD）：请转换为 H.264 或 AV1 等格式", "处理程序没有运行或已中断", "planted", "x the video is encrypted",
                                "a, b 上的视频未在沙箱中解码：MEDIA_SANDBOX 已关闭", "正在运行多个版本的程序：0.9.0 on a, 1.0.0 on b",
                                "a 上的中继程序最后一次出现于 2030-01-31T12:00:00.000Z：已经结束，或无法连接数据库",
                                "a 上的中继程序在轮询：收不到通知（例如位于事务模式的连接池之后），请用 RELAY_DATABASE_URL 给它一个直接连接",
                                "a 上的中继程序无法唤醒工作进程：auto-generate-thumbnail 返回 401", "视频使解码进程崩溃（信号 11）"])
        # Whatever a row can say, as the programs have it, is known.
        sentences = set()
        for file in ("Media/ForeignFile", "Media/MediaFile", "Media/FrameChoice", "Common/Transfer/SourceError+status", "Common/Transfer/SourceFetcher", "Common/Transfer/RangedSource",
                     "Common/DecoderClient/DecoderDown", "Common/Uploads/S3Refusal", "Decoder/JobServer", "Decoder/SourceGaveOut"):
            with open(f"{ROOT}/Sources/{file}.swift") as source:
                lines = [line for line in source if not line.lstrip().startswith("//")]
            found = {re.sub(r"\\\((?:[^()]|\([^()]*\))*\)", "7", text) for text in re.findall(r'"((?:[^"\\]|\\\((?:[^()]|\([^()]*\))*\))*)"', "".join(lines))}
            found = {text for text in found if re.match("(the|more than) (file|video|origin|object store|deadline|[0-9]+ requests)\\b", text)}
            self.assertTrue(found, file)
            sentences |= found
        sentences |= {"the object store answered 403 AccessDenied: the key may not do this in R2_BUCKET_NAME", "the object store answered 400 AuthorizationHeaderMalformed: look at S3_REGION: the store says auto",
                      "the object store answered 301 no code: look at S3_ENDPOINT, S3_REGION (the bucket is in eu-west-1) and S3_ADDRESSING: the store names s3.example.com", "the deadline passed while decoding the video",
                      "the video URL carries credentials", "the video URL is malformed: x"}
        said = self.driver.execute_async_script("""
          const [sentences, done] = arguments; import('/app/errors.js').then(({ explained }) => done(sentences.filter((text) => /[a-z]{2,} [a-z]{2,} /.test(explained(text)))))""", sorted(sentences))
        self.assertEqual(said, [], "not in Chinese")
        self.find("#language").click()
        self.assertEqual(self.text("#figures-now"), "Now")
        other = start("zh-CN,zh")
        try:
            other.get(BASE + "/")
            WebDriverWait(other, 10).until(lambda d: d.find_element(By.CSS_SELECTOR, "#sign-in h2").text == "登录")
        finally:
            other.quit()

    def test_11_dark(self):
        self.scheme("dark")
        try:
            self.sign_in()
            self.assertEqual(self.driver.execute_script("return getComputedStyle(document.body).backgroundColor"), "rgb(15, 19, 32)")
            self.axe("dark")
            self.whole_picture("dark")
        finally:
            self.scheme("light")

    def test_12_phone(self):
        self.metrics(360, 740, True)
        try:
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
        finally:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

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
        try:
            for language in ("en", "zh"):
                self.eventually("the figures", lambda: self.figure("success"))
                # No look changes what is shown: none begins, and one under way has ended.
                self.driver.execute_script("window.fetch = () => new Promise(() => {})")
                time.sleep(1)
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
                self.driver.refresh()
                self.eventually("the figures", lambda: self.figure("success"))
                self.find("#language").click()
        finally:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.assertEqual(self.driver.execute_script("return document.documentElement.lang"), "en")

    def test_12_failed_cards_show_their_reason(self):
        video = self.insert("No such file", BASE + "/videos/none.mp4")
        self.sign_in()
        reason = lambda: self.card(video) and self.card(video).find_element(By.CSS_SELECTOR, ".reason").text
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
        self.click("#timeline [data-name=close]")
        self.find("#language").click()
        self.sql("DELETE FROM videos WHERE id = %s", video)

    def test_13_server_down(self):
        self.sign_in()
        before = self.figure("failed")
        self.control("stop", "nginx")
        try:
            self.eventually("it is said", lambda: "cannot be reached" in (self.text("#notices") or ""))
            self.assertEqual(self.figure("failed"), before, "what was seen last stays")
            self.assertIn("No answer since", self.text("#liveness"))
            self.picture("server-down")
        finally:
            self.control("start", "nginx")
        self.eventually("it comes back by itself", lambda: self.text("#liveness") == "Live" and not self.text("#notices"), 60)
        self.control("stop", "retry-stuck-thumbnails:*")
        try:
            self.eventually("no handler: nginx says so", lambda: "The handler is not running" in (self.text("#notices") or ""))
        finally:
            self.control("start", "retry-stuck-thumbnails:*")
        self.eventually("it comes back by itself", lambda: self.text("#liveness") == "Live", 60)

    def test_14_offline(self):
        self.sign_in()
        self.driver.execute_cdp_cmd("Network.enable", {})
        conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **conditions})
        try:
            self.eventually("it is said", lambda: "This device is offline" in (self.text("#notices") or ""))
        finally:
            self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **conditions})
        self.eventually("back at once", lambda: self.text("#liveness") == "Live")

    def test_15_conditions(self):
        self.sign_in()
        self.sql("UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled'")
        self.eventually("switched off", lambda: "switched off" in (self.text("#notices") or ""))
        self.sql("UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled'")
        for host in ("worker-1", "worker-2"):
            self.sql("INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error)"
                     " VALUES ('storage', %s, 6, '{}', now() + interval '1 hour', 'the store answered 403')", host)
        self.eventually("the store, and whose", lambda: "The object store refuses thumbnails of worker-1, worker-2 (the store answered 403)" in (self.text("#notices") or ""))
        self.picture("store-refuses")
        self.sql("UPDATE thumbnails.breakers SET open_until = now() - interval '1 second' WHERE host = 'worker-1'")
        self.eventually("one of them goes on", lambda: "thumbnails of worker-2 (" in (self.text("#notices") or ""))
        self.sql("DELETE FROM thumbnails.breakers")
        self.eventually("over", lambda: not self.text("#notices"))
        self.sql("SELECT thumbnails.note_worker('auto-generate-thumbnail:1@bare', 'auto-generate-thumbnail', 'bare', 1, v.version, 'FastCGI', 'off', 0, 0, NULL, NULL, 0)"
                 " FROM (SELECT min(version) AS version FROM thumbnails.workers) AS v")
        self.eventually("no box", lambda: "videos are decoded without a box, because MEDIA_SANDBOX is off, on bare" in (self.text("#notices") or ""))
        self.picture("no-box")
        self.sql("DELETE FROM thumbnails.workers WHERE host = 'bare'")
        self.eventually("over", lambda: not self.text("#notices"))
        self.sql("INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (gen_random_uuid(), 'finished', '22000', 'odd')")
        self.eventually("what could not be queued", lambda: "1 change of videos could not be queued" in (self.text("#notices") or ""))
        self.sql("DELETE FROM thumbnails.set_aside")
        self.eventually("over", lambda: not self.text("#notices"))

    def test_15_results_the_platform_refuses(self):
        self.sql("CREATE FUNCTION bad_deploy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'column \"foo\" does not exist'; END $$")
        self.sql("CREATE TRIGGER bad_deploy BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION bad_deploy()")
        video = self.insert("Refused")
        self.sign_in()
        self.eventually("that it is kept", lambda: "Finished results that are kept: 1." in (self.text("#notices") or ""))
        self.assertIn('column "foo" does not exist', self.text("#notices"), "and what the platform says")
        self.assertEqual(len(self.all("#notices p")), 1, "which is said once")
        self.assertIn("results kept: 1", self.text("[data-figure=pending] .note"))
        self.picture("kept")
        self.axe("with a result that is kept")
        self.find("#language").click()
        self.eventually("in Chinese", lambda: "已保留 1 个完成的结果" in self.text("#notices"))
        self.assertIn("已保留结果 1 个", self.text("[data-figure=pending] .note"))
        self.find("#language").click()
        self.driver.get(f"{BASE}/#video={video}")
        self.eventually("its time line", lambda: "The platform refuses the result, which is kept" in (self.text("#timeline") or ""))
        self.assertIn("class platform", self.text("#timeline"))
        self.sql("DROP TRIGGER bad_deploy ON videos")
        self.sql("DROP FUNCTION bad_deploy()")
        self.eventually("written when the platform takes it", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))
        self.assertEqual(self.text("#timeline").count("A worker took it"), 1, "and not made again")
        self.assertNotIn("class kept", self.text("#timeline"))
        self.click("#timeline [data-name=close]")
        self.eventually("over", lambda: not self.text("#notices"))

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
        article = next(a for a in self.all("#failures article") if "planted" in a.text)
        self.assertIn("250", article.text)
        self.click(article.find_element(By.TAG_NAME, "button"))
        self.eventually("it asks", lambda: "Retry 250 videos?" in (self.text("#confirm") or ""))
        self.picture("confirm")
        self.axe("a question")
        self.find("#confirm button.secondary").click()
        self.assertEqual(self.sql("SELECT count(*) FROM videos WHERE thumbnail_generation_error = 'planted'")[0][0], 250, "no is no")
        self.click(next(a for a in self.all("#failures article") if "planted" in a.text).find_element(By.TAG_NAME, "button"))
        self.eventually("it asks", lambda: self.find("#confirm").is_displayed())
        self.find("#confirm button[value=go]").click()
        self.eventually("progress is seen", lambda: " of 250 started again" in (self.text("#progress") or ""))
        self.eventually("to its end", lambda: "250 of 250 started again" in (self.text("#progress") or ""), 60)
        self.eventually("all get their thumbnail", lambda: self.sql("SELECT count(*) FROM videos WHERE title LIKE 'many%%' AND thumbnail_generation_status <> 'completed'")[0][0] == 0, 90)

    def test_17_element(self):
        self.driver.get(BASE + "/elements/")
        self.eventually("the states", lambda: len(self.all("video-thumbnail")) == 9)
        words = self.driver.execute_script("return Array.from(document.querySelectorAll('.demo video-thumbnail')).map((e) => e.shadowRoot.textContent)")
        self.assertEqual(words[:8], ["Waiting…", "Generating…", "!FailedRetry", "", "等待生成…", "生成中…", "!生成失败重试", "生成中…"])
        self.eventually("the demo fails", lambda: "Failed" in self.driver.execute_script("return live.shadowRoot.textContent"))
        self.click(self.in_shadow(self.find("#live"), "button"))
        self.assertEqual(self.text("#said"), 'retry {"videoId":"demo"}')
        self.eventually("and then has its picture", lambda: self.driver.execute_script("return live.shadowRoot.querySelector('img').naturalWidth") == 960)
        self.whole_picture("element")
        self.axe("documentation")
        self.driver.execute_script("live.shadowRoot.querySelector('[role=slider]').focus()")
        self.eventually("its tiles", lambda: ActionChains(self.driver).send_keys(Keys.END).perform()
                        or self.driver.execute_script("return live.shadowRoot.querySelector('.time')?.textContent") == "0:50")
        self.picture("element-tiles")
        # Every sentence there is in both languages, one of them at a time.
        seen = {}
        for name, other in (("en", "zh-CN"), ("zh-CN", "en")):
            self.assertEqual(self.driver.execute_script("return document.documentElement.lang"), name)
            self.assertTrue(all(e.is_displayed() for e in self.all(f"main p[lang={name}], main span[lang={name}]")))
            self.assertFalse(any(e.is_displayed() for e in self.all(f"main p[lang={other}], main span[lang={other}], .tools span[lang={other}]")))
            seen[name] = len(self.all(f"[lang={name}]:not(html, button, video-thumbnail)"))
            loose = self.driver.execute_script("""
              const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT); const found = [];
              for (let n = walker.nextNode(); n; n = walker.nextNode()) if (n.textContent.trim() && !n.parentElement.closest('[lang]:not(html), pre, figcaption, td:not(:last-child)')) found.push(n.textContent);
              return found""")
            self.assertEqual(loose, [], "no sentence is in one language alone")
            self.assertEqual(self.driver.execute_script("return live.lang"), name)
            self.find("#language").click()
        self.assertEqual(seen["en"], seen["zh-CN"])
        self.find("#language").click()
        self.whole_picture("element-chinese")
        self.axe("documentation in Chinese")
        self.find("#language").click()
        self.metrics(360, 740, True)
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 360)
        self.whole_picture("element-phone")
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        # By polling a URL of the site's own.
        polled = os.path.join(WORK, "state/public/videos/polled.json")

        def answer(**row):
            with open(polled + ".new", "w") as file:
                json.dump(row, file)
            os.chmod(polled + ".new", 0o644)
            os.rename(polled + ".new", polled)

        answer(thumbnail_url=None, thumbnail_generation_status="processing")
        self.driver.execute_script("""
          window.heard = []; const e = document.createElement('video-thumbnail'); e.id = 'polling'; e.lang = 'en'; e.videoId = 'v1'; e.interval = 1; e.poll = '/videos/polled.json';
          document.addEventListener('statuschange', (event) => heard.push(event.detail)); document.querySelector('main').append(e)""")
        self.eventually("asked", lambda: "Generating" in self.driver.execute_script("return polling.shadowRoot.textContent"))
        os.remove(polled)
        time.sleep(1.5)
        self.assertIn("Generating", self.driver.execute_script("return polling.shadowRoot.textContent"), "an answer that fails changes nothing")
        answer(thumbnail_url="/icon.svg", thumbnail_generation_status="completed")
        self.eventually("asked again", lambda: self.driver.execute_script("return polling.status") == "completed")
        self.assertEqual(self.driver.execute_script("return heard"), [{"videoId": "v1", "status": "processing"}, {"videoId": "v1", "status": "completed"}])
        count = "return performance.getEntriesByName(new URL('/videos/polled.json', location).href).length"
        asked = self.driver.execute_script(count)
        time.sleep(2.5)
        self.assertEqual(self.driver.execute_script(count), asked, "and not once it is completed")
        self.driver.execute_script("polling.src = 'javascript:alert(1)'")
        self.assertIsNone(self.in_shadow(self.find("#polling"), "img[src]"), "only pictures are shown")
        self.driver.execute_script("polling.removeAttribute('poll'); polling.src = '/icon.svg'; polling.status = 'failed'")
        self.assertEqual(self.in_shadow(self.find("#polling"), ".badge").text.split(), ["Failed", "Retry"], "with an old picture, too, it can be tried again")
        self.assertEqual(self.driver.execute_script("polling.interval = 3000000; return polling.interval"), 3600)
        self.driver.execute_script("polling.status = 'completed'; polling.src = '/none.jpg'; polling.scrollIntoView()")
        self.eventually("what cannot be loaded is said", lambda: "Picture unavailable" in self.driver.execute_script("return polling.shadowRoot.textContent"))

    def test_18_hidden_tabs_ask_less(self):
        self.sign_in()
        count = "return performance.getEntriesByType('resource').filter((e) => e.name.includes('retry-stuck')).length"
        self.driver.execute_script("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
        time.sleep(5)
        before = self.driver.execute_script(count)
        time.sleep(10)
        self.assertLessEqual(self.driver.execute_script(count) - before, 3, "one look at most")
        self.driver.execute_script("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        self.eventually("seen again, it looks at once", lambda: self.driver.execute_script(count) > before, 3)

    def test_19_signing_out_forgets(self):
        self.sign_in()
        self.find("#sign-out").click()
        self.assertTrue(self.find("#sign-in").is_displayed())
        self.assertIsNone(self.driver.execute_script("return sessionStorage.getItem('thumbnails-token')"))
        self.assertEqual(self.find("#board").is_displayed(), False)
        for part in ("#figures", "#chart", "#failures", "#gallery", "#timeline"):
            self.assertEqual(self.driver.execute_script("return document.querySelector(arguments[0]).childElementCount", part), 0, f"nothing stays in {part}")

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

    def plant_failure(self, title):
        video = self.insert(title)
        self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_generation_status FROM videos WHERE id = %s", video)[0][0] == "completed")
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_url = NULL, thumbnail_generation_error = 'planted',"
                 " thumbnail_generation_error_code = 'media' WHERE id = %s", video)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        return video

    def test_21_the_outcome_of_a_retry_stays_with_its_video(self):
        one, other = self.plant_failure("One"), self.plant_failure("Other")
        self.sign_in()
        self.driver.get(f"{BASE}/#video={one}")
        button = self.eventually("the button", lambda: next(iter(self.all("#timeline [data-name=retry]")), None))
        self.driver.execute_script("""
          const real = fetch; window.late = [];
          window.fetch = async (path, options) => { const answer = await real(path, options); if (options.method === 'POST') await new Promise((r) => late.push(r)); return answer; }""")
        self.click(button)
        self.eventually("it is under way", lambda: self.driver.execute_script("return late.length") == 1)
        self.driver.get(f"{BASE}/#video={other}")
        self.eventually("another one is shown", lambda: (self.text("#timeline-title") or "") == "Other")
        self.driver.execute_script("late.forEach((r) => r())")
        time.sleep(5)
        self.assertEqual(self.text("#timeline .hint[role=status]"), "", "nothing is said of it there")
        self.assertNotIn("failed again", self.text("#timeline"))
        self.sql("DELETE FROM videos WHERE id IN %s", (one, other))
        self.eventually("a video that goes meanwhile", lambda: "There is no such video" in (self.text("#timeline") or ""))

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
        self.eventually("then it is there", lambda: "No video matches" in (self.text("#gallery-empty") or ""), 60)

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

    def test_26_the_console_is_clean(self):
        problems = [line["message"] for line in self.driver.get_log("browser")
                    if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"] and "ERR_" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
