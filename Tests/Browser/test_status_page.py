"""Drives the status page in Chromium against the running stack. Started by suites/status-page.bash, in the order of the names."""

import glob
import json
import os
import re
import time
import unittest

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser_test import BASE, DEMO, ROOT, TOKEN, BrowserTest, start
from page_element import PageOfTheElement
from page_shapes import Shapes
from page_faults import Faults
from page_life import Life


class Page(Shapes, Faults, Life, PageOfTheElement, BrowserTest):
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
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "main", "the focus is where the form was")
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
        with self.script_of_every_page("const real = fetch, held = new Promise((r) => { window.letGo = r; }); window.fetch = async (...a) => { await held; return real(...a); }"):
            self.driver.get(BASE + "/")
        self.eventually("shapes of what is to come", lambda: len(self.all(".figure.skeleton")) == 6)
        self.assertEqual(self.text("#liveness"), "Connecting…")
        self.picture("loading")
        self.driver.execute_script("letGo()")
        self.eventually("then the figures", lambda: self.figure("success"))

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
        self.assertAlmostEqual(seconds, float(mean), delta=0.02 if unit == "ms" else 0.06, msg="but for its last digit")
        self.assertIn("4 of 5", self.text("[data-figure=success] .note"))
        self.assertIn("4 completed", self.text("#chart .legend"))
        self.assertIn("1 failed", self.text("#chart .legend"))
        with self.contrast():
            key, bar = (self.driver.execute_script("return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", *of) for of in ((".key.completed", "backgroundColor"), (".chart .completed", "fill")))
            self.assertEqual(key, bar, "with a contrast theme, too, the legend has the colours of the bars")
            self.picture("contrast")
        by_hour = "SELECT sum(value) FROM thumbnails.hourly_totals WHERE measure = 'completed'"
        self.eventually("the history is added up", lambda: self.sql(by_hour)[0][0] == 4)

    def test_06_a_failure_with_its_reason_and_its_retry(self):
        video = self.insert("Private", "http://10.0.0.1/video.mp4")
        self.sign_in()
        self.eventually("its reason", lambda: "an address that is not public" in (self.text("#failures") or ""))
        self.failure("not public")
        self.assertIn("The URL may not be fetched", self.text("#failures"), "with the remedy of its class")
        self.assertIn("forbidden · 1", self.text("#failures h3"), "under its class")
        self.axe("with failures")
        self.click(f"#failures a[href='#video={video}']")
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
        self.eventually("the button", lambda: self.all("#timeline [data-name=retry]"))
        self.click("#timeline [data-name=retry]")
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
        self.reload()
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
        self.eventually("nothing of it can be seen", lambda: self.text(f"#gallery [data-key='{blank}'] .title") == "Untitled")
        for video in (script, arabic, long, blank):
            self.eventually("its card", lambda: self.card(video) and self.card(video).get_attribute("data-status") == "completed")
        self.assertEqual(self.text(f"#gallery [data-key='{script}'] .title"), "<script>window.taken = 1</script><img src=x onerror='window.taken = 1'>")
        self.assertEqual(self.driver.execute_script("return getComputedStyle(arguments[0]).direction", self.card(arabic).find_element(By.CSS_SELECTOR, ".title")), "rtl")
        self.driver.get(f"{BASE}/#video={script}")
        self.eventually("its time line", lambda: "<script>" in (self.text("#timeline-title") or ""))
        self.driver.get(BASE + "/#")
        self.reload()
        self.sql("UPDATE videos SET thumbnail_url = 'javascript:window.taken=1' WHERE id = %s", script)
        time.sleep(5)
        self.sql("UPDATE videos SET thumbnail_metadata = %s, created_at = '-infinity' WHERE id = %s", json.dumps({"container": {"a": 1}, "width": "x", "secret": "http://x/?sig=1"}), arabic)
        self.driver.get(f"{BASE}/#video={arabic}")
        self.eventually("odd metadata stops nothing", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))
        self.assertNotIn("sig=1", self.driver.page_source)
        self.driver.get(BASE + "/#")
        self.reload()
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
           "the relay on a was last heard from at 2030-01-31T12:00:00.000Z: it has ended, or does not reach the database",
           "the relay on a polls: notifications do not come through, as behind a pooler in transaction mode: give it a direct connection by RELAY_DATABASE_URL",
           "the relay on a wakes nobody: auto-generate-thumbnail answers 401", "the relay on a wakes nobody: auto-generate-thumbnail answers 403, and not as a handler does: a web server or gateway in front of it lets nobody through", "the video crashed its decoder (signal 11)"])
        self.assertEqual(said, ["来源返回 503（服务器错误）", "不支持 CineForm 视频（CFHD）：请转换为 H.264 或 AV1 等格式", "处理程序没有运行或已中断", "planted", "x the video is encrypted",
                                "a, b 上的视频未在沙箱中解码：MEDIA_SANDBOX 已关闭", "正在运行多个版本的程序：0.9.0 on a, 1.0.0 on b",
                                "a 上的中继程序最后一次出现于 2030-01-31T12:00:00.000Z：已经结束，或无法连接数据库",
                                "a 上的中继程序在轮询：收不到通知（例如位于事务模式的连接池之后），请用 RELAY_DATABASE_URL 给它一个直接连接",
                                "a 上的中继程序无法唤醒工作进程：auto-generate-thumbnail 返回 401",
                                "a 上的中继程序无法唤醒工作进程：返回 403 的不是处理程序，而是它前面的 Web 服务器或网关，请求没有通过", "视频使解码进程崩溃（信号 11）"])
        # Whatever a row can say, as the programs have it, is known.
        sentences = set()
        for path in glob.glob(f"{ROOT}/Sources/**/*.swift", recursive=True):
            with open(path) as source:
                lines = [line for line in source if not line.lstrip().startswith("//")]
            # Line by line: a quote within an interpolation would turn all that follow in the file inside out.
            found = {re.sub(r"\\\((?:[^()]|\([^()]*\))*\)", "7", text) for line in lines for text in re.findall(r'"((?:[^"\\]|\\\((?:[^()]|\([^()]*\))*\)|\\[^(])*)"', line)}
            sentences |= {text for text in found if re.match("(the|a|more than) (file|video|origin|object store|local store (could|is)|deadline|host|port|redirect|URL|database (cannot|did|is|refused)|answer (ended|is longer|is no)|head of|[0-9]+ requests)\\b", text) and len(text.split()) > 3}
        self.assertGreater(len(sentences), 60)
        sentences |= {"the object store answered 403 AccessDenied: the key may not do this in R2_BUCKET_NAME", "the object store answered 400 AuthorizationHeaderMalformed: look at S3_REGION: the store says auto",
                      "the object store answered 301 no code: look at S3_ENDPOINT, S3_REGION (the bucket is in eu-west-1) and S3_ADDRESSING: the store names s3.example.com", "the deadline passed while decoding the video",
                      "the video's codec is not read: convert it, to H.264 or AV1, say", "a video whose duration is not known gets no storyboard",
                      "Dolby Vision in colours of its own (profile 5): they are near, for the metadata that shapes them is not applied", "the video URL carries credentials", "the video URL is malformed: port number was not a decimal number between 0 and 65535",
                      "the video URL is malformed: unsupported number of slashes following scheme", "the video URL is malformed: no host part in the URL",
                      *(f"the origin cannot be reached: TLS: {reason}" for reason in ("certificate has expired", "certificate is not yet valid (is this host's clock behind?)", "self-signed certificate",
                        "unable to get local issuer certificate", "no alternative certificate subject name matches target host name", "wrong version number")),
                      "the deadline passed while making the storyboard",
                      "Wrong configuration in system_config: supabase_url is the base URL, without /functions/v1, thumbnail_handlers_url is no plain http:// or https:// URL, webhook_secret holds control characters",
                      "Missing configuration in system_config: thumbnail_handlers_url / supabase_url, or its row level security hides it from app, who owns videos and must own it, too", "the origin answered 400 InvalidJWT (the signed URL has expired)",
                      "the object store answered 400 ExpiredToken: the temporary credentials have expired: renew both R2_ keys and S3_SESSION_TOKEN",
                      "the object store answered 403 SignatureDoesNotMatch: look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY; a proxy before the store has to leave Host, path and query as they are",
                      "the object store answered 404 NoSuchBucket: look at R2_BUCKET_NAME and S3_ADDRESSING: the store was asked for localhost",
                      "the object store answered 403 QuotaExceeded: there is no room left for R2_BUCKET_NAME",
                      "the object store answered 502 no code: no S3 API answers there: look at S3_ENDPOINT, and at a proxy before the store",
                      "the object store answered 413 no code: the store, or a proxy before it, takes no object of that size (nginx: client_max_body_size)"}
        with open(f"{ROOT}/Sources/Common/Transfer/SourceError+status.swift") as source:
            sentences |= set(re.findall(r'" \(([a-zA-Z][^")]*)\)"', source.read()))
        sentences |= self.sentences_of_the_database() | self.sentences_of_the_web_server() | self.sentences_of_the_decoder()
        said = self.driver.execute_async_script("""
          const [sentences, done] = arguments; import('/app/errors.js').then(({ explained }) => done(sentences.filter((text) => /[a-z]{2,} [a-z]{2,} /.test(explained(text).replace('idle in transaction', '')))))""", sorted(sentences))
        self.assertEqual(said, [], "not in Chinese")
        self.find("#language").click()
        self.assertEqual(self.text("#figures-now"), "Now")
        other = start("zh-CN,zh")
        try:
            other.get(BASE + "/")
            WebDriverWait(other, self.patience).until(lambda d: d.find_element(By.CSS_SELECTOR, "#sign-in h2").text == "登录")
        finally:
            other.quit()

    def sentences_of_the_database(self):
        """What the migrations write into the history, and what they report as wrong."""
        places = (r"INSERT INTO thumbnails\.events[^;]*;|put_back\([^;]*;|'storyboard: [^;]*;|RAISE EXCEPTION '[^']*platform''s [^;]*;|refusal [^;]*:= [^;]*;|\w\.detail := [^;]*;|thumbnails\.set_aside [^;]*;|"
                  r"FUNCTION thumbnails\.(?:trigger_problem|lock_problem|delivery_problems|pg_net_answers|pg_net_queue_problem)\(.*?\n\$\$;|'processProblems'.*?\], NULL|'failed before[^;]*;")
        texts = set()
        for path in glob.glob(f"{ROOT}/migrations/026/*.sql") + glob.glob(f"{ROOT}/migrations/0[3-9]*.sql"):
            with open(path) as source:
                # A literal that is continued on the next line is one.
                code = re.sub(r"'\s*\n\s*'", "", re.sub(r"--[^\n]*", "", source.read()))
            for part in re.findall(places, code, re.S):
                texts |= {text.replace("''", "'") for text in re.findall(r"'((?:[^'\n]|'')*)'", part)}
        # What is given a name at its end has one.
        texts = {re.sub(r"%(\d\$)?[sIL]", "7", re.sub(r" $", " 7", text)) for text in texts if re.match(r"[a-z_]+[\w.]*:? ", text)}
        sentences = {text for text in texts if len(text.split()) > 2 and not re.search(r"[={}]|[A-Z]{6,} [A-Z]{2,}|::", text.split(":")[0])}
        self.assertGreater(len(sentences), 35)
        # One that is made of parts.
        parts = {"pg_net: 7 of the last 7 posts 7: 7", "were answered 7"}
        self.assertLessEqual(parts, sentences)
        return sentences - parts | {f"pg_net: 7 of the last 7 posts {what}: 7" for what in ("were answered 7", "timed out", "failed")}

    def sentences_of_the_decoder(self):
        """Why it cannot be used."""
        sentences = set()
        for path in glob.glob(f"{ROOT}/Sources/Common/DecoderClient/*.swift") + glob.glob(f"{ROOT}/Sources/Common/Decoding/Refusal.swift") + glob.glob(f"{ROOT}/Sources/Decoder/*.swift"):
            with open(path) as source:
                code = re.sub(r"\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", "7", source.read())
            # An error of the system follows where nothing else is told.
            sentences |= {f"the decoder cannot be used: {text if '7' in text else text + ': 7'}" for text in re.findall(r'"((?:its?|no (?:socket|process)|this)\b[^"]*)"', code)}
        self.assertGreater(len(sentences), 12)
        return sentences

    def sentences_of_the_web_server(self):
        sentences = set()
        for path in glob.glob(f"{ROOT}/nginx/*.conf"):
            with open(path) as source:
                sentences |= set(re.findall(r'"error":"([^"]*)"', source.read()))
        self.assertGreater(len(sentences), 5)
        return sentences

    def plant_failure(self, title):
        video = self.insert(title)
        self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_generation_status FROM videos WHERE id = %s", video)[0][0] == "completed")
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER")
        self.sql("UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_url = NULL, thumbnail_generation_error = 'planted',"
                 " thumbnail_generation_error_code = 'media' WHERE id = %s", video)
        self.sql("ALTER TABLE videos ENABLE TRIGGER USER")
        return video

    def test_26_the_console_is_clean(self):
        problems = [line["message"] for line in self.driver.get_log("browser")
                    if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"] and "ERR_" not in line["message"]]
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
